/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

struct scene scene;

static int take_record(void *ctx, const struct record *r, struct err *err)
{
	size_t i = scene.n++;

	ck_assert_uint_lt(i, RECORDS_MAX);
	record_key(r, &scene.keys[i]);
	record_encode(r, &scene.values[i]);
	/* an insertion sort by key, as the sorter would */
	for (; i > 0 && str_cmp(buf_str(&scene.keys[i - 1]), buf_str(&scene.keys[i])) > 0; i--) {
		struct buf key = scene.keys[i], value = scene.values[i];

		scene.keys[i] = scene.keys[i - 1];
		scene.values[i] = scene.values[i - 1];
		scene.keys[i - 1] = key;
		scene.values[i - 1] = value;
	}
	return 0;
}

static void no_note(void *ctx, const struct decode_note *note)
{
	ck_abort_msg("%s", note->what ? note->what : "a note");
}

void configure(const char *text)
{
	struct err err = { 0 };
	struct decode_config config = { .record = take_record, .note = no_note };

	scene.config = spans_read(STR("f"), str_from(text), &err);
	ck_assert_msg(scene.config != NULL, "%s", err.message);
	config.attach = extract_attach;
	config.attach_ctx = &scene.config->extract;
	scene.decoder = decoder_new(&config);
}

void teardown(void)
{
	timelines_free(scene.timelines);
	decoder_free(scene.decoder);
	spans_free(scene.config);
	for (size_t i = 0; i < RECORDS_MAX; i++) {
		buf_free(&scene.keys[i]);
		buf_free(&scene.values[i]);
	}
	arena_free(&scene.arena);
	scene = (struct scene){ 0 };
}

/* One audit event; ref: of its objectRef, after the namespace; bodies as JSON. */
void put(int at, const char *verb, const char *ref, int code, const char *request,
	 const char *response)
{
	struct buf text = { 0 };
	struct err err = { 0 };
	static unsigned id;

	buf_printf(&text,
		   "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":"
		   "\"RequestResponse\",\"auditID\":\"%u\",\"stage\":\"ResponseComplete\","
		   "\"requestURI\":\"/%u\",\"verb\":\"%s\",\"user\":{\"username\":\"u\"},"
		   "\"userAgent\":\"me/1\","
		   "\"objectRef\":{%s,\"namespace\":\"ns\",\"apiVersion\":\"v1\"},"
		   "\"responseStatus\":{\"code\":%d},\"requestObject\":%s,\"responseObject\":%s,"
		   "\"requestReceivedTimestamp\":\"2026-01-01T%02d:%02d:%02d.000000Z\","
		   "\"stageTimestamp\":\"2026-01-01T%02d:%02d:%02d.500000Z\"}",
		   id, id, verb, ref, code, request, response, at / 3600, at / 60 % 60, at % 60,
		   at / 3600, at / 60 % 60, at % 60);
	id++;
	scene.last = at;
	ck_assert_int_eq(decoder_text(scene.decoder,
				      &(struct decode_text){ STR(""), buf_str(&text),
							     (struct position){ 0 }, false },
				      &err),
			 0);
	buf_free(&text);
}

void created(int at)
{
	put(at, "create", PODS, 201, "{\"kind\":\"Pod\"}", POD(",\"labels\":{\"a.b/c\":\"blue\"}"));
}

void patched(int at, const char *status)
{
	struct buf text = { 0 };

	buf_printf(&text, "{\"status\":%s}", status);
	buf_add_char(&text, 0);
	put(at, "patch", PODS ",\"subresource\":\"status\"", 200, text.p,
	    POD(",\"labels\":{\"a.b/c\":\"green\"}"));
	buf_free(&text);
}

void condition(int at, const char *type)
{
	struct buf text = { 0 };

	buf_printf(&text, "{\"conditions\":[{\"type\":\"%s\",\"status\":\"True\"}]}%c", type, 0);
	patched(at, text.p);
	buf_free(&text);
}

void told(int at, const char *reason, const char *message)
{
	struct buf text = { 0 };

	buf_printf(
	    &text,
	    "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p.%d\","
	    "\"namespace\":\"ns\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"ns\","
	    "\"name\":\"p\",\"uid\":\"u1\",\"fieldPath\":\"spec.containers{web}\"},"
	    "\"reason\":\"%s\",\"message\":\"%s\",\"type\":\"Normal\"}%c",
	    at, reason, message, 0);
	put(at, "create", "\"resource\":\"events\",\"name\":\"p.1\"", 201, text.p, text.p);
	buf_free(&text);
}

void deleted(int at, int grace)
{
	put(at, "delete", PODS, 200, "{}",
	    grace ? POD(",\"deletionTimestamp\":\"2026-01-01T00:10:00Z\","
			"\"deletionGracePeriodSeconds\":30,\"finalizers\":[\"x/a\",\"x/b\"]")
		  : POD(",\"deletionTimestamp\":\"2026-01-01T00:10:00Z\","
			"\"deletionGracePeriodSeconds\":0"));
}

static int next(void *ctx, struct str *ret_key, struct str *ret_value, struct err *err)
{
	if (scene.at == scene.n)
		return 0;
	*ret_key = buf_str(&scene.keys[scene.at]);
	*ret_value = buf_str(&scene.values[scene.at++]);
	return 1;
}

nsec second(int at)
{
	nsec midnight;

	ck_assert(clock_parse(STR("2026-01-01T00:00:00Z"), &midnight));
	return midnight + at * SECOND;
}

/* The log ends half a second after the last request. */
nsec log_end(void)
{
	return second(scene.last) + SECOND / 2;
}

void run(void)
{
	struct err err = { 0 };

	scene.timelines = timelines_new(next, NULL, decoder_context(scene.decoder));
	timelines_attached(scene.timelines, extract_keep);
	ck_assert_int_eq(timelines_next(scene.timelines, &scene.timeline, &err), 1);
	scene.n_runs =
	    spans_runs(scene.config, scene.timeline, log_end(), &scene.arena, &scene.runs);
}

const struct trace *trace_of(size_t i)
{
	const struct trace *t;

	ck_assert_uint_lt(i, scene.n_runs);
	t = spans_trace(&scene.runs[i], scene.timeline, log_end(), &scene.arena);
	ck_assert_ptr_nonnull(t);
	ck_assert_msg(!trace_invariant(t), "%s", trace_invariant(t));
	return t;
}

/* The span of that name, with its times in seconds. */
const struct span *span(const struct trace *t, const char *name, int start, int end)
{
	for (size_t i = 0; i < t->n_spans; i++) {
		if (!str_eq(t->spans[i].name, str_from(name)))
			continue;
		ck_assert_int_eq((t->spans[i].start - second(0)) / SECOND, start);
		ck_assert_int_eq((t->spans[i].end - second(0)) / SECOND, end);
		return &t->spans[i];
	}
	ck_abort_msg("no span %s", name);
	return NULL;
}
