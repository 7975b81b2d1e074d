/* SPDX-License-Identifier: Apache-2.0 */
/* A Pod's spec essentials and its status, read into facts. */
#include "base/clock.h"
#include "kube/body.h"
#include "kube/quantity.h"

/* A volume that is a claim: of that name, or made for the pod and named after both. */
struct claimed {
	struct str claim, ephemeral;
};

/* What status/ and spec/ readers need to know of the body they are in. */
struct pod_reader {
	struct json *j;
	struct facts *facts;
	struct pod_object *object;
	struct container_spec *containers; /* grows in the arena, as does `claimed` */
	size_t n, cap;
	struct claimed *claimed;
	size_t n_claimed, claimed_cap;
	enum origin origin;
	bool written;
};

static struct fact *add(struct pod_reader *r, enum fact_kind kind)
{
	struct fact *f = facts_add(r->facts, kind);

	f->written = r->written;
	f->origin = r->origin;
	return f;
}

/* 1970-01-01T00:00:00Z stands for "never" in the states of containers that did not start. */
static nsec time_of(struct json *j)
{
	struct str text;
	nsec at = NSEC_NONE;

	if (json_text(j, &text))
		clock_parse(text, &at);
	return at > 0 ? at : NSEC_NONE;
}

/* spec */

/* Quantities are strings; in YAML-born JSON small ones may be numbers. */
static bool quantity_text(struct json *j, struct str *ret_text)
{
	return json_peek(j) == JSON_NUMBER ? json_number(j, ret_text) : json_text(j, ret_text);
}

static void add_to(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = INT64_MAX;
}

/* One of requests and limits. An extended resource may stand in either. */
static void amounts(struct pod_reader *r, struct container_spec *c, bool requested)
{
	struct json *j = r->j;
	struct str key, text;
	int64_t value;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (!quantity_text(j, &text))
			continue;
		if (requested && str_eq(key, STR("cpu")))
			quantity_milli(text, &c->cpu_milli);
		else if (requested && str_eq(key, STR("memory")))
			quantity_value(text, &c->memory);
		else if (c->kind == CONTAINER_APP && str_eq(key, STR("nvidia.com/gpu")))
			r->object->gpu = r->object->gpu || (quantity_value(text, &value) && value);
	}
}

static void resources(struct pod_reader *r, struct container_spec *c)
{
	struct str key;

	if (!json_object(r->j))
		return;
	while (json_key(r->j, &key)) {
		bool requested = str_eq(key, STR("requests"));

		if (requested || str_eq(key, STR("limits")))
			amounts(r, c, requested);
		else
			json_skip(r->j);
	}
	if (c->kind != CONTAINER_APP)
		return;
	add_to(&r->object->cpu_milli, c->cpu_milli);
	add_to(&r->object->memory, c->memory);
}

static void lifecycle(struct json *j, struct container_spec *c)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("postStart")))
			c->post_start = json_peek(j) == JSON_OBJECT;
		else if (str_eq(key, STR("preStop")))
			c->pre_stop = json_peek(j) == JSON_OBJECT;
		json_skip(j);
	}
}

static void container(struct pod_reader *r, enum container_kind kind)
{
	struct container_spec c = { .kind = kind };
	struct json *j = r->j;
	struct str key, text;

	while (json_key(j, &key)) {
		if (str_eq(key, STR("name"))) {
			json_text(j, &c.name);
		} else if (str_eq(key, STR("image"))) {
			json_text(j, &c.image);
		} else if (str_eq(key, STR("resources"))) {
			resources(r, &c);
		} else if (str_eq(key, STR("lifecycle"))) {
			lifecycle(j, &c);
		} else if (str_eq(key, STR("restartPolicy"))) {
			if (json_text(j, &text) && kind == CONTAINER_INIT &&
			    str_eq(text, STR("Always")))
				c.kind = CONTAINER_SIDECAR;
		} else {
			if (str_ends(key, STR("Probe")))
				body_probe(j, key, &c);
			else
				json_skip(j);
		}
	}
	arena_reserve(j->arena, r->containers, r->n, r->cap);
	r->containers[r->n++] = c;
}

static void containers(struct pod_reader *r, enum container_kind kind)
{
	if (!json_array(r->j))
		return;
	while (json_item(r->j))
		if (json_object(r->j))
			container(r, kind);
}

/* Volumes that leave nothing behind on a node or a disk: the official startup SLI's "stateless". */
static bool stateless_volume(struct str type)
{
	return str_eq(type, STR("name")) || str_eq(type, STR("secret")) ||
	       str_eq(type, STR("configMap")) || str_eq(type, STR("downwardAPI")) ||
	       str_eq(type, STR("emptyDir")) || str_eq(type, STR("projected"));
}

static struct str claim_name(struct json *j)
{
	struct str key, name = { 0 };

	json_object(j);
	while (json_key(j, &key))
		if (str_eq(key, STR("claimName")))
			json_text(j, &name);
		else
			json_skip(j);
	return name;
}

static void add_claimed(struct pod_reader *r, struct str claim, struct str ephemeral)
{
	arena_reserve(r->j->arena, r->claimed, r->n_claimed, r->claimed_cap);
	r->claimed[r->n_claimed++] = (struct claimed){ claim, ephemeral };
}

static void volume(struct pod_reader *r)
{
	struct json *j = r->j;
	struct str key, name = { 0 }, claim = { 0 };
	bool ephemeral = false;

	while (json_key(j, &key)) {
		bool set = json_peek(j) != JSON_NULL;

		if (str_eq(key, STR("name"))) {
			json_text(j, &name);
			continue;
		}
		if (set && !stateless_volume(key))
			r->object->stateful = true;
		if (str_eq(key, STR("persistentVolumeClaim")) && json_peek(j) == JSON_OBJECT) {
			claim = claim_name(j);
			continue;
		}
		ephemeral = ephemeral || (set && str_eq(key, STR("ephemeral")));
		json_skip(j);
	}
	if (claim.n || (ephemeral && name.n))
		add_claimed(r, claim, claim.n ? (struct str){ 0 } : name);
}

static void volumes(struct pod_reader *r)
{
	if (!json_array(r->j))
		return;
	while (json_item(r->j)) {
		r->object->n_volumes++;
		if (json_object(r->j))
			volume(r);
	}
}

static bool has_nul(struct str s)
{
	return s.n && memchr(s.p, 0, s.n) != NULL;
}

/* The claim of an ephemeral volume is named after the pod; where that is not known it is left out.
 */
static struct str claims(const struct pod_reader *r, struct str pod)
{
	enum { NAME_MOST = 253 }; /* bytes of a pod's name */
	size_t size = 0;
	char *out, *p;

	if (pod.n > NAME_MOST || has_nul(pod))
		pod = (struct str){ 0 };
	for (size_t i = 0; i < r->n_claimed; i++)
		size += r->claimed[i].claim.n + pod.n + r->claimed[i].ephemeral.n + 2;
	if (!size)
		return r->object->has_spec ? STR("") : (struct str){ 0 };
	out = p = arena_alloc(r->j->arena, size, 1);
	for (size_t i = 0; i < r->n_claimed; i++) {
		struct str claim = r->claimed[i].claim, ephemeral = r->claimed[i].ephemeral;

		if (has_nul(claim) || has_nul(ephemeral) || (!claim.n && !pod.n))
			continue;
		if (claim.n)
			p = mempcpy(p, claim.p, claim.n);
		else
			p += snprintf(p, size, STR_FMT "-" STR_FMT, STR_ARG(pod),
				      STR_ARG(ephemeral));
		*p++ = 0;
	}
	return str_from_to(out, p);
}

static uint32_t count_items(struct json *j)
{
	uint32_t n = 0;

	if (!json_array(j))
		return 0;
	for (; json_item(j); n++)
		json_skip(j);
	return n;
}

/* Whichever key came first in the body; the order within a list is the user's and stays. */
static const struct container_spec *in_start_order(struct pod_reader *r)
{
	static const enum container_kind order[][2] = {
		{ CONTAINER_INIT, CONTAINER_SIDECAR },
		{ CONTAINER_APP, CONTAINER_APP },
		{ CONTAINER_EPHEMERAL, CONTAINER_EPHEMERAL },
	};
	struct container_spec *sorted = arena_array(r->j->arena, struct container_spec, r->n);
	size_t n = 0;

	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		for (size_t i = 0; i < r->n; i++)
			if (r->containers[i].kind == order[k][0] ||
			    r->containers[i].kind == order[k][1])
				sorted[n++] = r->containers[i];
	return sorted;
}

/* The keys whose value is one scalar. False: it is none of these, and not consumed. */
static bool spec_scalar(struct json *j, struct str key, struct pod_object *o)
{
	struct str policy;

	if (str_eq(key, STR("nodeName"))) {
		json_text(j, &o->node);
	} else if (str_eq(key, STR("schedulerName"))) {
		json_text(j, &o->scheduler);
	} else if (str_eq(key, STR("hostNetwork"))) {
		json_bool(j, &o->host_network);
	} else if (str_eq(key, STR("terminationGracePeriodSeconds"))) {
		if (json_i64(j, &o->grace) && o->grace < 0)
			o->grace = 1; /* as the API server takes it */
	} else if (str_eq(key, STR("restartPolicy"))) {
		if (json_text(j, &policy)) {
			o->job = !str_eq(policy, STR("Always"));
			o->has_spec = true;
		}
	} else {
		return false;
	}
	return true;
}

static void spec(struct pod_reader *r)
{
	struct json *j = r->j;
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (spec_scalar(j, key, r->object)) {
			continue;
		} else if (str_eq(key, STR("containers"))) {
			containers(r, CONTAINER_APP);
		} else if (str_eq(key, STR("initContainers"))) {
			containers(r, CONTAINER_INIT);
		} else if (str_eq(key, STR("ephemeralContainers"))) {
			containers(r, CONTAINER_EPHEMERAL);
		} else if (str_eq(key, STR("volumes"))) {
			volumes(r);
		} else if (str_eq(key, STR("readinessGates"))) {
			r->object->n_readiness_gates = count_items(j);
		} else if (str_eq(key, STR("schedulingGates"))) {
			r->object->n_scheduling_gates = count_items(j);
		} else {
			json_skip(j);
		}
	}
	r->object->containers = in_start_order(r);
	r->object->n_containers = r->n;
}

/* status */

/* PodHasNetwork was its alpha name in 1.25 to 1.27. */
static struct str condition_type(struct str type)
{
	return str_eq(type, STR("PodHasNetwork")) ? STR("PodReadyToStartContainers") : type;
}

static void condition(struct pod_reader *r)
{
	struct json *j = r->j;
	struct str key, status = { 0 }, type = { 0 }, reason = { 0 }, message = { 0 };
	nsec at = NSEC_NONE;
	struct fact *f;

	while (json_key(j, &key)) {
		if (str_eq(key, STR("type")))
			json_text(j, &type);
		else if (str_eq(key, STR("status")))
			json_text(j, &status);
		else if (str_eq(key, STR("lastTransitionTime")))
			at = time_of(j);
		else if (str_eq(key, STR("reason")))
			json_text(j, &reason);
		else if (str_eq(key, STR("message")))
			json_text(j, &message);
		else
			json_skip(j);
	}
	/* a strategic merge patch may carry the type alone, or delete the element */
	if (!type.n || !status.n)
		return;
	f = add(r, FACT_CONDITION);
	f->subject = condition_type(type);
	f->truth = str_eq(status, STR("True"));
	f->at = at;
	f->precision = PRECISION_SECOND;
	f->reason = reason;
	f->message = message;
}

static void conditions(struct pod_reader *r)
{
	if (!json_array(r->j))
		return;
	while (json_item(r->j))
		if (json_object(r->j))
			condition(r);
}

/* state and lastState: {"waiting":{...}} or {"running":{...}} or {"terminated":{...}}. */
static void container_state(struct pod_reader *r, struct fact *f)
{
	struct json *j = r->j;
	struct str kind, key;
	int64_t code;

	f->kind = FACT_KINDS; /* none yet */
	if (!json_object(j))
		return;
	while (json_key(j, &kind)) {
		if (json_peek(j) != JSON_OBJECT) {
			json_skip(j);
			continue;
		}
		if (str_eq(kind, STR("waiting")))
			f->kind = FACT_WAITING;
		else if (str_eq(kind, STR("running")))
			f->kind = FACT_RUNNING;
		else if (str_eq(kind, STR("terminated")))
			f->kind = FACT_TERMINATED;
		json_object(j);
		while (json_key(j, &key)) {
			if (str_eq(key, STR("reason")))
				json_text(j, &f->reason);
			else if (str_eq(key, STR("message")))
				json_text(j, &f->message);
			else if (str_eq(key, STR("startedAt")))
				f->begin = time_of(j);
			else if (str_eq(key, STR("finishedAt")))
				f->at = time_of(j);
			else if (str_eq(key, STR("exitCode")) && json_i64(j, &code))
				f->code = (int32_t)code;
			else if (!str_eq(key, STR("exitCode")))
				json_skip(j);
		}
	}
	if (f->kind == FACT_RUNNING) {
		f->at = f->begin;
		f->begin = NSEC_NONE;
	}
}

/* What the startTime, which follows them in a status, shows about its facts. */
static void compare_with_start(struct pod_reader *r, size_t first, nsec start)
{
	for (size_t i = first; start != NSEC_NONE && i < r->facts->n; i++) {
		struct fact *f = &r->facts->list[i];

		if (f->kind == FACT_PHASE && str_eq(f->reason, STR("Failed")))
			f->begin = start;
		if (f->kind != FACT_CONDITION || f->truth || f->at == NSEC_NONE ||
		    !(str_eq(f->subject, STR("Ready")) ||
		      str_eq(f->subject, STR("ContainersReady"))))
			continue;
		/* two readings of one clock may fall into two seconds */
		if (f->at <= start)
			f->code = READINESS_NEVER;
		else if (f->at > start + SECOND)
			f->code = READINESS_LOST;
	}
}

/* The last state comes first, so that the facts stand in the order of the container's life. */
static void container_status(struct pod_reader *r)
{
	struct json *j = r->j;
	struct fact now = { .kind = FACT_KINDS, .at = NSEC_NONE, .begin = NSEC_NONE }, last = now;
	struct str key, name = { 0 };
	int64_t restarts = 0;
	bool started = false, ready;
	int32_t readiness = 0;

	while (json_key(j, &key)) {
		if (str_eq(key, STR("name")))
			json_text(j, &name);
		else if (str_eq(key, STR("state")))
			container_state(r, &now);
		else if (str_eq(key, STR("lastState")))
			container_state(r, &last);
		else if (str_eq(key, STR("started")))
			json_bool(j, &started);
		else if (str_eq(key, STR("ready")))
			readiness = json_bool(j, &ready) ? (ready ? 1 : 2) : 0;
		else if (str_eq(key, STR("restartCount")))
			json_i64(j, &restarts);
		else
			json_skip(j);
	}
	for (int i = 0; i < 2; i++) {
		const struct fact *state = i == 0 ? &last : &now;
		struct fact *f;

		if (!name.n || state->kind == FACT_KINDS)
			continue;
		f = add(r, state->kind);
		f->subject = name;
		f->precision = PRECISION_SECOND;
		f->truth = i == 1 && started;
		f->at = state->at;
		f->begin = state->begin;
		f->reason = state->reason;
		f->message = state->message;
		f->code = state->kind == FACT_RUNNING ? readiness : state->code;
		f->count = restarts > 0 && restarts <= UINT32_MAX ? (uint32_t)restarts : 0;
	}
}

static void container_statuses(struct pod_reader *r)
{
	if (!json_array(r->j))
		return;
	while (json_item(r->j))
		if (json_object(r->j))
			container_status(r);
}

static void status(struct pod_reader *r)
{
	struct json *j = r->j;
	struct str key, phase = { 0 }, reason = { 0 }, message = { 0 }, nominated = { 0 };
	size_t first = r->facts->n;
	nsec start = NSEC_NONE;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("phase")))
			json_text(j, &phase);
		else if (str_eq(key, STR("reason")))
			json_text(j, &reason);
		else if (str_eq(key, STR("message")))
			json_text(j, &message);
		else if (str_eq(key, STR("conditions")))
			conditions(r);
		else if (str_eq(key, STR("containerStatuses")) ||
			 str_eq(key, STR("initContainerStatuses")) ||
			 str_eq(key, STR("ephemeralContainerStatuses")))
			container_statuses(r);
		else if (str_eq(key, STR("startTime")))
			start = time_of(j);
		else if (str_eq(key, STR("nominatedNodeName")))
			json_text(j, &nominated);
		else
			json_skip(j);
	}
	if (nominated.n) {
		struct fact *f = add(r, FACT_NOMINATED);

		f->subject = nominated;
		f->precision = PRECISION_INFERRED;
	}
	if (phase.n) {
		struct fact *f = add(r, FACT_PHASE);

		f->reason = phase;
		f->subject = reason; /* status.reason, e.g. Evicted */
		f->message = message;
		f->precision = PRECISION_INFERRED;
	}
	compare_with_start(r, first, start);
}

void body_pod(struct json *j, struct facts *facts, bool written, enum origin origin,
	      struct object_meta *ret_meta, struct pod_object *ret_object)
{
	struct pod_reader r = {
		.j = j, .facts = facts, .object = ret_object, .origin = origin, .written = written
	};
	struct str key;

	*ret_object = (struct pod_object){ .created = NSEC_NONE, .grace = -1 };
	ret_meta->patch = written;
	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("kind")))
			json_text(j, &ret_meta->kind);
		else if (str_eq(key, STR("metadata")))
			body_metadata(j, facts, ret_meta, ret_object);
		else if (str_eq(key, STR("spec")))
			spec(&r);
		else if (str_eq(key, STR("status")))
			status(&r);
		else
			json_skip(j);
	}
	ret_object->uid = ret_meta->uid;
	ret_object->owner_kind = ret_meta->owner_kind;
	ret_object->owner_name = ret_meta->owner_name;
	ret_object->claims = claims(&r, ret_meta->name);
	if (ret_meta->kind.n == 0 || str_eq(ret_meta->kind, STR("Pod"))) {
		/* a whole Pod without these has none; in a patch they are only not mentioned */
		if (!written && !ret_object->owner_kind.p) {
			ret_object->owner_kind = STR("");
			ret_object->owner_name = STR("");
		}
		if (ret_object->has_spec && !ret_object->node.p)
			ret_object->node = STR("");
	}
}
