/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/stage.h"

const struct lifecycle_row lifecycle_rows[STAGE_COUNT] = {
	[STAGE_ADMISSION] = { "admission", OWNER_PLATFORM, WRITTEN_BY_ANY,
			      "create received to answered: webhooks, quota" },
	[STAGE_SCHEDULING_GATE] = { "schedulingGate", OWNER_USER, WRITTEN_BY_ANY,
				    "admitted to the last gate taken off" },
	[STAGE_SCHEDULE] = { "schedule", OWNER_PLATFORM, WRITTEN_BY_SCHEDULER,
			     "admitted, or ungated, to bound" },
	[STAGE_STARTUP_WAIT] = { "startupWait", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
				 "bound to the kubelet's first sign" },
	[STAGE_SANDBOX] = { "sandbox", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			    "volumes, network, sandbox" },
	[STAGE_IMAGE_PULL] = { "imagePull", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			       "one image, waiting included" },
	[STAGE_INIT] = { "init", OWNER_USER, WRITTEN_BY_KUBELET, "one init container" },
	[STAGE_CREATE] = { "create", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			   "image there to container created" },
	[STAGE_START] = { "start", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			  "container created to started" },
	[STAGE_POST_START_HOOK] = { "postStartHook", OWNER_USER, WRITTEN_BY_KUBELET,
				    "started to the hook's end" },
	[STAGE_READINESS] = { "readiness", OWNER_USER, WRITTEN_BY_KUBELET,
			      "all started to ContainersReady" },
	[STAGE_READINESS_GATE] = { "readinessGate", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
				   "ContainersReady to Ready" },
	[STAGE_KILL_WAIT] = { "killWait", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			      "deletion requested to Killing" },
	[STAGE_STOP] = { "stop", OWNER_USER, WRITTEN_BY_KUBELET,
			 "one container: Killing to its end" },
	[STAGE_CLEANUP] = { "cleanup", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			    "all stopped to released by the kubelet" },
	[STAGE_FINALIZERS] = { "finalizers", OWNER_PLATFORM, WRITTEN_BY_HOLDER,
			       "released by the kubelet to gone" },
	[STAGE_CONSUMER] = { "waitForConsumer", OWNER_USER, WRITTEN_BY_KUBELET,
			     "until a pod that uses it is scheduled" },
	[STAGE_PROVISION] = { "provision", OWNER_PLATFORM, WRITTEN_BY_KUBELET, "a volume is made" },
	[STAGE_BIND] = { "bind", OWNER_PLATFORM, WRITTEN_BY_KUBELET,
			 "the volume is there, to Bound" },
};

struct stage *stage_list_add(struct stage_list *l, struct stage stage)
{
	if (!mark_known(&stage.start))
		return NULL;
	if (mark_known(&stage.end)) {
		stage.end.at = MAX(stage.end.at, stage.start.at);
		stage.open = false;
	}
	stage.waited = NSEC_NONE;
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 4;
		l->list = arena_grow(l->arena, l->list, l->n, l->cap, sizeof(*l->list));
	}
	l->list[l->n] = stage;
	return &l->list[l->n++];
}

struct str owner_name(enum owner owner)
{
	static const char *const names[] = { "", "platform", "user" };

	return str_from(names[owner]);
}

enum owner stage_owner(const struct stage *stage)
{
	return stage->owner != OWNER_NONE ? stage->owner : lifecycle_rows[stage->stage].owner;
}

bool stages_open(const struct stage *stages, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (stages[i].open)
			return true;
	return false;
}

static int by_start(const void *a, const void *b)
{
	const struct stage *x = a, *y = b;

	if (x->start.at != y->start.at)
		return x->start.at < y->start.at ? -1 : 1;
	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	return str_cmp(x->subject, y->subject);
}

const struct stage *stage_list_sort(struct stage_list *l, size_t *ret_n)
{
	if (l->n)
		qsort(l->list, l->n, sizeof(*l->list), by_start);
	*ret_n = l->n;
	return l->list;
}

/* The critical chain */

static nsec end_of(const struct stage *s, nsec end, bool open)
{
	return mark_known(&s->end) ? s->end.at : s->open && open ? end : NSEC_NONE;
}

void stages_critical(const struct stage *stages, size_t n, nsec end, bool open, bool *ret_critical)
{
	nsec until = end;

	memset(ret_critical, 0, n * sizeof(*ret_critical));
	while (until != NSEC_NONE) {
		size_t best = n;
		nsec best_end = NSEC_NONE;

		for (size_t i = 0; i < n; i++) {
			nsec ended = end_of(&stages[i], end, open);

			if (ret_critical[i] || ended == NSEC_NONE || ended > until ||
			    stages[i].start.at > until || ended < best_end)
				continue;
			if (ended > best_end || stages[i].start.at < stages[best].start.at) {
				best = i;
				best_end = ended;
			}
		}
		if (best == n)
			break;
		ret_critical[best] = true;
		until = stages[best].start.at;
	}
}
