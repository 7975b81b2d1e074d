/* SPDX-License-Identifier: Apache-2.0 */
/* A Pod: its metadata and spec become a pod_object, its status becomes facts. */
#include "json/fields.h"
#include "kube/body.h"
#include "kube/quantity.h"

/* A volume backed by a PVC: a named one, or an ephemeral one whose PVC is named POD-VOLUME. */
struct claimed {
	struct str claim, ephemeral;
};

/* 1970-01-01T00:00:00Z means "never" in the states of containers that did not start. */
static nsec known_time(nsec at)
{
	return at > 0 ? at : NSEC_NONE;
}

/* Probes: which ones a container has, and by when they must have succeeded or failed. */

/* Timing of a probe, in seconds. */
struct probe {
	int64_t delay, period, timeout, successes, failures;
};

static const struct json_field probe_fields[] = {
	JSON_FIELD(I64, "initialDelaySeconds", struct probe, delay),
	JSON_FIELD(I64, "timeoutSeconds", struct probe, timeout),
	JSON_FIELD(I64, "periodSeconds", struct probe, period),
	JSON_FIELD(I64, "successThreshold", struct probe, successes),
	JSON_FIELD(I64, "failureThreshold", struct probe, failures),
};

static uint64_t bounded(int64_t value)
{
	enum { MOST = 1000000 }; /* prevents an overflow of the sums of products */

	return (uint64_t)MAX(0, MIN(value, MOST));
}

/* Seconds after the start. A probe that has not succeeded by then has failed, and an Event reports
 * it. */
static uint64_t probed_by(const struct probe *p, int64_t tries)
{
	return bounded(p->delay) + bounded(p->timeout) + bounded(tries) * bounded(p->period);
}

/* Containers */

struct container {
	struct container_spec spec;
	struct str restart_policy, cpu, memory, gpu, gpu_limit;
};

static bool read_probe(struct json *j, struct probe *ret_probe)
{
	/* the API server's defaults */
	*ret_probe = (struct probe){ .period = 10, .timeout = 1, .successes = 1, .failures = 3 };
	return json_fields(j, probe_fields, ARRAY_SIZE(probe_fields), ret_probe);
}

static void read_readiness_probe(struct json *j, void *object)
{
	struct container_spec *c = &((struct container *)object)->spec;
	struct probe probe;

	c->readiness_probe = read_probe(j, &probe);
	if (c->readiness_probe)
		c->probed_by += probed_by(&probe, probe.successes);
}

/* Other probes wait until the startup probe has succeeded. */
static void read_startup_probe(struct json *j, void *object)
{
	struct container_spec *c = &((struct container *)object)->spec;
	struct probe probe;

	c->startup_probe = read_probe(j, &probe);
	if (c->startup_probe)
		c->probed_by += probed_by(&probe, probe.failures);
}

static const struct json_field limit_fields[] = {
	JSON_FIELD(SCALAR, "nvidia.com/gpu", struct container, gpu_limit),
};

static const struct json_field request_fields[] = {
	JSON_FIELD(SCALAR, "cpu", struct container, cpu),
	JSON_FIELD(SCALAR, "memory", struct container, memory),
	JSON_FIELD(SCALAR, "nvidia.com/gpu", struct container, gpu),
};

static const struct json_field resource_fields[] = {
	JSON_INSIDE("limits", limit_fields),
	JSON_INSIDE("requests", request_fields),
};

static const struct json_field lifecycle_fields[] = {
	JSON_FIELD(IS_SET, "postStart", struct container, spec.post_start),
	JSON_FIELD(IS_SET, "preStop", struct container, spec.pre_stop),
};

static const struct json_field container_fields[] = {
	JSON_FIELD(TEXT, "name", struct container, spec.name),
	JSON_FIELD(TEXT, "image", struct container, spec.image),
	JSON_INSIDE("resources", resource_fields),
	JSON_FIELD(TEXT, "restartPolicy", struct container, restart_policy),
	JSON_FIELD(IS_SET, "livenessProbe", struct container, spec.liveness_probe),
	JSON_OTHER("readinessProbe", read_readiness_probe),
	JSON_OTHER("startupProbe", read_startup_probe),
	JSON_INSIDE("lifecycle", lifecycle_fields),
};

static void add_to(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = INT64_MAX;
}

/* Extended resources may be set in the limits only. */
static void sum_requests(struct pod_object *o, const struct container *c)
{
	int64_t gpu = 0, gpu_limit = 0;

	add_to(&o->cpu_milli, c->spec.cpu_milli);
	add_to(&o->memory, c->spec.memory);
	quantity_value(c->gpu, &gpu);
	quantity_value(c->gpu_limit, &gpu_limit);
	o->gpu = o->gpu || gpu || gpu_limit;
}

static void read_container(struct json *j, struct body *b, enum container_kind kind)
{
	struct container c = { .spec.kind = kind };
	struct pod_lists *l = &b->lists;

	if (!json_fields(j, container_fields, ARRAY_SIZE(container_fields), &c))
		return;
	quantity_milli(c.cpu, &c.spec.cpu_milli);
	quantity_value(c.memory, &c.spec.memory);
	if (kind == CONTAINER_APP)
		sum_requests(&b->pod, &c);
	else if (kind == CONTAINER_INIT && str_eq(c.restart_policy, STR("Always")))
		c.spec.kind = CONTAINER_SIDECAR;
	arena_reserve(j->arena, l->containers, l->n_containers, l->containers_cap);
	l->containers[l->n_containers++] = c.spec;
}

static void read_app_container(struct json *j, void *object)
{
	read_container(j, object, CONTAINER_APP);
}

static void read_init_container(struct json *j, void *object)
{
	read_container(j, object, CONTAINER_INIT);
}

static void read_ephemeral_container(struct json *j, void *object)
{
	read_container(j, object, CONTAINER_EPHEMERAL);
}

/* Init containers first, whatever the order of the keys. The user's order in each list is kept. */
static void sort_containers(struct body *b)
{
	static const enum container_kind order[][2] = {
		{ CONTAINER_INIT, CONTAINER_SIDECAR },
		{ CONTAINER_APP, CONTAINER_APP },
		{ CONTAINER_EPHEMERAL, CONTAINER_EPHEMERAL },
	};
	const struct pod_lists *l = &b->lists;
	struct container_spec *sorted =
	    arena_array(b->facts->arena, struct container_spec, l->n_containers);
	size_t n = 0;

	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		for (size_t i = 0; i < l->n_containers; i++)
			if (l->containers[i].kind == order[k][0] ||
			    l->containers[i].kind == order[k][1])
				sorted[n++] = l->containers[i];
	b->pod.containers = sorted;
	b->pod.n_containers = n;
}

/* Volumes */

/* Volumes without state: pods that use only these are "stateless" for the official startup SLI. */
static bool stateless_volume(struct str type)
{
	return str_eq(type, STR("name")) || str_eq(type, STR("secret")) ||
	       str_eq(type, STR("configMap")) || str_eq(type, STR("downwardAPI")) ||
	       str_eq(type, STR("emptyDir")) || str_eq(type, STR("projected"));
}

static void add_claimed(struct body *b, struct str claim, struct str ephemeral)
{
	struct pod_lists *l = &b->lists;

	arena_reserve(b->facts->arena, l->claimed, l->n_claimed, l->claimed_cap);
	l->claimed[l->n_claimed++] = (struct claimed){ claim, ephemeral };
}

/* Not a field table, because the type of a volume is a key and there are many types. */
static void read_volume(struct json *j, void *object)
{
	static const struct json_field fields[] = {
		JSON_FIELD(TEXT, "claimName", struct claimed, claim),
	};
	struct body *b = object;
	struct claimed claimed = { 0 };
	struct str key, name = { 0 };
	bool ephemeral = false;

	b->pod.n_volumes++;
	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		bool set = json_peek(j) != JSON_NULL;

		if (str_eq(key, STR("name"))) {
			json_text(j, &name);
			continue;
		}
		if (set && !stateless_volume(key))
			b->pod.stateful = true;
		ephemeral = ephemeral || (set && str_eq(key, STR("ephemeral")));
		if (str_eq(key, STR("persistentVolumeClaim")))
			json_fields(j, fields, ARRAY_SIZE(fields), &claimed);
		else
			json_skip(j);
	}
	if (claimed.claim.n)
		add_claimed(b, claimed.claim, (struct str){ 0 });
	else if (ephemeral && name.n)
		add_claimed(b, (struct str){ 0 }, name);
}

static bool has_nul(struct str s)
{
	return s.n && memchr(s.p, 0, s.n) != NULL;
}

/* The PVC of an ephemeral volume is named after the pod, so it is skipped if the name is
 * unknown. */
static struct str claims_of(const struct body *b)
{
	enum { NAME_MOST = 253 }; /* maximum length of a pod's name */
	const struct pod_lists *l = &b->lists;
	struct str pod = b->meta.name;
	size_t size = 0;
	char *out, *p;

	if (pod.n > NAME_MOST || has_nul(pod))
		pod = (struct str){ 0 };
	for (size_t i = 0; i < l->n_claimed; i++)
		size += l->claimed[i].claim.n + pod.n + l->claimed[i].ephemeral.n + 2;
	if (!size)
		return b->pod.has_spec ? STR("") : (struct str){ 0 };
	out = p = arena_alloc(b->facts->arena, size, 1);
	for (size_t i = 0; i < l->n_claimed; i++) {
		struct str claim = l->claimed[i].claim, ephemeral = l->claimed[i].ephemeral;

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

/* spec */

static void read_grace(struct json *j, void *object)
{
	struct pod_object *o = &((struct body *)object)->pod;

	if (json_i64(j, &o->grace) && o->grace < 0)
		o->grace = 1; /* as the API server does */
}

static void read_restart_policy(struct json *j, void *object)
{
	struct pod_object *o = &((struct body *)object)->pod;
	struct str policy;

	if (!json_text(j, &policy))
		return;
	o->job = !str_eq(policy, STR("Always"));
	o->has_spec = true;
}

static const struct json_field spec_fields[] = {
	JSON_EACH("volumes", read_volume),
	JSON_EACH("initContainers", read_init_container),
	JSON_EACH("containers", read_app_container),
	JSON_EACH("ephemeralContainers", read_ephemeral_container),
	JSON_OTHER("restartPolicy", read_restart_policy),
	JSON_OTHER("terminationGracePeriodSeconds", read_grace),
	JSON_FIELD(TEXT, "nodeName", struct body, pod.node),
	JSON_FIELD(BOOL, "hostNetwork", struct body, pod.host_network),
	JSON_FIELD(TEXT, "schedulerName", struct body, pod.scheduler),
	JSON_FIELD(ITEMS, "readinessGates", struct body, pod.n_readiness_gates),
	JSON_FIELD(ITEMS, "schedulingGates", struct body, pod.n_scheduling_gates),
};

/* status */

struct pod_status {
	struct body *body;
	struct str phase, reason, message, nominated;
	nsec start;
};

/* PodHasNetwork was its alpha name in 1.25 to 1.27. */
static struct str condition_type(struct str type)
{
	return str_eq(type, STR("PodHasNetwork")) ? STR("PodReadyToStartContainers") : type;
}

static void read_condition(struct json *j, void *object)
{
	struct object_condition c;
	struct fact *f;

	body_condition(j, &c);
	/* a strategic merge patch may contain only the type, or delete the element */
	if (!c.type.n || !c.status.n)
		return;
	f = body_fact(((struct pod_status *)object)->body, FACT_CONDITION);
	f->subject = condition_type(c.type);
	f->truth = str_eq(c.status, STR("True"));
	f->at = known_time(c.transition);
	f->precision = PRECISION_SECOND;
	f->reason = c.reason;
	f->message = c.message;
}

/* Compares facts with startTime, which comes after them in a status. */
static void compare_with_start(struct body *b, size_t first, nsec start)
{
	for (size_t i = first; nsec_known(start) && i < b->facts->n; i++) {
		struct fact *f = &b->facts->list[i];

		if (f->kind == FACT_PHASE && str_eq(f->reason, STR("Failed")))
			f->begin = start;
		if (f->kind != FACT_CONDITION || f->truth || !nsec_known(f->at) ||
		    !(str_eq(f->subject, STR("Ready")) ||
		      str_eq(f->subject, STR("ContainersReady"))))
			continue;
		/* two readings of the same clock may differ by 1 s */
		if (f->at <= start)
			f->code = READINESS_NEVER;
		else if (f->at > start + SECOND)
			f->code = READINESS_LOST;
	}
}

/* state or lastState: {"waiting":{...}}, {"running":{...}} or {"terminated":{...}}. */

struct container_state {
	enum fact_kind kind; /* FACT_KINDS if none is shown */
	struct str reason, message;
	nsec started, finished;
	int64_t exit_code;
};

struct container_status {
	struct str name;
	struct container_state state, last;
	bool started;
	int32_t readiness; /* as the code of FACT_RUNNING */
	uint32_t restarts;
};

static const struct json_field state_fields[] = {
	JSON_FIELD(I64, "exitCode", struct container_state, exit_code),
	JSON_FIELD(TEXT, "reason", struct container_state, reason),
	JSON_FIELD(TEXT, "message", struct container_state, message),
	JSON_FIELD(TIME, "startedAt", struct container_state, started),
	JSON_FIELD(TIME, "finishedAt", struct container_state, finished),
};

static void read_state_of(struct json *j, struct container_state *s, enum fact_kind kind)
{
	if (json_fields(j, state_fields, ARRAY_SIZE(state_fields), s))
		s->kind = kind;
}

static void read_waiting(struct json *j, void *object)
{
	read_state_of(j, object, FACT_WAITING);
}

static void read_running(struct json *j, void *object)
{
	read_state_of(j, object, FACT_RUNNING);
}

static void read_terminated(struct json *j, void *object)
{
	read_state_of(j, object, FACT_TERMINATED);
}

static const struct json_field state_kinds[] = {
	JSON_OTHER("waiting", read_waiting),
	JSON_OTHER("running", read_running),
	JSON_OTHER("terminated", read_terminated),
};

static void read_state(struct json *j, void *object)
{
	json_fields(j, state_kinds, ARRAY_SIZE(state_kinds),
		    &((struct container_status *)object)->state);
}

static void read_last_state(struct json *j, void *object)
{
	json_fields(j, state_kinds, ARRAY_SIZE(state_kinds),
		    &((struct container_status *)object)->last);
}

static void read_ready(struct json *j, void *object)
{
	bool ready;

	if (json_bool(j, &ready))
		((struct container_status *)object)->readiness = ready ? 1 : 2;
}

static const struct json_field container_status_fields[] = {
	JSON_FIELD(TEXT, "name", struct container_status, name),
	JSON_OTHER("state", read_state),
	JSON_OTHER("lastState", read_last_state),
	JSON_OTHER("ready", read_ready),
	JSON_FIELD(COUNT, "restartCount", struct container_status, restarts),
	JSON_FIELD(BOOL, "started", struct container_status, started),
};

static void add_state(struct body *b, const struct container_status *c,
		      const struct container_state *s)
{
	bool running = s->kind == FACT_RUNNING;
	struct fact *f;

	if (!c->name.n || s->kind == FACT_KINDS)
		return;
	f = body_fact(b, s->kind);
	f->subject = c->name;
	f->precision = PRECISION_SECOND;
	f->truth = s == &c->state && c->started;
	f->at = known_time(running ? s->started : s->finished);
	f->begin = running ? NSEC_NONE : known_time(s->started);
	f->reason = s->reason;
	f->message = s->message;
	f->code = running ? c->readiness : (int32_t)s->exit_code;
	f->count = c->restarts;
}

static void read_container_status(struct json *j, void *object)
{
	const struct container_state none = { .kind = FACT_KINDS,
					      .started = NSEC_NONE,
					      .finished = NSEC_NONE };
	struct container_status c = { .state = none, .last = none };
	struct body *b = ((struct pod_status *)object)->body;

	json_fields(j, container_status_fields, ARRAY_SIZE(container_status_fields), &c);
	/* in the order of the container's lifecycle */
	add_state(b, &c, &c.last);
	add_state(b, &c, &c.state);
}

static const struct json_field status_fields[] = {
	JSON_FIELD(TEXT, "phase", struct pod_status, phase),
	JSON_EACH("conditions", read_condition),
	JSON_FIELD(TEXT, "message", struct pod_status, message),
	JSON_FIELD(TEXT, "reason", struct pod_status, reason),
	JSON_FIELD(TEXT, "nominatedNodeName", struct pod_status, nominated),
	JSON_FIELD(TIME, "startTime", struct pod_status, start),
	JSON_EACH("initContainerStatuses", read_container_status),
	JSON_EACH("containerStatuses", read_container_status),
	JSON_EACH("ephemeralContainerStatuses", read_container_status),
};

static void read_status(struct json *j, void *object)
{
	struct body *b = object;
	struct pod_status s = { .body = b, .start = NSEC_NONE };
	size_t first = b->facts->n;

	json_fields(j, status_fields, ARRAY_SIZE(status_fields), &s);
	if (s.nominated.n) {
		struct fact *f = body_fact(b, FACT_NOMINATED);

		f->subject = s.nominated;
		f->precision = PRECISION_INFERRED;
	}
	if (s.phase.n) {
		struct fact *f = body_fact(b, FACT_PHASE);

		f->reason = s.phase;
		f->subject = s.reason; /* status.reason, e.g. Evicted */
		f->message = s.message;
		f->precision = PRECISION_INFERRED;
	}
	compare_with_start(b, first, known_time(s.start));
}

/* The Pod */

static void read_metadata(struct json *j, void *object)
{
	body_metadata(j, &((struct body *)object)->meta);
}

static const struct json_field pod_fields[] = {
	JSON_FIELD(TEXT, "kind", struct body, meta.kind),
	JSON_OTHER("metadata", read_metadata),
	JSON_INSIDE("spec", spec_fields),
	JSON_OTHER("status", read_status),
};

void body_pod(struct json *j, struct body *b)
{
	struct pod_object *o = &b->pod;
	const struct object_meta *meta = &b->meta;

	*o = (struct pod_object){ .created = NSEC_NONE, .grace = -1 };
	if (!json_fields(j, pod_fields, ARRAY_SIZE(pod_fields), b))
		return;
	body_deletion(b);
	sort_containers(b);
	o->generate_name = meta->generate_name;
	o->labels = meta->labels;
	o->mirror = meta->mirror;
	o->service = meta->service;
	o->owner_kind = meta->owner_kind;
	o->owner_name = meta->owner_name;
	o->claims = claims_of(b);
	if (!b->written) { /* clients do not decide these */
		o->uid = meta->uid;
		o->created = meta->created;
	}
	if (meta->kind.n && !str_eq(meta->kind, STR("Pod")))
		return;
	/* a complete Pod without these has none; a patch only does not mention them */
	if (!b->written && !o->owner_kind.p)
		o->owner_kind = o->owner_name = STR("");
	if (o->has_spec && !o->node.p)
		o->node = STR("");
}
