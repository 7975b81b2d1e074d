/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/survey.h"

#include "base/mem.h"
#include "kube/envelope.h"

enum {
	KEY_MAX = 512,
	NAMES_MAX = 4096 /* resources and agents; further ones are counted together */
};

void survey_begin(struct survey *s)
{
	s->running = false;
}

void survey_free(struct survey *s)
{
	mem_free(s->runs);
	mem_free(s->identities);
	mem_free(s->levels);
	mem_free(s->agent_records);
	map_free(&s->identity_names);
	map_free(&s->resources);
	map_free(&s->agents);
	*s = (struct survey){ 0 };
}

/* Order */

/* Each record is compared with the one before it, not with the latest so far. So the result does
 * not depend on how the file was split into runs. */
static void run_step(struct survey_run *run, struct position position, nsec at)
{
	nsec back = run->last - at;

	if (back <= 0)
		return;
	run->disorder++;
	run->worst = MAX(run->worst, back);
	if (back > SURVEY_JUMP && !run->jumps++) {
		run->jump = position;
		run->jumped = back;
	}
}

static void run_add(struct survey_run *run, struct position position, nsec at)
{
	run->records++;
	run->least = MIN(run->least, at);
	run->most = MAX(run->most, at);
	run_step(run, position, at);
	run->last = at;
}

static struct survey_run *run_new(struct survey *s)
{
	array_reserve(s->runs, s->runs_cap, s->n_runs + 1);
	return &s->runs[s->n_runs++];
}

static void add_to_run(struct survey *s, struct position position, nsec at)
{
	struct survey_run *run = s->n_runs ? &s->runs[s->n_runs - 1] : NULL;

	if (!s->running || run->begin.source != position.source ||
	    run->begin.member != position.member) {
		run = run_new(s);
		*run = (struct survey_run){
			.begin = position, .first = at, .least = at, .most = at, .last = at
		};
		s->running = true;
	}
	run_add(run, position, at);
}

static int by_position(const struct position *a, const struct position *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static int by_begin(const void *a, const void *b)
{
	return by_position(&((const struct survey_run *)a)->begin,
			   &((const struct survey_run *)b)->begin);
}

/* Appends the following run of the same file to `run`. */
static void run_join(struct survey_run *run, const struct survey_run *next)
{
	run_step(run, next->begin, next->first);
	if (!run->jumps && next->jumps) {
		run->jump = next->jump;
		run->jumped = next->jumped;
	}
	run->jumps += next->jumps;
	run->records += next->records;
	run->disorder += next->disorder;
	run->worst = MAX(run->worst, next->worst);
	run->least = MIN(run->least, next->least);
	run->most = MAX(run->most, next->most);
	run->last = next->last;
}

static void join_runs(struct survey *s)
{
	size_t n = 0;

	if (s->n_runs)
		qsort(s->runs, s->n_runs, sizeof(*s->runs), by_begin);
	for (size_t i = 0; i < s->n_runs; i++) {
		const struct position *begin = &s->runs[i].begin;

		if (n && s->runs[n - 1].begin.source == begin->source &&
		    s->runs[n - 1].begin.member == begin->member)
			run_join(&s->runs[n - 1], &s->runs[i]);
		else
			s->runs[n++] = s->runs[i];
	}
	s->n_runs = n;
}

/* Identities */

/* Accounts that kube-controller-manager creates in every cluster and that are never recreated: each
 * further UID is another cluster. */
static bool is_controller(struct str user, struct str *ret_account)
{
	static const struct str prefix = { "system:serviceaccount:kube-system:", 34 };
	static const char *const accounts[] = { "namespace-controller", "replicaset-controller",
						"generic-garbage-collector", "node-controller",
						"resourcequota-controller" };

	if (!str_starts(user, prefix))
		return false;
	*ret_account = str_after(user, prefix.n);
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++)
		if (str_eq(*ret_account, str_from(accounts[i])))
			return true;
	return false;
}

/* Names joined by NUL; empty if they are too long. */
static struct str join_names(char key[KEY_MAX], const struct str *names, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (names[i].n >= KEY_MAX - at || (names[i].n && memchr(names[i].p, 0, names[i].n)))
			return (struct str){ 0 };
		if (names[i].n)
			memcpy(key + at, names[i].p, names[i].n);
		at += names[i].n;
		if (i + 1 < n)
			key[at++] = 0;
	}
	return (struct str){ key, at };
}

static void identity_add(struct survey *s, struct str key, struct position first, uint64_t records)
{
	struct survey_identity *identity;
	bool is_new;
	uint32_t i;

	if (!key.n ||
	    (s->identity_names.n >= NAMES_MAX && map_find(&s->identity_names, key) == MAP_NONE))
		return;
	i = map_put(&s->identity_names, key, &is_new);
	array_reserve(s->identities, s->identities_cap, (size_t)i + 1);
	identity = &s->identities[i];
	if (is_new) {
		struct str rest;

		*identity = (struct survey_identity){ .first = first };
		str_cut(s->identity_names.keys[i], 0, &identity->cluster, &rest);
		str_cut(rest, 0, &identity->account, &identity->uid);
	}
	if (by_position(&first, &identity->first) < 0)
		identity->first = first;
	identity->records += records;
}

static void add_identity(struct survey *s, const struct audit *a, struct position position)
{
	struct str account;
	char key[KEY_MAX];

	if (a->user_uid.n && is_controller(a->username, &account))
		identity_add(s,
			     join_names(key, (struct str[]){ a->cluster, account, a->user_uid }, 3),
			     position, 1);
}

static int by_first(const void *a, const void *b)
{
	return by_position(&(*(const struct survey_identity *const *)a)->first,
			   &(*(const struct survey_identity *const *)b)->first);
}

void survey_mixed(const struct survey *s,
		  void (*report)(void *ctx, const struct survey_identity *identity), void *ctx)
{
	size_t n = s->identity_names.n;
	const struct survey_identity **list = mem_alloc((n + 1) * sizeof(struct survey_identity *));

	for (size_t i = 0; i < n; i++)
		list[i] = &s->identities[i];
	qsort(list, n, sizeof(struct survey_identity *), by_first);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(list[k]->account, list[i]->account) &&
			    str_eq(list[k]->cluster, list[i]->cluster)) {
				report(ctx, list[i]);
				break;
			}
	mem_free(list);
}

/* Details */

static enum audit_level level_of(struct str level)
{
	if (str_eq(level, STR("Metadata")))
		return LEVEL_METADATA;
	if (str_eq(level, STR("Request")))
		return LEVEL_REQUEST;
	return str_eq(level, STR("RequestResponse")) ? LEVEL_REQUEST_RESPONSE : LEVEL_OTHER;
}

static uint32_t name_put(struct map *m, struct str name, bool *ret_is_new)
{
	static const struct str others = { "(others)", 8 };

	*ret_is_new = false;
	if (!name.n || (m->n >= NAMES_MAX && map_find(m, name) == MAP_NONE))
		name = others;
	return map_put(m, name, ret_is_new);
}

static void resource_add(struct survey *s, struct str name, const uint64_t levels[LEVEL_N])
{
	bool is_new;
	uint32_t i = name_put(&s->resources, name, &is_new);

	array_reserve(s->levels, s->levels_cap, (size_t)i + 1);
	if (is_new)
		memset(s->levels[i], 0, sizeof(s->levels[i]));
	for (size_t k = 0; k < LEVEL_N; k++)
		s->levels[i][k] += levels[k];
}

static void add_resource(struct survey *s, const struct audit *a)
{
	uint64_t levels[LEVEL_N] = { 0 };
	char name[KEY_MAX];
	int n = snprintf(name, sizeof(name), STR_FMT "%s" STR_FMT "%s" STR_FMT,
			 STR_ARG(a->resource), a->api_group.n ? "." : "", STR_ARG(a->api_group),
			 a->subresource.n ? "/" : "", STR_ARG(a->subresource));

	levels[level_of(a->level)] = 1;
	if (a->has_ref)
		resource_add(s, (struct str){ name, n < KEY_MAX ? (size_t)n : 0 }, levels);
}

static void agent_add(struct survey *s, struct str name, uint64_t records)
{
	bool is_new;
	uint32_t i = name_put(&s->agents, name, &is_new);

	array_reserve(s->agent_records, s->agents_cap, (size_t)i + 1);
	if (is_new)
		s->agent_records[i] = 0;
	s->agent_records[i] += records;
}

/* kubelet/v1.32.13 (linux/amd64) ...: user agents of components contain their version. */
static void add_agent(struct survey *s, const struct audit *a)
{
	static const char *const components[] = { "kube-apiserver", "kube-scheduler",
						  "kube-controller-manager", "kubelet" };
	struct str component, version, rest;
	char key[KEY_MAX];

	if (!str_cut(a->user_agent, '/', &component, &version))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(components); i++) {
		if (!str_eq(component, str_from(components[i])))
			continue;
		str_cut(version, ' ', &version, &rest);
		if (str_starts(version, STR("v")))
			agent_add(s, join_names(key, (struct str[]){ component, version }, 2), 1);
		return;
	}
}

void survey_record(struct survey *s, const struct audit *a, struct position position)
{
	if (nsec_known(a->completed))
		add_to_run(s, position, a->completed);
	add_identity(s, a, position);
	if (!s->detailed)
		return;
	add_resource(s, a);
	add_agent(s, a);
}

void survey_component(struct survey *s, struct str component, struct str version)
{
	char key[KEY_MAX];

	if (s->detailed)
		agent_add(s, join_names(key, (struct str[]){ component, version }, 2), 1);
}

void survey_merge(struct survey *sum, const struct survey *more)
{
	for (size_t i = 0; i < more->n_runs; i++)
		*run_new(sum) = more->runs[i];
	for (size_t i = 0; i < more->identity_names.n; i++)
		identity_add(sum, more->identity_names.keys[i], more->identities[i].first,
			     more->identities[i].records);
	for (size_t i = 0; i < more->resources.n; i++)
		resource_add(sum, more->resources.keys[i], more->levels[i]);
	for (size_t i = 0; i < more->agents.n; i++)
		agent_add(sum, more->agents.keys[i], more->agent_records[i]);
}

void survey_finish(struct survey *s)
{
	join_runs(s);
}
