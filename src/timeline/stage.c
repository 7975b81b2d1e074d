/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/stage.h"

#define ROW(stage, name, owner, writer, what)                                                      \
	[STAGE_##stage] = { name, OWNER_##owner, WRITTEN_BY_##writer, what }

/* clang-format off */
const struct lifecycle_row lifecycle_rows[STAGE_COUNT] = {
	ROW(ADMISSION, "admission", PLATFORM, ANY,
	    "create received to answered: webhooks, quota"),
	ROW(SCHEDULING_GATE, "schedulingGate", USER, ANY, "admitted to the last gate taken off"),
	ROW(SCHEDULE, "schedule", PLATFORM, SCHEDULER, "admitted, or ungated, to bound"),
	ROW(STARTUP_WAIT, "startupWait", PLATFORM, KUBELET, "bound to the kubelet's first sign"),
	ROW(SANDBOX, "sandbox", PLATFORM, KUBELET, "volumes, network, sandbox"),
	ROW(IMAGE_PULL, "imagePull", PLATFORM, KUBELET, "one image, waiting included"),
	ROW(INIT, "init", USER, KUBELET, "one init container"),
	ROW(CREATE, "create", PLATFORM, KUBELET, "image there to container created"),
	ROW(START, "start", PLATFORM, KUBELET, "container created to started"),
	ROW(POST_START_HOOK, "postStartHook", USER, KUBELET, "started to the hook's end"),
	ROW(READINESS, "readiness", USER, KUBELET, "all started to ContainersReady"),
	ROW(READINESS_GATE, "readinessGate", PLATFORM, KUBELET, "ContainersReady to Ready"),
	ROW(KILL_WAIT, "killWait", PLATFORM, KUBELET, "deletion requested to Killing"),
	ROW(STOP, "stop", USER, KUBELET, "one container: Killing to its end"),
	ROW(CLEANUP, "cleanup", PLATFORM, KUBELET, "all stopped to released by the kubelet"),
	ROW(FINALIZERS, "finalizers", PLATFORM, HOLDER, "released by the kubelet to gone"),
	ROW(CONSUMER, "waitForConsumer", USER, KUBELET, "until a pod that uses it is scheduled"),
	ROW(PROVISION, "provision", PLATFORM, KUBELET, "a volume is made"),
	ROW(BIND, "bind", PLATFORM, KUBELET, "the volume is there, to Bound"),
};
/* clang-format on */

struct stage *stage_list_add(struct stage_list *l, struct stage stage)
{
	if (!mark_known(&stage.start))
		return NULL;
	if (mark_known(&stage.end)) {
		stage.end.at = MAX(stage.end.at, stage.start.at);
		stage.open = false;
	}
	stage.waited = NSEC_NONE;
	arena_reserve(l->arena, l->list, l->n, l->cap);
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

nsec stages_time(const struct stage *stages, size_t n, enum lifecycle_stage stage, nsec until,
		 struct stage_edge *ret)
{
	nsec covered = NSEC_NONE, sum = NSEC_NONE;
	struct stage_edge last = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct stage *s = &stages[i];
		bool open = !mark_known(&s->end);
		nsec from = s->start.at, to = open ? until : s->end.at;

		if (s->stage != stage || (open && (!s->open || !nsec_known(until))))
			continue;
		last.open |= open;
		if (!nsec_known(covered) || to >= covered)
			last.evidence = open ? s->start.evidence : s->end.evidence;
		from = clock_later(from, covered);
		sum = MAX(sum, 0) + MAX(to - from, 0);
		covered = clock_later(covered, to);
	}
	if (ret)
		*ret = last;
	return sum;
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
	while (nsec_known(until)) {
		size_t best = n;
		nsec best_end = NSEC_NONE;

		for (size_t i = 0; i < n; i++) {
			nsec ended = end_of(&stages[i], end, open);

			if (ret_critical[i] || !nsec_known(ended) || ended > until ||
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
