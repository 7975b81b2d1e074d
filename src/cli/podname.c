/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/podname.h"

#include "base/pattern.h"
#include "base/suggest.h"

static const struct str uid_prefix = { "uid/", 4 };

/* OBJECT_KINDS: it names none. */
static enum object_kind kind_of(struct str operand)
{
	for (unsigned kind = 0; kind < OBJECT_KINDS; kind++) {
		const char *const *prefix = object_words((enum object_kind)kind)->operands;

		for (; *prefix; prefix++)
			if (str_starts(operand, str_from(*prefix)))
				return (enum object_kind)kind;
	}
	return OBJECT_KINDS;
}

bool pod_pattern_is(struct str operand)
{
	return kind_of(operand) == OBJECT_POD || str_starts(operand, uid_prefix);
}

bool object_pattern_is(struct str operand)
{
	return pod_pattern_is(operand) || kind_of(operand) != OBJECT_KINDS;
}

/* The characters of names in Kubernetes, and of patterns for them. */
static bool is_pattern(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !memchr("-.*?", s.p[i], 4))
			return false;
	return s.n > 0;
}

int pod_pattern_parse(const char *operand, struct pod_pattern *ret_pattern, struct err *err)
{
	struct str text = str_from(operand);
	struct pod_pattern p = { .text = operand };
	const struct object_words *words;
	bool good;

	if (!str_starts(text, uid_prefix))
		p.kind = kind_of(text);
	words = object_words(p.kind);
	if (str_starts(text, uid_prefix)) {
		p.uid = str_after(text, uid_prefix.n);
		good = is_pattern(p.uid);
	} else {
		str_cut(text, '/', &p.namespace, &p.name); /* the text before it is a prefix */
		if (!str_cut(p.name, '/', &p.namespace, &p.name))
			p.namespace = (struct str){ 0 };
		good = is_pattern(p.name) && (!p.namespace.p || is_pattern(p.namespace));
	}
	if (!good && p.kind != OBJECT_POD)
		return err_set(err, ERR_USAGE,
			       "'%.200s' names no %s; expected %sNAMESPACE/NAME or %sNAME "
			       "in lower case, in which '*' and '?' stand for any characters; "
			       "write './%.200s' for a path",
			       operand, words->noun, words->operands[0], words->operands[0],
			       operand);
	if (!good)
		return err_set(err, ERR_USAGE,
			       "'%.200s' names no pod; expected pod/NAMESPACE/NAME, pod/NAME or "
			       "uid/PREFIX in lower case, in which '*' and '?' stand for any "
			       "characters; write './%.200s' for a path",
			       operand, operand);
	*ret_pattern = p;
	return 0;
}

/* A pattern for a prefix: some prefix of the text matches the whole pattern. */
static bool begins(struct str pattern, struct str text)
{
	for (size_t n = 0; n <= text.n; n++)
		if (pattern_match(pattern, (struct str){ text.p, n }))
			return true;
	return false;
}

static bool matches(const struct pod_pattern *p, struct str namespace, struct str name,
		    struct str uid)
{
	if (p->uid.p)
		return uid.n && begins(p->uid, uid);
	return (!p->namespace.p || pattern_match(p->namespace, namespace)) &&
	       pattern_match(p->name, name);
}

bool pod_pattern_match(const struct pod_pattern *p, enum object_kind kind, struct str namespace,
		       struct str name, struct str uid)
{
	return (p->uid.p || p->kind == kind) && matches(p, namespace, name, uid);
}

/* Edits between two names, without their common prefix and suffix, because names are long. */
static unsigned distance(struct str a, struct str b)
{
	while (a.n && b.n && a.p[0] == b.p[0]) {
		a = str_after(a, 1);
		b = str_after(b, 1);
	}
	while (a.n && b.n && a.p[a.n - 1] == b.p[b.n - 1]) {
		a.n--;
		b.n--;
	}
	return suggest_distance(a, b);
}

/* The distance to the operand; UINT_MAX: too far. Part of a name or another namespace is near. */
static unsigned distance_of(const struct pod_pattern *p, struct str namespace, struct str name)
{
	unsigned far = p->name.n > 3 ? (unsigned)MIN(p->name.n, 40) / 3 + 1 : 1, by_name, place;

	if (p->uid.p)
		return UINT_MAX;
	by_name = p->name.n >= 2 && str_contains(name, p->name) ? 1 : distance(p->name, name);
	if (str_eq(p->name, name) || pattern_match(p->name, name))
		by_name = 0;
	if (by_name > far)
		return UINT_MAX;
	place = !p->namespace.p || pattern_match(p->namespace, namespace)
		    ? 0
		    : MIN(distance(p->namespace, namespace), 3u);
	/* a similar name in an entirely different namespace is an accident */
	return by_name && place >= 3 ? UINT_MAX : 2 * by_name + place;
}

void near_names_offer(struct near_names *near, struct str namespace, struct str name)
{
	unsigned far = distance_of(near->pattern, namespace, name);
	struct str text;
	size_t at = near->n;

	while (at && far < near->distances[at - 1])
		at--;
	if (far == UINT_MAX || at == NEAR_MAX)
		return;
	text = arena_printf(&near->arena, "%s" STR_FMT "/" STR_FMT,
			    object_words(near->pattern->kind)->operands[0], STR_ARG(namespace),
			    STR_ARG(name));
	for (size_t i = 0; i < near->n; i++)
		if (str_eq(near->names[i], text))
			return; /* another pod instance of the same name */
	near->n = MIN(near->n + 1, (size_t)NEAR_MAX);
	for (size_t i = near->n - 1; i > at; i--) {
		near->names[i] = near->names[i - 1];
		near->distances[i] = near->distances[i - 1];
	}
	near->names[at] = text;
	near->distances[at] = far;
}

void near_names_free(struct near_names *near)
{
	arena_free(&near->arena);
}
