/* SPDX-License-Identifier: Apache-2.0 */
/* Texts to audit events: the envelope, lists of them, and what to do with damage. */
#include "kube/decode.h"

#include "base/hash.h"
#include "base/mem.h"
#include "kube/audit.h"

/* Only these are looked into; everything else is only counted. */
static const struct audit_handler handlers[] = {
	{ "pods", audit_pods },	  { "events", audit_events },	   { "bindings", audit_pods },
	{ "nodes", audit_nodes }, { "replicasets", audit_owners }, { "jobs", audit_owners },
};

struct decoder *decoder_new(const struct decode_config *config)
{
	struct decoder *d = mem_zalloc(sizeof(*d));

	d->config = *config;
	d->survey.detailed = config->detailed;
	return d;
}

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

static void note(struct decoder *d, enum decode_note_kind kind, const char *what, size_t offset)
{
	struct decode_note n = { kind, d->position, what, offset };

	if (d->config.note)
		d->config.note(d->config.ctx, &n);
}

void audit_bad_body(struct decoder *d, const struct json *j)
{
	d->ingest.malformed++;
	note(d, DECODE_MALFORMED, j->what, json_offset(j));
}

bool audit_body(struct decoder *d, struct str raw, struct json *ret_reader)
{
	if (!raw.n || raw.p[0] != '{')
		return false;
	*ret_reader = json_of(raw, &d->arena);
	return true;
}

/* The envelope */

static void object_ref(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	a->has_ref = true;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("resource")))
			json_text(j, &a->resource);
		else if (str_eq(key, STR("namespace")))
			json_text(j, &a->namespace);
		else if (str_eq(key, STR("name")))
			json_text(j, &a->name);
		else if (str_eq(key, STR("subresource")))
			json_text(j, &a->subresource);
		else if (str_eq(key, STR("uid")))
			json_text(j, &a->uid);
		else if (str_eq(key, STR("apiGroup")))
			json_text(j, &a->api_group);
		else
			json_skip(j);
	}
}

static void response_status(struct json *j, struct audit *a)
{
	struct str key;
	int64_t code;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("code"))) {
			if (json_i64(j, &code) && code > 0 && code < 1000)
				a->code = (int32_t)code;
		} else if (str_eq(key, STR("message"))) {
			json_text(j, &a->message);
		} else {
			json_skip(j);
		}
	}
}

static void user(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("username")))
			json_text(j, &a->username);
		else if (str_eq(key, STR("uid")))
			json_text(j, &a->user_uid);
		else
			json_skip(j);
}

static void annotations(struct json *j, struct audit *a)
{
	struct str key, value;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("cluster")))
			json_text(j, &a->cluster);
		else if (str_eq(key, STR("audit.k8s.io/truncated")))
			a->truncated = json_text(j, &value) && str_eq(value, STR("true"));
		else
			json_skip(j);
	}
}

static void time_value(struct json *j, nsec *ret_at)
{
	struct str text;

	if (json_text(j, &text))
		clock_parse(text, ret_at);
}

static void old_metadata(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("creationTimestamp")))
			time_value(j, &a->created);
		else
			json_skip(j);
}

/* A body may be null, a string ("skipped-too-big-size-object"), an array (JSON patch) or an object.
 */
static void raw_body(struct json *j, struct str *ret_raw)
{
	if (json_peek(j) == JSON_NULL)
		json_skip(j);
	else
		json_raw(j, ret_raw);
}

/*
 * One row a top-level key, in the order in which the API server writes them: the walk guesses that
 * the next row comes next, so that an ordinary record costs one comparison a key.
 */
enum key_kind { KEY_TEXT, KEY_TIME, KEY_RAW, KEY_WALK };
static const struct key_row {
	struct str key;
	enum key_kind kind;
	size_t offset;
	void (*walk)(struct json *j, struct audit *a);
} keys[] = {
#define TEXT(name, field)                                                                          \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_TEXT, offsetof(struct audit, field), NULL          \
	}
#define TIME(name, field)                                                                          \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_TIME, offsetof(struct audit, field), NULL          \
	}
#define RAW(name, field)                                                                           \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_RAW, offsetof(struct audit, field), NULL           \
	}
#define WALK(name, fn)                                                                             \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_WALK, 0, fn                                        \
	}
	TEXT("kind", kind),
	TEXT("apiVersion", api_version),
	WALK("metadata", old_metadata),
	TEXT("level", level),
	TIME("timestamp", timestamp),
	TEXT("auditID", audit_id),
	TEXT("stage", stage),
	TEXT("requestURI", uri),
	TEXT("verb", verb),
	WALK("user", user),
	TEXT("userAgent", user_agent),
	WALK("objectRef", object_ref),
	WALK("responseStatus", response_status),
	RAW("requestObject", request),
	RAW("responseObject", response),
	TIME("requestReceivedTimestamp", received),
	TIME("stageTimestamp", completed),
	WALK("annotations", annotations),
	RAW("items", items),
#undef TEXT
#undef TIME
#undef RAW
#undef WALK
};

static const struct key_row *key_find(struct str key, size_t guess)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct key_row *row = &keys[(guess + i) % ARRAY_SIZE(keys)];

		if (str_eq(key, row->key))
			return row;
	}
	return NULL;
}

static void envelope(struct json *j, struct audit *a)
{
	const struct key_row *row = keys;
	struct str key;

	while (json_key(j, &key)) {
		const struct key_row *found = key_find(key, (size_t)(row - keys));
		char *field;

		if (!found) {
			json_skip(j);
			continue;
		}
		row = found + 1 < keys + ARRAY_SIZE(keys) ? found + 1 : keys;
		field = (char *)a + found->offset;
		switch (found->kind) {
		case KEY_TEXT:
			json_text(j, (struct str *)(void *)field);
			break;
		case KEY_TIME:
			time_value(j, (nsec *)(void *)field);
			break;
		case KEY_RAW:
			raw_body(j, (struct str *)(void *)field);
			break;
		case KEY_WALK:
			found->walk(j, a);
			break;
		}
	}
}

/* What follows from the envelope */

/* User names are given by the cluster; user agents can be anything, so they come second. */
static enum origin origin_of(const struct audit *a)
{
	static const struct {
		struct str user, agent;
		enum origin origin;
	} rows[] = {
		{ { "system:node:", 12 }, { "kubelet", 7 }, ORIGIN_KUBELET },
		{ { "system:kube-scheduler", 21 }, { "kube-scheduler", 14 }, ORIGIN_SCHEDULER },
		{ { "system:kube-controller-manager", 30 },
		  { "kube-controller-manager", 23 },
		  ORIGIN_CONTROLLER },
		{ { "system:apiserver", 16 }, { "kube-apiserver", 14 }, ORIGIN_APISERVER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_starts(a->username, rows[i].user))
			return rows[i].origin;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_starts(a->user_agent, rows[i].agent))
			return rows[i].origin;
	return ORIGIN_OTHER;
}

static bool is_dry_run(struct str uri)
{
	struct str path, query;

	return str_cut(uri, '?', &path, &query) && str_contains(query, STR("dryRun="));
}

static void derive(struct decoder *d, struct audit *a)
{
	static const struct str node_user = { "system:node:", 12 };

	if (a->received == NSEC_NONE)
		a->received = a->completed;
	if (a->received == NSEC_NONE)
		a->received = a->timestamp != NSEC_NONE ? a->timestamp : a->created;
	if (a->completed == NSEC_NONE)
		a->completed = a->received;
	if (d->cluster.n || !a->cluster.p)
		a->cluster = d->cluster;
	a->origin = origin_of(a);
	if (str_starts(a->username, node_user))
		a->node = str_after(a->username, node_user.n);
	a->success = (a->code >= 200 && a->code < 300) || a->code == 101;
	a->dry_run = is_dry_run(a->uri);
}

static void count(struct decoder *d, const struct audit *a)
{
	d->ingest.records++;
	if (str_eq(a->level, STR("Metadata")))
		d->ingest.levelMetadata++;
	else if (str_eq(a->level, STR("Request")))
		d->ingest.levelRequest++;
	else if (str_eq(a->level, STR("RequestResponse")))
		d->ingest.levelRequestResponse++;
	if (str_eq(a->stage, STR("RequestReceived")))
		d->ingest.stageRequestReceived++;
	else if (str_eq(a->stage, STR("ResponseStarted")))
		d->ingest.stageResponseStarted++;
	else if (str_eq(a->stage, STR("Panic")))
		d->ingest.stagePanic++;
	if (a->truncated)
		d->ingest.truncated++;
	if (a->received == NSEC_NONE) {
		d->ingest.untimed++;
		note(d, DECODE_UNTIMED, NULL, 0);
		return;
	}
	context_record(&d->context, a->cluster, a->completed);
	survey_record(&d->survey, a, d->position);
}

static bool has_nul(struct str s)
{
	return s.n && memchr(s.p, 0, s.n) != NULL;
}

static int compare_nsec(nsec a, nsec b)
{
	return (a > b) - (a < b);
}

/* What was written comes before what was read back; then by kind, subject and time. */
static int fact_order(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int c = (int)y->written - (int)x->written;

	c = c ? c : (int)x->kind - (int)y->kind;
	c = c ? c : str_cmp(x->subject, y->subject);
	c = c ? c : compare_nsec(x->begin, y->begin);
	c = c ? c : compare_nsec(x->at, y->at);
	c = c ? c : str_cmp(x->reason, y->reason);
	c = c ? c : (int)x->truth - (int)y->truth;
	c = c ? c : (x->code > y->code) - (x->code < y->code);
	c = c ? c : (x->count > y->count) - (x->count < y->count);
	c = c ? c : (int)x->precision - (int)y->precision;
	c = c ? c : (int)x->origin - (int)y->origin;
	return c ? c : str_cmp(x->message, y->message);
}

/* A shipper may have re-serialised the record: the order of its keys must not show. */
static void canonical_facts(struct fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		facts[i].message.n = MIN(facts[i].message.n, (size_t)DECODE_MESSAGE_MAX);
	if (n > 1)
		qsort(facts, n, sizeof(*facts), fact_order);
}

/* Some shippers put a string in the place of a body that is too large for them. */
static bool shown(struct str raw)
{
	return raw.n && (raw.p[0] == '{' || raw.p[0] == '[');
}

int audit_emit(struct decoder *d, const struct audit *a, struct record *r, struct err *err)
{
	/* names end with NUL in the sort key; no object of Kubernetes can have one in its name */
	if (has_nul(r->namespace) || has_nul(r->name) || has_nul(a->cluster))
		return 0;
	r->cluster = a->cluster;
	r->audit_id = a->audit_id;
	r->audit_stage = a->stage;
	r->verb = a->verb;
	r->uri_hash = hash_str(a->uri, 0);
	r->received = a->received;
	r->completed = a->completed;
	r->origin = a->origin;
	r->status = a->code;
	r->bodies =
	    (shown(a->request) ? BODY_REQUEST : 0u) | (shown(a->response) ? BODY_RESPONSE : 0u);
	if (!r->node.p)
		r->node = a->node;
	r->position = d->position;
	canonical_facts((struct fact *)(uintptr_t)r->facts, r->n_facts); /* the line's own list */
	d->ingest.podRecords++;
	return d->config.record(d->config.ctx, r, err);
}

static int dispatch(struct decoder *d, struct audit *a, struct err *err)
{
	derive(d, a);
	count(d, a);
	if (a->received == NSEC_NONE || !a->has_ref)
		return 0;
	/* facts come from finished requests; a panic is one that ended with 500 */
	if (!str_eq(a->stage, STR("ResponseComplete")) && !str_eq(a->stage, STR("Panic")))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		if (str_eq(a->resource, str_from(handlers[i].resource)))
			return handlers[i].handle(d, a, err);
	return 0;
}

/* Texts */

/* Go writes an empty list as null. */
static bool is_list(const struct audit *a)
{
	return a->items.p || str_eq(a->kind, STR("EventList"));
}

/* v1beta1 and captured single records may lack kind and apiVersion; nothing else has these keys. */
static bool is_audit(const struct audit *a)
{
	if (a->api_version.n)
		return str_starts(a->api_version, STR("audit.k8s.io/")) && !is_list(a);
	return a->audit_id.n && a->stage.n && a->verb.n;
}

static int value(struct decoder *d, struct json *j, unsigned depth, struct err *err);

static int foreign(struct decoder *d)
{
	d->ingest.foreign++;
	note(d, DECODE_FOREIGN, NULL, 0);
	return 0;
}

/* Neither an audit event nor a list. */
static int other(struct decoder *d, const struct audit *a, struct str raw, unsigned depth,
		 struct err *err)
{
	int r = object_value(d, a, raw, err);

	if (r == 0)
		r = wrapper_value(d, raw, depth, err);
	return r == 0 ? foreign(d) : MIN(r, 0);
}

/* PodList gives Pod: its items need not say so again. */
static struct str item_kind_of(struct str list)
{
	return str_ends(list, STR("List")) ? (struct str){ list.p, list.n - 4 } : (struct str){ 0 };
}

/* The position becomes that of an item in the text, so that evidence names its line. */
static void stand_on(struct decoder *d, const char *item)
{
	const char *at = d->counted, *newline;

	if (item < at || item >= d->text_end)
		return; /* inside of a wrapper, whose escapes were decoded */
	while ((newline = memchr(at, '\n', (size_t)(item - at))) != NULL) {
		d->position.line++;
		at = newline + 1;
	}
	d->position.offset += (uint64_t)(item - d->counted);
	d->counted = item;
}

static int items(struct decoder *d, const struct audit *a, unsigned depth, struct err *err)
{
	const struct position begin = d->position;
	const char *counted = d->counted;
	struct str raw = a->items;
	struct json j = json_of(raw, &d->arena);
	int r = 0;

	if (depth == DECODE_DEPTH)
		return foreign(d);
	if (!json_array(&j))
		return 0;
	while (r == 0 && json_item(&j)) {
		json_peek(&j);
		stand_on(d, j.p);
		d->item_kind = item_kind_of(a->kind);
		r = value(d, &j, depth + 1, err);
	}
	d->item_kind = (struct str){ 0 };
	d->position = begin;
	d->counted = counted;
	if (r == 0 && j.bad) {
		/* the list around it was only skipped, so nobody else finds this out */
		d->ingest.malformed++;
		note(d, DECODE_MALFORMED, j.what, (size_t)(raw.p - d->text) + json_offset(&j));
	}
	return r;
}

/* One JSON value: an audit event, or a list of them. The reader stands behind it afterwards. */
static int value(struct decoder *d, struct json *j, unsigned depth, struct err *err)
{
	struct audit a = { .received = NSEC_NONE,
			   .completed = NSEC_NONE,
			   .timestamp = NSEC_NONE,
			   .created = NSEC_NONE };
	const char *begin;

	json_peek(j);
	begin = j->p;
	if (!json_object(j))
		return j->bad || (depth == 0 && !json_end(j)) ? 0 : foreign(d);
	envelope(j, &a);
	if (j->bad || (depth == 0 && !json_end(j)))
		return 0; /* the caller says so, once */
	if (is_audit(&a))
		return dispatch(d, &a, err);
	if (a.items.p && a.items.p[0] == '[')
		return items(d, &a, depth, err);
	if (!a.items.p && is_list(&a))
		return 0;
	return other(d, &a, str_from_to(begin, j->p), depth, err);
}

int decode_inner(struct decoder *d, struct str text, unsigned depth, struct err *err)
{
	struct str body = str_trim(text);
	struct json j = json_of(body, &d->arena);
	int r;

	if (depth == DECODE_DEPTH)
		return foreign(d);
	if (body.n == 0)
		return 0;
	if (body.p[0] != '{') {
		r = wrapper_line(d, body, depth, err);
		if (r != 0)
			return MIN(r, 0);
	}
	r = value(d, &j, depth + 1, err);
	if (r == 0 && (j.bad || !json_end(&j))) {
		d->ingest.malformed++;
		note(d, DECODE_MALFORMED, j.what, json_offset(&j));
	}
	return r;
}

/* How a record of the API server can begin: a torn one may have the next glued behind it. */
static const char *find_record(struct str text)
{
	static const struct str starts[] = {
		{ "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/", 42 },
		{ "{\"apiVersion\":\"audit.k8s.io/", 28 },
		{ "{\"level\":\"", 10 },
	};
	const char *end = text.p + text.n;

	/* one pass, however often it is called for the same text: there may be many candidates */
	for (const char *at = text.p; (at = memmem(at, (size_t)(end - at), "{\"", 2)); at++)
		for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
			if (str_starts(str_from_to(at, end), starts[i]))
				return at;
	return NULL;
}

int decoder_text(struct decoder *d, struct str cluster, struct str text, struct position position,
		 bool unterminated, struct err *err)
{
	struct str rest = text;

	d->cluster = cluster;
	d->position = position;
	for (;;) {
		struct json j;
		const char *next;
		int r;

		arena_reset(&d->arena);
		d->text = d->counted = rest.p;
		d->text_end = rest.p + rest.n;
		if (rest.n && rest.p[0] != '{') {
			r = wrapper_line(d, rest, 0, err);
			if (r != 0)
				return MIN(r, 0);
		}
		j = json_of(rest, &d->arena);
		r = value(d, &j, 0, err);
		if (r < 0 || !j.bad)
			return r;
		next = rest.n > 1 ? find_record(str_after(rest, 1)) : NULL;
		d->ingest.malformed++;
		if (!next && unterminated) {
			note(d, DECODE_TORN, j.what, json_offset(&j));
			return 0;
		}
		d->position = position;
		d->position.offset += (uint64_t)(rest.p - text.p);
		note(d, DECODE_MALFORMED, j.what, json_offset(&j));
		if (!next)
			return 0;
		d->ingest.recovered++;
		rest = str_from_to(next, text.p + text.n);
		d->position.offset = position.offset + (uint64_t)(rest.p - text.p);
		note(d, DECODE_RECOVERED, NULL, 0);
	}
}
