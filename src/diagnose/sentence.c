/* SPDX-License-Identifier: Apache-2.0 */
/* Fills in the names in the sentences of rules. */
#include "base/buf.h"
#include "diagnose/hits.h"

/* "33.5s for 64.0 MB, 24.3s of it in the queue", "12s so far, since 2026-11-22T10:12:45Z" */
static struct str how_long(const struct hits *h, const struct hit *hit)
{
	char text[DURATION_TEXT], since[CLOCK_TEXT];
	struct buf out = { 0 };
	struct str ret;

	buf_add(&out, text, duration_format(hit->took, text));
	if (hit->open)
		buf_printf(&out, " so far, since %.*s",
			   (int)clock_format_in(NULL, hit->first, 0, since), since);
	if (hit->bytes > 0) {
		long long tenths = (long long)hit->bytes / 100000 + (hit->bytes % 100000 >= 50000);

		buf_printf(&out, " for %lld.%lld MB", tenths / 10, tenths % 10);
	}
	if (nsec_known(hit->waited) && hit->waited >= SECOND)
		buf_printf(&out, ", %.*s of it in the queue",
			   (int)duration_format(hit->waited, text), text);
	ret = arena_str(h->arena, buf_str(&out));
	buf_free(&out);
	return ret;
}

/* "once", "3 times within 12s" */
static struct str how_often(const struct hits *h, const struct hit *hit)
{
	char text[DURATION_TEXT];

	if (hit->times < 2)
		return STR("once");
	if (hit->last <= hit->first)
		return arena_printf(h->arena, "%u times", hit->times);
	return arena_printf(h->arena, "%u times within %.*s", hit->times,
			    (int)duration_format(hit->last - hit->first, text), text);
}

/* "it was evicted 9s later by alice"; empty: not evicted or deleted, as far as logged. */
static struct str how_deleted(const struct hits *h, const struct hit *hit)
{
	const struct deletion *d = h->t->deletion;
	const struct entry *request = d ? d->request : NULL;
	char text[DURATION_TEXT];
	bool evicted = request && str_eq(request->fact.reason, STR("eviction"));

	if (!d || !nsec_known(d->requested.at) || d->requested.at < hit->last)
		return (struct str){ 0 };
	return arena_printf(h->arena, "it was %s %.*s later%s" STR_FMT,
			    evicted ? "evicted" : "deleted",
			    (int)duration_format(d->requested.at - hit->last, text), text,
			    request && request->actor.n ? " by " : "",
			    STR_ARG(request && request->actor.n ? request->actor : STR("")));
}

/* The pod's PVCs, "data, logs". */
static struct str names_of_claims(const struct hits *h)
{
	struct str rest = h->t->object ? h->t->object->claims : (struct str){ 0 }, name,
		   all = { 0 };

	while (str_cut(rest, 0, &name, &rest))
		all = all.n ? arena_printf(h->arena, STR_FMT ", " STR_FMT, STR_ARG(all),
					   STR_ARG(name))
			    : name;
	return all;
}

struct str hit_value(const struct hits *h, const struct hit *hit, struct str name)
{
	static const struct entry none;
	const struct entry *e = hit->last_entry ? hit->last_entry : &none;
	struct str value;

	if (captures_find(&hit->captures, name, &value))
		return value;
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].rule == hit->rule && h->list[i].part == SCOPE_COUNT &&
		    str_eq(h->list[i].subject, hit->subject) &&
		    captures_find(&h->list[i].captures, name, &value))
			return value;
	if (str_eq(name, STR("subject")) || str_eq(name, STR("container")))
		return hit->subject;
	if (str_eq(name, STR("node")))
		return h->t->node;
	if (str_eq(name, STR("took")) && nsec_known(hit->took))
		return how_long(h, hit);
	if (str_eq(name, STR("often")))
		return how_often(h, hit);
	if (str_eq(name, STR("claims")))
		return names_of_claims(h);
	if (str_eq(name, STR("deleted")))
		return how_deleted(h, hit);
	if (str_eq(name, STR("exit")) && hit->last_entry)
		return arena_printf(h->arena, "%d", hit->last_entry->fact.code);
	if (str_eq(name, STR("reason")))
		return e->fact.reason;
	if (str_eq(name, STR("message")))
		return e->fact.message;
	if (str_eq(name, STR("actor")))
		return e->actor.n || !hit->first_entry ? e->actor : hit->first_entry->actor;
	return (struct str){ 0 };
}

struct str sentence_filled(const struct hits *h, const struct hit *hit, struct str sentence)
{
	struct buf out = { 0 };
	struct str head, name, otherwise, rest = sentence, done;

	while (rest.n) {
		struct str value;

		if (!str_cut(rest, '{', &head, &rest)) {
			buf_add_str(&out, rest);
			break;
		}
		buf_add_str(&out, head);
		if (!str_cut(rest, '}', &name, &rest))
			break;
		if (!str_cut(name, '|', &name, &otherwise))
			otherwise = STR("unknown");
		value = hit_value(h, hit, name);
		buf_add_str(&out, value.n ? value : otherwise);
	}
	done = arena_str(h->arena, buf_str(&out));
	buf_free(&out);
	return done;
}
