/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of rules, with what is known of a hit filled in. */
#include "base/buf.h"
#include "diagnose/internal.h"

static bool captured(const struct captures *c, struct str name, struct str *ret)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!str_eq(c->list[i].name, name))
			continue;
		*ret = c->list[i].value;
		return true;
	}
	return false;
}

/* "33.5s for 64.0 MB, 24.3s of it in the queue": of a pull, what is known of it. */
static struct str took(const struct hits *h, const struct hit *hit)
{
	char text[DURATION_TEXT];
	struct buf out = { 0 };
	struct str ret;

	buf_printf(&out, "%.*s%s", (int)duration_format(hit->took, text), text,
		   hit->open ? " so far" : "");
	if (hit->bytes > 0) {
		long long tenths = (long long)hit->bytes / 100000 + (hit->bytes % 100000 >= 50000);

		buf_printf(&out, " for %lld.%lld MB", tenths / 10, tenths % 10);
	}
	if (hit->waited != NSEC_NONE && hit->waited >= SECOND)
		buf_printf(&out, ", %.*s of it in the queue",
			   (int)duration_format(hit->waited, text), text);
	ret = arena_str(h->arena, buf_str(&out));
	buf_free(&out);
	return ret;
}

struct str hit_value(const struct hits *h, const struct hit *hit, struct str name)
{
	struct str value;

	if (captured(&hit->captures, name, &value))
		return value;
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].rule == hit->rule && h->list[i].part == SCOPE_COUNT &&
		    str_eq(h->list[i].subject, hit->subject) &&
		    captured(&h->list[i].captures, name, &value))
			return value;
	if (str_eq(name, STR("subject")) || str_eq(name, STR("container")))
		return hit->subject;
	if (str_eq(name, STR("node")))
		return h->t->node.p ? h->t->node : STR("");
	if (str_eq(name, STR("took")) && hit->took != NSEC_NONE)
		return took(h, hit);
	if (str_eq(name, STR("exit")) && hit->last_entry)
		return arena_printf(h->arena, "%d", hit->last_entry->fact.code);
	if (str_eq(name, STR("reason")) && hit->last_entry && hit->last_entry->fact.reason.p)
		return hit->last_entry->fact.reason;
	if (str_eq(name, STR("message")) && hit->last_entry && hit->last_entry->fact.message.p)
		return hit->last_entry->fact.message;
	if (str_eq(name, STR("actor")) && hit->last_entry && hit->last_entry->actor.n)
		return hit->last_entry->actor;
	if (str_eq(name, STR("actor")) && hit->first_entry && hit->first_entry->actor.n)
		return hit->first_entry->actor;
	return (struct str){ 0 };
}

struct str sentence_of(const struct hits *h, const struct hit *hit, struct str sentence)
{
	struct buf out = { 0 };
	struct str head, name, rest = sentence, done;

	while (rest.n) {
		struct str value;

		if (!str_cut(rest, '{', &head, &rest)) {
			buf_add_str(&out, rest);
			break;
		}
		buf_add_str(&out, head);
		if (!str_cut(rest, '}', &name, &rest))
			break;
		value = hit_value(h, hit, name);
		buf_add_str(&out, value.n ? value : STR("unknown"));
	}
	done = arena_str(h->arena, buf_str(&out));
	buf_free(&out);
	return done;
}
