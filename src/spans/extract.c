/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of an audit event in the terms of Alipay's Lunettes, with their details, and the
 * values and texts that a configuration needs. As in Lunettes, an operation counts only if the
 * response contains the pod (for a binding: if the request contains the Binding), and a patch shows
 * only the fields in its request. In addition, a deletion by deletecollection or by an eviction is
 * an operation.
 */
#include "spans/extract.h"

#include "json/fields.h"

/* One request, while its operations are collected. */
struct spans_request {
	const struct extract *x;
	const struct audit *a;
	struct arena *arena;
	struct buf out; /* the items so far, in the form that extracted.c reads */
	struct buf details;
	size_t n_details;
	struct str scheduler; /* set by a patch */
};

bool extract_has(const struct extract_words *words, struct str word)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->list[i], word))
			return true;
	return false;
}

static struct str lower_of(struct str text, struct arena *arena)
{
	char *p = arena_alloc(arena, text.n, 1);

	for (size_t i = 0; i < text.n; i++)
		p[i] = char_lower(text.p[i]);
	return (struct str){ p, text.n };
}

static void put_item(struct spans_request *q, const struct extracted *item)
{
	buf_put_varint(&q->out, item->kind);
	buf_put_varint(&q->out, item->number);
	buf_put_maybe(&q->out, item->word);
	buf_put_maybe(&q->out, item->text);
}

/* Assigns the details so far to this operation; they are separated by NUL. */
static void put_operation(struct spans_request *q, struct str name)
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

static void put_detail(struct spans_request *q, const char *kind, struct str word, struct str value,
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
		q->details.n = before; /* names in Kubernetes contain no NUL */
		return;
	}
	buf_add_char(&q->details, 0);
	q->n_details++;
}

static void put_entry(struct spans_request *q, struct str scheduler)
{
	if (scheduler.n)
		put_operation(
		    q, arena_printf(q->arena, "schedule:" STR_FMT ":entry", STR_ARG(scheduler)));
}

/* The fields of a pod in a response that decide. */
struct answered {
	struct str kind, scheduler;
	int64_t grace;
	uint32_t finalizers;
};

static const struct json_field answered_meta[] = {
	JSON_FIELD(I64, "deletionGracePeriodSeconds", struct answered, grace),
	JSON_FIELD(ITEMS, "finalizers", struct answered, finalizers),
};

static const struct json_field answered_spec[] = {
	JSON_FIELD(TEXT, "schedulerName", struct answered, scheduler),
};

static const struct json_field answered_fields[] = {
	JSON_FIELD(TEXT, "kind", struct answered, kind),
	JSON_INSIDE("metadata", answered_meta),
	JSON_INSIDE("spec", answered_spec),
};

/* Patches of the pod itself */

/* Alipay's own labels and annotations, which change constantly. */
static bool is_noise(struct str key, struct arena *arena)
{
	struct str lower = lower_of(key, arena);

	return (str_contains(lower, STR("status")) && !str_contains(lower, STR("update-status"))) ||
	       str_contains(lower, STR("trace")) || str_contains(lower, STR("spec"));
}

/* Labels or annotations: those that are set, or those that are removed. */
static void put_map(struct spans_request *q, struct str raw, const char *kind, bool removed)
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
		if (null != removed || is_noise(key, q->arena))
			continue;
		/* as Go's fmt prints a nil string */
		put_detail(q, kind, key, null ? STR("%!s(<nil>)") : value,
			   removed ? ":delete" : ":add");
	}
	if (q->n_details)
		put_operation(q, arena_printf(q->arena, "%s:%s", kind, removed ? "delete" : "add"));
}

static size_t put_finalizers(struct spans_request *q, struct json *j, const char *tail)
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

static void patched_meta(struct json *j, void *object)
{
	struct spans_request *q = object;
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

static const struct json_field patched_spec[] = {
	JSON_FIELD(TEXT, "schedulerName", struct spans_request, scheduler),
};

static const struct json_field patched_pod[] = {
	JSON_OTHER("metadata", patched_meta),
	JSON_INSIDE("spec", patched_spec),
};

/* Patches of its status */

struct patched_condition {
	struct str type, status;
};

static void put_condition(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "type", struct patched_condition, type),
		JSON_FIELD(TEXT, "status", struct patched_condition, status),
	};
	struct spans_request *q = object;
	struct patched_condition c = { 0 };
	struct str name;

	if (!json_fields(j, fields, ARRAY_SIZE(fields), &c) || !c.type.n)
		return;
	name = arena_printf(q->arena, "condition:" STR_FMT ":", STR_ARG(c.type));
	put_operation(q, arena_printf(q->arena, STR_FMT STR_FMT, STR_ARG(name),
				      STR_ARG(lower_of(c.status, q->arena))));
}

/* One container of a status. */
struct patched_container {
	struct str name, state;
	bool ready;
	int64_t restarts;
	/* of the state */
	struct str reason;
	int64_t exit_code;
};

static void read_state(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "reason", struct patched_container, reason),
		JSON_FIELD(I64, "exitCode", struct patched_container, exit_code),
	};
	struct patched_container *c = object;
	struct str kind;

	if (!json_object(j))
		return;
	while (json_key(j, &kind)) {
		c->reason = STR("");
		c->exit_code = 0;
		if (!json_fields(j, fields, ARRAY_SIZE(fields), c))
			continue;
		if (str_eq(kind, STR("running")))
			c->state = STR("Running");
		else if (str_eq(kind, STR("waiting")))
			c->state = arena_printf(j->arena, "Waiting:" STR_FMT, STR_ARG(c->reason));
		else
			c->state =
			    c->reason.n
				? arena_printf(j->arena, "terminated:" STR_FMT ";exitCode:%lld",
					       STR_ARG(c->reason), (long long)c->exit_code)
				: STR("");
	}
}

static const struct json_field container_fields[] = {
	JSON_FIELD(TEXT, "name", struct patched_container, name),
	JSON_FIELD(BOOL, "ready", struct patched_container, ready),
	JSON_FIELD(I64, "restartCount", struct patched_container, restarts),
	JSON_OTHER("state", read_state),
};

static void put_containers(struct json *list, void *object)
{
	static const char *const kinds[] = { "containerReady", "containerRestartCount",
					     "containerState" };
	struct spans_request *q = object;
	struct str raw;

	if (json_peek(list) != JSON_ARRAY || !json_raw(list, &raw))
		return;
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct json j = json_of(raw, q->arena);

		json_array(&j);
		while (json_item(&j)) {
			struct patched_container c = { .name = STR(""), .state = STR("") };

			json_fields(&j, container_fields, ARRAY_SIZE(container_fields), &c);
			put_detail(q, kinds[k], c.name,
				   k == 2    ? c.state
				   : k == 1  ? arena_printf(j.arena, "%lld", (long long)c.restarts)
				   : c.ready ? STR("true")
					     : STR("false"),
				   "");
		}
		if (q->n_details)
			put_operation(q, arena_printf(q->arena, "%s:set", kinds[k]));
	}
}

static void put_phase(struct json *j, void *object)
{
	struct spans_request *q = object;
	struct str phase;

	if (json_text(j, &phase) && phase.n)
		put_operation(q, arena_printf(q->arena, "phase:" STR_FMT ":set", STR_ARG(phase)));
}

static void put_ip(struct json *j, void *object)
{
	struct str ip;

	if (json_text(j, &ip) && ip.n)
		put_operation(object, STR("pod:ip:set"));
}

static const struct json_field patched_status[] = {
	JSON_EACH("conditions", put_condition),
	JSON_OTHER("containerStatuses", put_containers),
	JSON_OTHER("phase", put_phase),
	JSON_OTHER("podIP", put_ip),
};

static const struct json_field patched_body[] = {
	JSON_INSIDE("status", patched_status),
};

/* Requests */

static void put_patch(struct spans_request *q)
{
	struct json j = json_of(q->a->request, q->arena);

	if (!q->a->subresource.n) {
		json_fields(&j, patched_pod, ARRAY_SIZE(patched_pod), q);
		put_entry(q, q->scheduler);
	} else if (str_eq(q->a->subresource, STR("status"))) {
		json_fields(&j, patched_body, ARRAY_SIZE(patched_body), q);
	}
}

/* The input of scripts */

static void put_text(struct spans_request *q, enum extract_text which, struct str raw, bool pod)
{
	struct extracted item = { pod ? EXTRACTED_POD : EXTRACTED_TEXT, which, { 0 }, { 0 } };

	if (!(q->x->texts & 1u << which))
		return;
	if (raw.n <= EXTRACT_TEXT_MAX)
		item.text = raw.n ? raw : STR("");
	put_item(q, &item);
}

/* pod: the response is the pod itself. */
static void put_request(struct spans_request *q, enum extracted_kind kind, bool pod)
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

/* A deletion by a request other than DELETE. */
static void put_end(struct spans_request *q, const struct record *r)
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

static void put_values(struct spans_request *q)
{
	for (size_t i = 0; i < q->x->n_paths; i++)
		put_item(q, &(struct extracted){
				EXTRACTED_VALUES,
				(uint32_t)i,
				{ 0 },
				extract_values(&q->x->paths[i], q->a->response, q->arena),
			    });
}

static void of_pod(struct spans_request *q, const struct record *r)
{
	const struct audit *a = q->a;
	bool own = !a->subresource.n, patch = str_eq(a->verb, STR("patch"));
	struct json j = json_of(a->response, q->arena);
	struct answered p = { 0 };

	if (str_eq(a->resource, STR("bindings")) || str_eq(a->subresource, STR("binding"))) {
		if (!a->request.n || !a->response.n)
			return;
		put_operation(q, STR("schedule:binding:success"));
		put_request(q, EXTRACTED_REQUEST, false);
		return;
	}
	if (str_eq(a->subresource, STR("eviction")) || str_eq(a->verb, STR("deletecollection"))) {
		put_end(q, r);
		return;
	}
	if (a->response.n && a->response.p[0] == '{')
		json_fields(&j, answered_fields, ARRAY_SIZE(answered_fields), &p);
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
 * The Event's message and, after a NUL, the wording of kubelets 1.14 to 1.31, which is the one in
 * existing configurations. The other wordings, "Created container", "Created container: web" and
 * "Container created", name the container differently or not at all.
 */
static struct str wordings(const struct fact *event, struct arena *arena)
{
	struct str usual;

	if (!event->subject.n ||
	    (!str_eq(event->reason, STR("Created")) && !str_eq(event->reason, STR("Started"))))
		return event->message;
	usual = arena_printf(arena, STR_FMT " container " STR_FMT, STR_ARG(event->reason),
			     STR_ARG(event->subject));
	/* messages of Alipay's own kubelets contain the duration */
	if (str_eq(usual, event->message) || str_contains(event->message, STR("elapsedTime")))
		return event->message;
	return arena_printf(arena, STR_FMT "%c" STR_FMT, STR_ARG(event->message), 0,
			    STR_ARG(usual));
}

static void of_event(struct spans_request *q, const struct record *r)
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
	struct spans_request q = { .x = ctx, .a = a, .arena = arena };
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
	buf_free(&q.details);
	return attached;
}
