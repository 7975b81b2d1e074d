/* SPDX-License-Identifier: Apache-2.0 */
/* Splits texts into audit events and objects, single or in lists, and recovers from damage. */
#include "kube/decode.h"

#include "base/mem.h"
#include "kube/audit.h"
#include "wrap/look.h"

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	context_free(&d->context);
	survey_free(&d->survey);
	arena_free(&d->arena);
	mem_free(d);
}

struct ingest *decoder_ingest(struct decoder *d)
{
	return &d->ingest;
}

struct context *decoder_context(struct decoder *d)
{
	return &d->context;
}

struct survey *decoder_survey(struct decoder *d)
{
	return &d->survey;
}

const struct wrapper_seen *decoder_wrappers(const struct decoder *d)
{
	return &d->wrap.seen;
}

void audit_note(struct decoder *d, enum decode_note_kind kind, const char *what, size_t offset)
{
	struct decode_note n = { kind, d->position, what, offset };

	if (d->config.note)
		d->config.note(d->config.ctx, &n);
}

void audit_malformed(struct decoder *d, const char *what, size_t offset)
{
	d->ingest.malformed++;
	d->wrap.judged++;
	audit_note(d, DECODE_MALFORMED, what, offset);
}

void audit_foreign(struct decoder *d, const char *what)
{
	d->ingest.foreign++;
	d->wrap.judged++;
	audit_note(d, DECODE_FOREIGN, what, 0);
}

void audit_bad_body(struct decoder *d, const struct json *j)
{
	audit_malformed(d, j->what, json_offset(j));
}

bool audit_body(struct decoder *d, struct str raw, struct json *ret_reader)
{
	if (!raw.n || raw.p[0] != '{')
		return false;
	*ret_reader = json_of(raw, &d->arena);
	return true;
}

/* Texts */

/* Go writes an empty list as null. */
static bool is_list(const struct audit *a)
{
	return a->items.p || str_eq(a->kind, STR("EventList"));
}

/* v1beta1 and single captured events may lack kind and apiVersion; only audit events have these
 * keys. */
static bool is_audit(const struct audit *a)
{
	if (a->api_version.n)
		return str_starts(a->api_version, STR("audit.k8s.io/")) && !is_list(a);
	return a->audit_id.n && a->stage.n && a->verb.n;
}

static int value(struct decoder *d, struct json *j, unsigned depth, struct err *err);

/* In an envelope of a log shipper, the wrapper knows the format of the text. */
static int foreign(struct decoder *d)
{
	if (!d->wrap.inside)
		audit_foreign(d, NULL);
	return 0;
}

/* A JSON object that is neither an audit event nor a list. */
static int other(struct decoder *d, const struct audit *a, struct str raw, unsigned depth,
		 struct err *err)
{
	const char *what = foreign_kind(a->kind);
	int r;

	if (what) {
		audit_foreign(d, what);
		return 0;
	}
	r = object_value(d, a, raw, err);
	if (r > 0) {
		d->wrap.taken++;
		d->wrap.judged++;
		return 0;
	}
	/* an object with the kind of its list or wrapper is no wrapper itself */
	if (r == 0 && !d->wrap.item_kind.n)
		r = wrap_object(&d->wrap, raw, depth, err);
	return r == 0 ? foreign(d) : MIN(r, 0);
}

/* PodList gives Pod: items of a list may lack a kind. */
static struct str item_kind_of(struct str list)
{
	return str_ends(list, STR("List")) ? (struct str){ list.p, list.n - 4 } : (struct str){ 0 };
}

/* Moves the position to an item of the text, so that evidence shows its line. */
static void stand_on(struct decoder *d, const char *item)
{
	const char *at = d->counted, *newline;

	if (item < at || item >= d->text_end)
		return; /* in a wrapper, where escapes were decoded */
	while ((newline = memchr(at, '\n', (size_t)(item - at))) != NULL) {
		d->position.line++;
		at = newline + 1;
	}
	d->position.offset += (uint64_t)(item - d->counted);
	d->counted = item;
}

static int too_deep(struct decoder *d)
{
	audit_foreign(d, "nested too deeply");
	return 0;
}

static int items(struct decoder *d, const struct audit *a, unsigned depth, struct err *err)
{
	const struct position begin = d->position;
	const char *counted = d->counted;
	struct str raw = a->items;
	struct json j = json_of(raw, &d->arena);
	bool inside = d->wrap.inside;
	int r = 0;

	if (depth == WRAP_DEPTH)
		return too_deep(d);
	if (!json_array(&j))
		return 0;
	d->wrap.inside = false; /* items of an audit event list are not texts of other programs */
	while (r == 0 && json_item(&j)) {
		json_peek(&j);
		stand_on(d, j.p);
		d->wrap.item_kind = item_kind_of(a->kind);
		r = value(d, &j, depth + 1, err);
	}
	d->wrap.item_kind = (struct str){ 0 };
	d->position = begin;
	d->counted = counted;
	d->wrap.inside = inside;
	/* the surrounding list was only skipped, so errors are found here or never */
	if (r == 0 && j.bad)
		audit_malformed(d, j.what, (size_t)(raw.p - d->text) + json_offset(&j));
	return r;
}

/* Firehose and others write objects without a newline between them, which is no damage. */
static bool another_follows(struct json *j)
{
	const char *p = j->p;

	while (p < j->end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p < j->end && *p == '{';
}

/* One JSON value: an audit event, or a list of them. Afterwards the reader is after it. */
static int value(struct decoder *d, struct json *j, unsigned depth, struct err *err)
{
	struct audit a = { .received = NSEC_NONE,
			   .completed = NSEC_NONE,
			   .timestamp = NSEC_NONE,
			   .created = NSEC_NONE };
	const char *begin;

	json_peek(j);
	begin = j->p;
	if (!audit_envelope(j, &a))
		return j->bad || (depth == 0 && !json_end(j)) ? 0 : foreign(d);
	if (j->bad || (depth == 0 && !another_follows(j) && !json_end(j)))
		return 0; /* the caller reports it, once */
	if (is_audit(&a)) {
		if (a.real_level.n)
			wrap_viaq(&d->wrap, a.openshift);
		return audit_dispatch(d, &a, err);
	}
	if (a.items.p && a.items.p[0] == '[')
		return items(d, &a, depth, err);
	if (!a.items.p && is_list(&a)) {
		d->wrap.judged++;
		return 0;
	}
	return other(d, &a, str_from_to(begin, j->p), depth, err);
}

static int inner_object(void *ctx, struct json *j, unsigned depth, struct err *err)
{
	struct decoder *d = ctx;
	const char *outer = d->text;
	int r;

	d->text = j->start;
	r = value(d, j, depth, err);
	d->text = outer;
	return r;
}

static void inner_foreign(void *ctx, const char *what)
{
	audit_foreign(ctx, what);
}

static void inner_malformed(void *ctx, const char *what, size_t offset)
{
	audit_malformed(ctx, what, offset);
}

struct decoder *decoder_new(const struct decode_config *config)
{
	static const struct wrap_user user = { inner_object, inner_foreign, inner_malformed };
	struct decoder *d = mem_zalloc(sizeof(*d));

	d->config = *config;
	d->survey.detailed = config->detailed;
	d->wrap = (struct wrap){
		.arena = &d->arena, .other_lines = &d->ingest.otherLines, .user = &user, .ctx = d
	};
	return d;
}

/* How a record of the API server can begin: it may directly follow a truncated one. */
static const char *find_record(struct str text)
{
	static const struct str starts[] = {
		{ "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/", 42 },
		{ "{\"apiVersion\":\"audit.k8s.io/", 28 },
		{ "{\"level\":\"", 10 },
	};
	const char *end = text.p + text.n;

	/* one pass for all calls with the same text: there may be many candidates */
	for (const char *at = text.p; (at = memmem(at, (size_t)(end - at), "{\"", 2)); at++)
		for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
			if (str_starts(str_from_to(at, end), starts[i]))
				return at;
	return NULL;
}

static bool is_json(struct str line)
{
	return (line.n && line.p[0] == '{') || line_is_array(line);
}

/* A line that is not a JSON object. If true, it was handled, and *ret is the result. */
static bool plain_line(struct decoder *d, struct str line, int *ret, struct err *err)
{
	enum line_result result;

	/* a crash leaves zero bytes, and the next record may be in the same line */
	if (is_json(line) || (line.n && memchr(line.p, 0, line.n)))
		return false;
	*ret = 0;
	if (!line.n) {
		d->ingest.otherLines++;
		return true;
	}
	*ret = wrap_line(&d->wrap, line, 0, &result, err);
	if (*ret == 0 && result == LINE_OTHER)
		d->ingest.otherLines++;
	return *ret < 0 || result != LINE_DAMAGED;
}

/* Makes the rest of a text the current text. */
static void continue_at(struct decoder *d, const struct decode_text *t, struct str rest)
{
	d->position.offset = t->position.offset + (uint64_t)(rest.p - t->text.p);
}

/* Reports damage. Returns the next record that begins in the text, or an empty string. */
static struct str after_damage(struct decoder *d, const struct decode_text *t, struct str rest,
			       const struct json *j)
{
	const char *what = is_json(rest) ? j->what : "a piece of a record";
	size_t at = is_json(rest) ? json_offset(j) : 0;
	const char *next = rest.n > 1 ? find_record(str_after(rest, 1)) : NULL;

	if (!next && t->unterminated) {
		d->ingest.malformed++;
		audit_note(d, DECODE_TORN, what, at);
		return (struct str){ 0 };
	}
	continue_at(d, t, rest);
	audit_malformed(d, what, at);
	if (!next)
		return (struct str){ 0 };
	d->ingest.recovered++;
	rest = str_from_to(next, t->text.p + t->text.n);
	continue_at(d, t, rest);
	audit_note(d, DECODE_RECOVERED, NULL, 0);
	return rest;
}

int decoder_text(struct decoder *d, const struct decode_text *t, struct err *err)
{
	struct str rest = t->text;

	d->cluster = t->cluster;
	d->position = t->position;
	for (;;) {
		struct json j;
		int r;

		arena_reset(&d->arena);
		if (rest.n && rest.p[0] != '{')
			rest = wrap_bare(rest);
		d->text = d->counted = rest.p;
		d->text_end = rest.p + rest.n;
		if (plain_line(d, rest, &r, err))
			return MIN(r, 0);
		j = json_of(rest, &d->arena);
		r = value(d, &j, 0, err);
		if (r < 0)
			return r;
		rest = j.bad ? after_damage(d, t, rest, &j) : str_trim(str_from_to(j.p, j.end));
		if (!rest.n)
			return 0;
		if (!j.bad)
			continue_at(d, t, rest);
	}
}
