/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "base/mem.h"

uint64_t test_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

char *exact_copy(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	ck_assert_ptr_nonnull(p);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

static void member(struct buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	if (out->p[out->n - 1] != '{')
		buf_add_char(out, ',');
	buf_printf(out, "\"%s\":\"%s\"", key, value);
}

static const char *otherwise(const char *value, const char *fallback)
{
	return !value ? fallback : strcmp(value, "-") == 0 ? NULL : value;
}

static void put_ref(const struct event *e, struct buf *out)
{
	buf_printf(out, ",\"objectRef\":{");
	member(out, "resource", e->resource);
	member(out, "namespace", otherwise(e->namespace, "shop"));
	member(out, "name", e->name);
	member(out, "uid", e->uid);
	member(out, "apiGroup", e->group);
	member(out, "apiVersion", "v1");
	member(out, "subresource", e->subresource);
	buf_add_char(out, '}');
}

void event_json(const struct event *e, struct buf *out)
{
	const char *uri = e->uri ? e->uri : "/api/v1/namespaces/shop/pods";

	buf_printf(out, "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"");
	member(out, "level", otherwise(e->level, "RequestResponse"));
	member(out, "auditID", "a1");
	member(out, "stage", otherwise(e->stage, "ResponseComplete"));
	member(out, "requestURI", uri);
	member(out, "verb", e->verb);
	buf_printf(out, ",\"user\":{\"username\":\"%s\",\"groups\":[\"g\"]}",
		   e->user ? e->user : "alice");
	member(out, "userAgent", e->agent ? e->agent : "kubectl/v1.36.0");
	if (e->resource)
		put_ref(e, out);
	if (e->code) {
		buf_printf(out, ",\"responseStatus\":{\"metadata\":{}");
		member(out, "message", e->message);
		buf_printf(out, ",\"code\":%d}", e->code);
	}
	if (e->request)
		buf_printf(out, ",\"requestObject\":%s", e->request);
	if (e->response)
		buf_printf(out, ",\"responseObject\":%s", e->response);
	member(out, "requestReceivedTimestamp", "2026-11-22T10:00:05.250000Z");
	member(out, "stageTimestamp", "2026-11-22T10:00:05.300000Z");
	buf_printf(out, "%s}", e->more ? e->more : "");
}

/* What came out */

static void put_time(struct buf *out, const char *label, nsec at, const char *none)
{
	char text[DURATION_TEXT];

	if (at == NSEC_NONE) {
		buf_printf(out, "%s", none);
		return;
	}
	duration_format_seconds(at - T0, text);
	buf_printf(out, "%s%s", label, text);
}

static void put_word(struct buf *out, const char *label, struct str word)
{
	if (word.p)
		buf_printf(out, "%s" STR_FMT, label, STR_ARG(word));
}

static void put_fact(struct buf *out, const struct fact *f)
{
	buf_printf(out, " | " STR_FMT "%s%s", STR_ARG(fact_kind_name(f->kind)),
		   f->written ? "!" : "", f->truth ? "+" : "");
	put_word(out, " subject:", f->subject);
	put_word(out, " reason:", f->reason);
	put_word(out, " message:", f->message);
	if (f->code)
		buf_printf(out, " code:%d", f->code);
	if (f->count)
		buf_printf(out, " count:%u", f->count);
	put_time(out, " at:", f->at, "");
	if (f->at != NSEC_NONE)
		buf_printf(out, "/%.1s", precision_name(f->precision).p);
	put_time(out, " begin:", f->begin, "");
	if (f->origin != ORIGIN_OTHER)
		put_word(out, " by ", origin_name(f->origin));
}

static int take_record(void *ctx, const struct record *r, struct err *err)
{
	struct decoded *all = ctx;

	if (all->n++)
		buf_add_char(&all->records, '\n');
	buf_printf(&all->records, STR_FMT "/" STR_FMT, STR_ARG(r->namespace), STR_ARG(r->name));
	put_word(&all->records, " uid:", r->uid);
	put_word(&all->records, " node:", r->node);
	if (r->cluster.n)
		put_word(&all->records, " cluster:", r->cluster);
	buf_printf(&all->records, " %d%s%s%s", r->status, r->object ? " object" : "",
		   r->kind == OBJECT_CLAIM ? " claim" : "", r->about_pod ? "" : " maybe");
	for (size_t i = 0; i < r->n_facts; i++)
		put_fact(&all->records, &r->facts[i]);
	buf_reset(&all->bytes);
	record_encode(r, &all->bytes);
	arena_reset(&all->arena);
	return record_decode(buf_str(&all->bytes), &all->arena, &all->last, err);
}

static void take_note(void *ctx, const struct decode_note *note)
{
	static const char *const names[] = { "malformed", "torn",  "recovered", "foreign",
					     "untimed",	  "bytes", "jump",	"mixed" };
	struct decoded *all = ctx;

	buf_printf(&all->notes, "%s%s@%llu+%zu", all->notes.n ? " " : "", names[note->kind],
		   (unsigned long long)note->position.offset, note->offset);
}

static void put_counters(struct decoded *all)
{
	const struct ingest *ingest = decoder_ingest(all->decoder);

	buf_reset(&all->counters);
	for (size_t i = 0; i < n_ingest_rows; i++) {
		const char *key = ingest_rows[i].key;
		uint64_t value = ingest_value(ingest, &ingest_rows[i]);

		if (!value || strcmp(key, "records") == 0 || strcmp(key, "podRecords") == 0 ||
		    strcmp(key, "claimRecords") == 0 || strncmp(key, "level", 5) == 0)
			continue;
		buf_printf(&all->counters, "%s%s %llu", all->counters.n ? " " : "", key,
			   (unsigned long long)value);
	}
}

void decoded_text(struct decoded *all, const char *cluster, struct str text, bool unterminated)
{
	struct decode_config config = { take_record, take_note, all };
	struct position position = { 3, 0, 17, 1000 };
	char *copy = exact_copy(text);
	struct err err = { 0 };

	if (!all->decoder)
		all->decoder = decoder_new(&config);
	ck_assert_int_eq(
	    decoder_text(all->decoder,
			 &(struct decode_text){ str_from(cluster), (struct str){ copy, text.n },
						position, unterminated },
			 &err),
	    0);
	free(copy);
	put_counters(all);
}

void decoded_event(struct decoded *all, const struct event *e)
{
	struct buf text = { 0 };

	event_json(e, &text);
	decoded_text(all, NULL, buf_str(&text), false);
	buf_free(&text);
}

void decoded_free(struct decoded *all)
{
	decoder_free(all->decoder);
	buf_free(&all->records);
	buf_free(&all->counters);
	buf_free(&all->notes);
	buf_free(&all->bytes);
	arena_free(&all->arena);
	*all = (struct decoded){ 0 };
}

uint64_t decoded_counter(const struct decoded *all, const char *key)
{
	for (size_t i = 0; i < n_ingest_rows; i++)
		if (strcmp(ingest_rows[i].key, key) == 0)
			return ingest_value(decoder_ingest(all->decoder), &ingest_rows[i]);
	ck_abort_msg("no counter %s", key);
}

void check_event(const struct event *e, const char *records, const char *counters)
{
	struct decoded all = { 0 };

	decoded_event(&all, e);
	ck_assert_str(buf_str(&all.records), str_from(records));
	ck_assert_str(buf_str(&all.counters), str_from(counters));
	ck_assert_uint_eq(decoded_counter(&all, "records"), 1);
	ck_assert_uint_eq(
	    decoded_counter(&all, "podRecords") + decoded_counter(&all, "claimRecords"), all.n);
	decoded_free(&all);
}
