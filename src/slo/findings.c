/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/findings.h"

static bool has_audit(const struct findings_ground *g)
{
	return g->ingest->records > 0;
}

/* Pods of which a part is missing. */
static void missing(const struct findings_ground *g, uint64_t there, uint64_t *ret_n,
		    uint64_t *ret_of)
{
	*ret_of = g->coverage->pods;
	*ret_n = g->coverage->pods - there;
}

static void only_dumps(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	*ret_n = has_audit(g) ? 0 : g->coverage->pods;
}

static void no_pods(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	*ret_n = g->ingest->podRecords ? 0 : g->ingest->records;
}

static void creates(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	if (has_audit(g))
		missing(g, g->coverage->create, ret_n, ret_of);
}

static void bindings(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	if (!has_audit(g))
		return;
	*ret_of = g->coverage->scheduled;
	*ret_n = g->coverage->scheduled - g->coverage->binding;
}

static void status_writes(const struct findings_ground *g, uint64_t *ret_writes,
			  uint64_t *ret_bodies)
{
	*ret_writes = *ret_bodies = 0;
	for (size_t i = 0; i < g->context->cluster_names.n; i++) {
		*ret_writes += g->context->clusters[i].status_writes;
		*ret_bodies += g->context->clusters[i].status_bodies;
	}
}

static void status_hidden(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	uint64_t writes, bodies;

	status_writes(g, &writes, &bodies);
	*ret_n = writes - bodies;
	*ret_of = writes;
}

/* In any log a few pods have no status; if all pods of a cluster have none, statuses are not
 * logged. */
static void status_missing(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	for (size_t i = 0; i < g->context->cluster_names.n; i++)
		if (g->context->clusters[i].records && !g->context->clusters[i].status_writes)
			missing(g, g->coverage->status + g->coverage->statusHidden, ret_n, ret_of);
}

static void events_missing(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	missing(g, g->coverage->events + g->coverage->eventsHidden, ret_n, ret_of);
}

static void events_hidden(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	*ret_n = g->coverage->eventsHidden;
	*ret_of = g->coverage->pods;
}

static void specs(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	missing(g, g->coverage->spec, ret_n, ret_of);
}

static void ready_unsharp(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	const struct coverage *c = g->coverage;

	*ret_n = c->readySecond + c->readyInferred + c->readyBounded;
	*ret_of = c->pods - c->readyUnseen;
}

/* Among the clusters with audit logs. */
static void clusters_without(const struct findings_ground *g, struct str writer, uint64_t *ret_n)
{
	const struct context *c = g->context;

	for (size_t i = 0; i < c->cluster_names.n; i++) {
		const struct log_writer *w =
		    presence_find(&c->presence, c->cluster_names.keys[i], writer);

		*ret_n += c->clusters[i].records && w && !w->chart.records;
	}
}

/* Pods had to be scheduled, but the scheduler is not in the log. */
static void scheduler_absent(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	clusters_without(g, WRITER_SCHEDULER, ret_n);
}

static bool is_kubelet(const struct log_writer *w)
{
	return str_starts(w->name, WRITER_NODE);
}

/* Pods were bound, but kubelets are not in the log. */
static void kubelets_absent(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	const struct presence *p = &g->context->presence;

	for (size_t i = 0; i < p->names.n; i++) {
		if (!is_kubelet(&p->writers[i]) || !presence_knows(&p->writers[i]))
			continue;
		++*ret_of;
		*ret_n += !p->writers[i].chart.records;
	}
}

static bool controls(const struct log_writer *w)
{
	return w->chart.records &&
	       (str_starts(w->name, WRITER_ACCOUNT) || str_eq(w->name, WRITER_CONTROLLERS));
}

/* Kubelets or the scheduler are in the log, but no controller. */
static void controllers_absent(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	const struct presence *p = &g->context->presence;

	for (size_t c = 0; c < g->context->cluster_names.n; c++) {
		bool others = false, controller = false;
		const uint32_t *list;
		size_t n = presence_of(p, g->context->cluster_names.keys[c], &list);

		for (size_t i = 0; i < n; i++) {
			const struct log_writer *w = &p->writers[list[i]];

			controller = controller || controls(w);
			others = others || (w->chart.records >= CHART_RARE && is_kubelet(w));
		}
		*ret_n += others && !controller;
	}
}

static void writer_holes(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	const struct presence *p = &g->context->presence;

	for (size_t i = 0; i < p->names.n; i++) {
		const struct log_writer *w = &p->writers[i];

		*ret_of += w->name.n && w->chart.records && !str_eq(w->name, WRITER_KUBELETS);
		*ret_n += w->name.n && w->own;
	}
}

static void gaps(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	for (size_t i = 0; i < g->context->cluster_names.n; i++)
		*ret_n += g->context->clusters[i].n_gaps;
}

static void jumps(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	for (size_t i = 0; i < g->survey->n_runs; i++)
		*ret_n += g->survey->runs[i].jumps;
}

static void clocks(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	*ret_of = g->context->node_names.n;
	for (size_t i = 0; i < g->context->node_names.n; i++)
		*ret_n += context_clock_behind(&g->context->nodes[i]) > 0;
}

static void count_one(void *ctx, const struct survey_identity *identity)
{
	++*(uint64_t *)ctx;
}

static void mixed(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	survey_mixed(g->survey, count_one, ret_n);
}

static void files_damaged(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)
{
	*ret_n = g->damaged_files;
	*ret_of = g->files;
}

/* A counter of the input, and its total. */
#define COUNTER(function, counter, all)                                                            \
	static void function(const struct findings_ground *g, uint64_t *ret_n, uint64_t *ret_of)   \
	{                                                                                          \
		*ret_n = g->ingest->counter;                                                       \
		*ret_of = all;                                                                     \
	}
COUNTER(nameless, unattributed, 0)
COUNTER(unnamed_deletes, unnamedDeletes, 0)
COUNTER(damaged, malformed, 0)
COUNTER(truncated, truncated, g->ingest->records)
COUNTER(received, stageRequestReceived, g->ingest->records)

/* The most severe first. */
const struct finding_row finding_rows[] = {
	{ "onlyDumps", "pods are known from dumps alone: there is no audit event",
	  "their times are whole seconds; of a pod that was ready more than once, or restarted, "
	  "the "
	  "first time is lost; pods that were gone before the dump are missing",
	  "switch the audit log on ('lunettes policy')", only_dumps,
	  "pod is known from dumps alone: there is no audit event" },
	{ "podsMissing", "audit events, and none of them tells of a pod",
	  "there is nothing to tell of",
	  "log pods and their subresources ('lunettes policy'), and read the logs of all API "
	  "servers",
	  no_pods, "audit event, and it does not tell of a pod" },
	{ "statusWritesMissing", "pods: no write of pods/status is logged",
	  "when they became ready is known only where somebody read them back; the others are "
	  "excluded",
	  "log update and patch of pods/status at level Request", status_missing },
	{ "statusBodiesMissing", "writes of pods/status have no body",
	  "readiness is known only where somebody read the pod back, and then to the second; where "
	  "nobody did, the pod is excluded",
	  "log update and patch of pods/status at level Request", status_hidden },
	{ "kubeletsAbsent", "nodes got pods, and their kubelets wrote nothing to this log",
	  "pods on these nodes are excluded, unless something else shows that they became ready",
	  "read the logs of all API servers: each one logs only the requests that it served",
	  kubelets_absent },
	{ "schedulerAbsent", "clusters: the scheduler wrote nothing to this log",
	  "when pods were scheduled is known to the second, and why they waited is not known",
	  "read the logs of all API servers: each one logs only the requests that it served",
	  scheduler_absent, "cluster: the scheduler wrote nothing to this log" },
	{ "readyUnsharp", "pods that became ready: when is known to the second, or as a bound",
	  "their durations are uncertain by up to a second, or they count as success only if even "
	  "the bound is in time",
	  "log update and patch of pods/status at level Request", ready_unsharp },
	{ "createsMissing", "pods: the request that created them is not in the log",
	  "they are excluded, or their creation is known to the second from what was read back",
	  "log create of pods at level RequestResponse, and keep logs from before the pods were "
	  "created",
	  creates },
	{ "createsNameless", "successful creates of pods do not show the pod's name",
	  "admission and the exact time of creation are lost",
	  "log create of pods at level RequestResponse: with generateName the name stands only in "
	  "the answer",
	  nameless, "successful create of a pod does not show the pod's name" },
	{ "specsMissing", "pods: no record shows their spec",
	  "their class, containers and images are unknown: the stages of containers cannot be told",
	  "log create of pods at level RequestResponse", specs },
	{ "bindingsMissing", "pods that were scheduled: no binding is in the log",
	  "when they were scheduled is known to the second from a condition or an Event, or not at "
	  "all",
	  "log create of pods/binding: level Metadata gives the time, Request the node", bindings },
	{ "eventsMissing", "pods: no Event about them is there",
	  "image pulls, the sandbox and the start of containers cannot be told apart",
	  "log create and patch of events, in the core group and in events.k8s.io, at level "
	  "Request; or dump them within their hour: kubectl get events -A -o json",
	  events_missing },
	{ "eventsHidden", "pods: Events about them are logged without their content",
	  "only that something happened is known, to the nanosecond; not what",
	  "log create and patch of events at level Request", events_hidden },
	{ "truncated", "records lost their bodies to the API server's limit",
	  "they count as if they were logged at level Metadata",
	  "raise --audit-log-truncate-max-event-size, or leave out managed fields "
	  "(omitManagedFields)",
	  truncated },
	{ "controllersAbsent", "clusters: no controller wrote anything to this log",
	  "creations and deletions by ReplicaSets, Jobs and others are known to the second, or not "
	  "at all",
	  "read the logs of all API servers: each one logs only the requests that it served",
	  controllers_absent, "cluster: no controller wrote anything to this log" },
	{ "gaps", "gaps without any record: of a minute or more, or far longer than usual here",
	  "a pod that may have become ready in one of them is excluded",
	  "keep all rotated files: --audit-log-maxbackup, --audit-log-maxage, --audit-log-maxsize",
	  gaps, "gap without any record: of a minute or more, or far longer than usual here" },
	{ "writerHoles", "writers are silent for far longer than they usually are",
	  "a pod that waited for one of them in that time is excluded",
	  "read the logs of all API servers, and keep all rotated files; a kubelet that was "
	  "stopped is silent, too",
	  writer_holes, NULL },
	{ "clockJumps", "times go back by more than ten minutes within a file",
	  "durations across them are wrong if a clock was set; if files were put together, nothing",
	  NULL, jumps, "time goes back by more than ten minutes within a file" },
	{ "clocksBehind", "nodes have a clock that is behind: pods are ready before their creation",
	  "when pods on them became ready, and how long that took, is unknown",
	  "synchronise the nodes' clocks (NTP)", clocks },
	{ "clustersMixed", "signs of more than one cluster in what is read as one",
	  "pods of the same name are taken for one another",
	  "read each cluster's files with --cluster NAME=PATH", mixed,
	  "sign of more than one cluster in what is read as one" },
	{ "damaged", "lines are torn or not JSON", "what they said is lost; the notes name them",
	  NULL, damaged, "line is torn or not JSON" },
	{ "filesDamaged", "files could not be read to their end",
	  "what the rest of them said is lost; the notes say why", "fetch them once more",
	  files_damaged },
	{ "deletesNameless", "deletions of collections do not show which pods they deleted",
	  "such pods seem to live on until another record shows them being deleted",
	  "log deletecollection of pods at level RequestResponse", unnamed_deletes,
	  "deletion of a collection does not show which pods it deleted" },
	{ "requestReceived", "records are of audit stage RequestReceived",
	  "they are read and not used: they say nothing that the later stages do not",
	  "omitStages: [RequestReceived]", received },
};
const size_t n_finding_rows = ARRAY_SIZE(finding_rows);
