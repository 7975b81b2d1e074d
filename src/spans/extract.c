/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An audit event's operations in the words of Alipay's Lunettes, with their details, and the values
 * and texts that a configuration needs. As there, an operation counts only where the answer
 * contains the pod (of a binding: where the request contains the Binding), and a patch shows only
 * what its request contains. Beyond that, a deletion by deletecollection or by an eviction is an
 * operation, too.
 */
#include "spans/extract.h"

/* One request, while its operations are gathered. */
struct request {
	const struct extract *x;
	const struct audit *a;
	struct arena *arena;
	struct buf out; /* the items so far, as extracted.c reads them */
	struct buf name, details;
	size_t n_details;
};

bool extract_has(const struct extract_words *words, struct str word)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->list[i], word))
			return true;
	return false;
}

static void put_item(struct request *q, const struct extracted *item)
{
	buf_put_varint(&q->out, item->kind);
	buf_put_varint(&q->out, item->number);
	buf_put_maybe(&q->out, item->word);
	buf_put_maybe(&q->out, item->text);
}

/* The details so far belong to this operation; they are separated by NUL. */
static void put_operation(struct request *q, struct str name)
{
	struct str details = buf_str(&q->details);

	if (details.n)
		details.n--;
	else
		details.p = NULL;
	if (extract_has(&q->x->operations, name))
		put_item(q, &(struct extracted){ EXTRACTED_OPERATION, 0, name, details });
	buf_reset(&q->details);
	q->n_details = 0;
}

static void put_detail(struct request *q, const char *kind, struct str word, struct str value,
		       const char *tail)
{
	size_t before = q->details.n;

	if (q->n_details == EXTRACT_DETAILS_MAX)
		return;
	buf_printf(&q->details, "%s:", kind);
	buf_add_str(&q->details, word);
	if (value.p) {
		buf_add_char(&q->details, *kind == 'c' ? ':' : '=');
		buf_add_str(&q->details, value);
	}
	buf_printf(&q->details, "%s", tail);
	if (memchr(q->details.p + before, 0, q->details.n - before) ||
	    q->details.n > EXTRACT_BYTES_MAX) {
		q->details.n = before; /* no name of Kubernetes holds a NUL */
		return;
	}
	buf_add_char(&q->details, 0);
	q->n_details++;
}

static void put_entry(struct request *q, struct str scheduler)
{
	if (!scheduler.n)
		return;
	buf_reset(&q->name);
	buf_printf(&q->name, "schedule:" STR_FMT ":entry", STR_ARG(scheduler));
	put_operation(q, buf_str(&q->name));
}

/* What of the pod in an answer decides. */
struct answered {
	struct str kind, scheduler;
	int64_t grace;
	size_t finalizers;
};

static size_t count_items(struct json *j)
{
	size_t n = 0;

	if (json_array(j))
		for (; json_item(j); n++)
			json_skip(j);
	return n;
}

static void answered_meta(struct json *j, struct answered *ret)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("deletionGracePeriodSeconds")))
			json_i64(j, &ret->grace);
		else if (str_eq(key, STR("finalizers")))
			ret->finalizers = count_items(j);
		else
			json_skip(j);
}

static void answered_spec(struct json *j, struct str *ret_scheduler)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("schedulerName")))
			json_text(j, ret_scheduler);
		else
			json_skip(j);
}

static struct answered answered(struct str raw, struct arena *arena)
{
	struct answered p = { 0 };
	struct json j = json_of(raw, arena);
	struct str key;

	if (!json_object(&j))
		return p;
	while (json_key(&j, &key))
		if (str_eq(key, STR("kind")))
			json_text(&j, &p.kind);
		else if (str_eq(key, STR("metadata")))
			answered_meta(&j, &p);
		else if (str_eq(key, STR("spec")))
			answered_spec(&j, &p.scheduler);
		else
			json_skip(&j);
	return p;
}

/* Patches of the pod itself */

/* Marks of Alipay's own, which change all the time. */
static bool is_noise(struct str key)
{
	char text[256];
	struct str lower = { text, MIN(key.n, sizeof(text)) };

	for (size_t i = 0; i < lower.n; i++)
		text[i] =
		    key.p[i] >= 'A' && key.p[i] <= 'Z' ? (char)(key.p[i] - 'A' + 'a') : key.p[i];
	return (str_contains(lower, STR("status")) && !str_contains(lower, STR("update-status"))) ||
	       str_contains(lower, STR("trace")) || str_contains(lower, STR("spec"));
}

/* Labels or annotations: what is set, or what is taken off. */
static void put_map(struct request *q, struct str raw, const char *kind, bool taken_off)
{
	struct json j = json_of(raw, q->arena);
	struct str key, value;

	if (!json_object(&j))
		return;
	while (json_key(&j, &key)) {
		bool null = json_peek(&j) == JSON_NULL;

		if (null)
			json_skip(&j);
		else if (!json_text(&j, &value))
			continue;
		if (null != taken_off || is_noise(key))
			continue;
		/* of Go's fmt, for a nil that is printed as a string */
		put_detail(q, kind, key, null ? STR("%!s(<nil>)") : value,
			   taken_off ? ":delete" : ":add");
	}
	buf_reset(&q->name);
	buf_printf(&q->name, "%s:%s", kind, taken_off ? "delete" : "add");
	if (q->n_details)
		put_operation(q, buf_str(&q->name));
}

static size_t put_finalizers(struct request *q, struct json *j, const char *tail)
{
	struct str text;
	size_t n = 0;

	if (!json_array(j))
		return 0;
	for (; json_item(j); n++)
		if (json_text(j, &text))
			put_detail(q, "finalizer", text, (struct str){ 0 }, tail);
	return n;
}

static void patched_meta(struct request *q, struct json *j)
{
	struct str key, raw;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		bool labels = str_eq(key, STR("labels"));

		if (labels || str_eq(key, STR("annotations"))) {
			if (!json_raw(j, &raw))
				continue;
			put_map(q, raw, labels ? "label" : "annotation", false);
			put_map(q, raw, labels ? "label" : "annotation", true);
		} else if (str_eq(key, STR("finalizers"))) {
			if (put_finalizers(q, j, ":add") == 1)
				put_operation(q, STR("finalizer:add"));
		} else if (str_starts(key, STR("$deleteFromPrimitiveList")) &&
			   str_ends(key, STR("finalizers"))) {
			if (put_finalizers(q, j, ":delete"))
				put_operation(q, STR("finalizer:delete"));
		} else {
			json_skip(j);
		}
		buf_reset(&q->details);
		q->n_details = 0;
	}
}

static void patched_pod(struct request *q)
{
	struct json j = json_of(q->a->request, q->arena);
	struct str key, scheduler = { 0 };

	if (!json_object(&j))
		return;
	while (json_key(&j, &key))
		if (str_eq(key, STR("metadata")))
			patched_meta(q, &j);
		else if (str_eq(key, STR("spec")))
			answered_spec(&j, &scheduler);
		else
			json_skip(&j);
	put_entry(q, scheduler);
}

/* Patches of its status */

static void put_condition(struct request *q, struct json *j)
{
	struct str key, type = { 0 }, status = { 0 };

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("type")))
			json_text(j, &type);
		else if (str_eq(key, STR("status")))
			json_text(j, &status);
		else
			json_skip(j);
	if (!type.n)
		return;
	buf_reset(&q->name);
	buf_printf(&q->name, "condition:" STR_FMT ":", STR_ARG(type));
	for (size_t i = 0; i < status.n; i++) {
		char c = status.p[i];

		buf_add_char(&q->name, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	put_operation(q, buf_str(&q->name));
}

/* One container of a status. */
struct state {
	struct str name, text;
	bool ready;
	int64_t restarts;
};

static struct str state_words(struct json *j, struct str kind)
{
	struct str key, reason = STR("");
	int64_t code = 0;

	if (!json_object(j))
		return (struct str){ 0 };
	while (json_key(j, &key))
		if (str_eq(key, STR("reason")))
			json_text(j, &reason);
		else if (str_eq(key, STR("exitCode")))
			json_i64(j, &code);
		else
			json_skip(j);
	if (str_eq(kind, STR("running")))
		return STR("Running");
	if (str_eq(kind, STR("waiting")))
		return arena_printf(j->arena, "Waiting:" STR_FMT, STR_ARG(reason));
	return reason.n ? arena_printf(j->arena, "terminated:" STR_FMT ";exitCode:%lld",
				       STR_ARG(reason), (long long)code)
			: STR("");
}

static void state_of(struct json *j, struct state *s)
{
	struct str key, kind, words;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("name"))) {
			json_text(j, &s->name);
		} else if (str_eq(key, STR("ready"))) {
			json_bool(j, &s->ready);
		} else if (str_eq(key, STR("restartCount"))) {
			json_i64(j, &s->restarts);
		} else if (str_eq(key, STR("state")) && json_peek(j) == JSON_OBJECT) {
			json_object(j);
			while (json_key(j, &kind)) {
				words = state_words(j, kind);
				if (words.p)
					s->text = words;
			}
		} else {
			json_skip(j);
		}
	}
}

static void put_containers(struct request *q, struct str raw)
{
	static const char *const kinds[] = { "containerReady", "containerRestartCount",
					     "containerState" };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct json j = json_of(raw, q->arena);

		json_array(&j);
		while (json_item(&j)) {
			struct state s = { .name = STR(""), .text = STR("") };
			struct str count;

			state_of(&j, &s);
			count = arena_printf(j.arena, "%lld", (long long)s.restarts);
			put_detail(q, kinds[k], s.name,
				   k == 2    ? s.text
				   : k == 1  ? count
				   : s.ready ? STR("true")
					     : STR("false"),
				   "");
		}
		buf_reset(&q->name);
		buf_printf(&q->name, "%s:set", kinds[k]);
		if (q->n_details)
			put_operation(q, buf_str(&q->name));
	}
}

static void patched_status(struct request *q, struct json *j)
{
	struct str key, text = { 0 };

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("conditions")) && json_peek(j) == JSON_ARRAY) {
			json_array(j);
			while (json_item(j))
				put_condition(q, j);
		} else if (str_eq(key, STR("containerStatuses")) && json_peek(j) == JSON_ARRAY) {
			if (json_raw(j, &text))
				put_containers(q, text);
		} else if (str_eq(key, STR("phase"))) {
			if (!json_text(j, &text) || !text.n)
				continue;
			buf_reset(&q->name);
			buf_printf(&q->name, "phase:" STR_FMT ":set", STR_ARG(text));
			put_operation(q, buf_str(&q->name));
		} else if (str_eq(key, STR("podIP"))) {
			if (json_text(j, &text) && text.n)
				put_operation(q, STR("pod:ip:set"));
		} else {
			json_skip(j);
		}
	}
}

/* Requests */

static void put_patch(struct request *q)
{
	struct json j = json_of(q->a->request, q->arena);
	struct str key;

	if (!q->a->subresource.n) {
		patched_pod(q);
		return;
	}
	if (!str_eq(q->a->subresource, STR("status")) || !json_object(&j))
		return;
	while (json_key(&j, &key))
		if (str_eq(key, STR("status")))
			patched_status(q, &j);
		else
			json_skip(&j);
}

/* What scripts see of a request */

static void put_text(struct request *q, enum extract_text which, struct str raw, bool pod)
{
	struct extracted item = { pod ? EXTRACTED_POD : EXTRACTED_TEXT, which, { 0 }, { 0 } };

	if (!(q->x->texts & 1u << which))
		return;
	if (raw.n <= EXTRACT_TEXT_MAX)
		item.text = raw.n ? raw : STR("");
	put_item(q, &item);
}

/* pod: the answer is the pod itself. */
static void put_request(struct request *q, enum extracted_kind kind, bool pod)
{
	const struct audit *a = q->a;

	if (!q->x->requests)
		return;
	put_item(q, &(struct extracted){ kind, 0, a->verb, { 0 } });
	put_text(q, EXTRACT_USER_AGENT, a->user_agent, false);
	put_text(q, EXTRACT_REQUEST, a->request, false);
	put_text(q, EXTRACT_RESPONSE, a->response, pod);
	put_text(q, EXTRACT_ANNOTATIONS, a->annotations, false);
}

static bool is_write(struct str verb)
{
	return str_eq(verb, STR("create")) || str_eq(verb, STR("update")) ||
	       str_eq(verb, STR("patch")) || str_eq(verb, STR("delete"));
}

/* Who asked for the end of the pod in another way than by DELETE. */
static void put_end(struct request *q, const struct record *r)
{
	bool any = false;

	for (size_t i = 0; i < r->n_facts; i++) {
		if (r->facts[i].kind != FACT_DELETE || r->facts[i].code >= 300)
			continue;
		put_operation(q, r->facts[i].truth ? STR("pod:deleted:success")
						   : STR("pod:delete:success"));
		any = true;
	}
	if (any)
		put_request(q, EXTRACTED_REQUEST, false);
}

static void put_values(struct request *q)
{
	for (size_t i = 0; i < q->x->n_paths; i++)
		put_item(q, &(struct extracted){
				EXTRACTED_VALUES,
				(uint32_t)i,
				{ 0 },
				extract_values(&q->x->paths[i], q->a->response, q->arena),
			    });
}

static void of_pod(struct request *q, const struct record *r)
{
	const struct audit *a = q->a;
	bool own = !a->subresource.n, patch = str_eq(a->verb, STR("patch"));
	struct answered p = { 0 };

	if (str_eq(a->resource, STR("bindings")) || str_eq(a->subresource, STR("binding"))) {
		if (a->request.n && a->response.n)
			put_operation(q, STR("schedule:binding:success"));
		if (a->request.n && a->response.n)
			put_request(q, EXTRACTED_REQUEST, false);
		return;
	}
	if (str_eq(a->subresource, STR("eviction")) || str_eq(a->verb, STR("deletecollection"))) {
		put_end(q, r);
		return;
	}
	if (a->response.n && a->response.p[0] == '{')
		p = answered(a->response, q->arena);
	if (!str_eq(p.kind, STR("Pod")))
		return;
	if (own && a->code == 201 && (patch || str_eq(a->verb, STR("create")))) {
		put_operation(q, STR("pod:create:success"));
		put_entry(q, p.scheduler);
	} else if (own && str_eq(a->verb, STR("delete"))) {
		put_operation(q, p.grace == 0 && !p.finalizers ? STR("pod:deleted:success")
							       : STR("pod:delete:success"));
	} else if (patch && a->request.n && a->request.p[0] == '{') {
		put_patch(q);
	}
	put_values(q);
	if (is_write(a->verb))
		put_request(q, EXTRACTED_REQUEST, true);
}

/*
 * What the Event says, and behind a NUL what kubelets of 1.14 to 1.31 say of the same: before and
 * behind them "Created container", "Created container: web" and "Container created" name the
 * container otherwise, or not at all, and configurations know that one wording.
 */
static struct str wordings(const struct fact *event, struct arena *arena)
{
	struct str usual;

	if (!event->subject.n ||
	    (!str_eq(event->reason, STR("Created")) && !str_eq(event->reason, STR("Started"))))
		return event->message;
	usual = arena_printf(arena, STR_FMT " container " STR_FMT, STR_ARG(event->reason),
			     STR_ARG(event->subject));
	/* Alipay's own kubelets say how long it took */
	if (str_eq(usual, event->message) || str_contains(event->message, STR("elapsedTime")))
		return event->message;
	return arena_printf(arena, STR_FMT "%c" STR_FMT, STR_ARG(event->message), 0,
			    STR_ARG(usual));
}

static void of_event(struct request *q, const struct record *r)
{
	const struct extract *x = q->x;
	bool any = false;

	for (size_t i = 0; i < r->n_facts; i++) {
		const struct fact *event = &r->facts[i];

		if (event->kind != FACT_EVENT || !event->reason.p ||
		    (!x->all_events && !extract_has(&x->reasons, event->reason)))
			continue;
		put_item(q, &(struct extracted){ EXTRACTED_EVENT, 0, event->reason,
						 wordings(event, q->arena) });
		any = true;
	}
	if (any)
		put_request(q, EXTRACTED_REPORT, false);
}

struct str extract_attach(const void *ctx, const struct audit *a, const struct record *r,
			  struct arena *arena)
{
	struct request q = { .x = ctx, .a = a, .arena = arena };
	struct str attached = { 0 };

	if (r->kind != OBJECT_POD)
		return attached;
	of_event(&q, r);
	if (!a->dumped && a->success && !a->api_group.n &&
	    (str_eq(a->resource, STR("pods")) || str_eq(a->resource, STR("bindings"))))
		of_pod(&q, r);
	if (q.out.n)
		attached = arena_str(arena, buf_str(&q.out));
	buf_free(&q.out);
	buf_free(&q.name);
	buf_free(&q.details);
	return attached;
}
