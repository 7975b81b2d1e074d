/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/pod_json.h"
#include "documents/pods.h"

static void put_stage_seconds(struct json_writer *w, const struct timeline *t)
{
	put_object(w, "stageSeconds");
	for (int i = 0; i < STAGE_COUNT; i++) {
		nsec time =
		    stages_time(t->stages, t->n_stages, (enum lifecycle_stage)i, NSEC_NONE, NULL);

		if (nsec_known(time))
			put_seconds(w, lifecycle_rows[i].name, time);
	}
	json_end_object(w);
}

static void put_delivery(struct json_writer *w, const struct timeline *t, const struct delivery *d,
			 nsec age)
{
	uint64_t restarts = 0;
	bool known = sight_restarts(t, &restarts);

	pod_json_verdict(w, t, d);
	put_time(w, "created", t->marks[MILESTONE_CREATED].at);
	put_time(w, "ready", t->marks[MILESTONE_READY].at);
	put_time(w, "deleted", t->marks[MILESTONE_DELETED].at);
	put_time(w, "gone", sight_gone(t));
	put_seconds(w, "ageSeconds", age);
	put_known(w, "restarts", known, (int64_t)restarts);
	pod_json_seconds(w, d);
	put_stage_seconds(w, t);
}

static void put_sight(struct json_writer *w, const struct timeline *t, const struct sight *s)
{
	put_maybe(w, "status", s->status);
	put_known(w, "readyContainers", s->ready_known, s->ready);
	put_known(w, "containerCount", s->ready_known, s->containers);
	put_known(w, "restarts", s->restarts_known, (int64_t)s->restarts);
	put_time(w, "lastRestart", s->last_restart);
	put_time(w, "created", t->marks[MILESTONE_CREATED].at);
	put_seconds(w, "ageSeconds", s->age);
}

void pods_json_row(struct json_writer *w, const struct pods_row *r)
{
	const struct pods *p = r->p;

	if (p->format == PODS_JSONL) {
		put_head(w, nsec_known(p->at) ? "PodSight" : "PodSummary");
		if (nsec_known(p->at))
			put_time(w, "at", p->at);
	} else {
		json_begin_object(w);
	}
	if (!nsec_known(p->at)) {
		pod_json_identity(w, r->t);
		put_delivery(w, r->t, r->d, r->age);
	} else {
		struct timeline then = *r->t;

		then.node = r->sight.node;
		pod_json_identity(w, &then);
		put_sight(w, r->t, &r->sight);
	}
	json_end_object(w);
}
