/* SPDX-License-Identifier: Apache-2.0 */
/* One audit event: what is derived from its envelope, how it is counted, and which handler gets
 * it. */
#include "json/fields.h"
#include "kube/audit.h"
#include "kube/kinds.h"

/* The cluster assigns user names; clients choose their user agent, so it only decides when the user
 * name does not. */
static enum origin origin_of(const struct audit *a)
{
	static const struct {
		struct str user, agent;
		enum origin origin;
	} rows[] = {
		{ { "system:node:", 12 }, { "kubelet", 7 }, ORIGIN_KUBELET },
		{ { "system:kube-scheduler", 21 }, { "kube-scheduler", 14 }, ORIGIN_SCHEDULER },
		{ { "system:kube-controller-manager", 30 },
		  { "kube-controller-manager", 23 },
		  ORIGIN_CONTROLLER },
		{ { "system:apiserver", 16 }, { "kube-apiserver", 14 }, ORIGIN_APISERVER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_starts(a->username, rows[i].user))
			return rows[i].origin;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_starts(a->user_agent, rows[i].agent))
			return rows[i].origin;
	return ORIGIN_OTHER;
}

static bool is_dry_run(struct str uri)
{
	struct str path, query;

	return str_cut(uri, '?', &path, &query) && str_contains(query, STR("dryRun="));
}

static void derive_event(struct decoder *d, struct audit *a)
{
	static const struct str node_user = { "system:node:", 12 };

	if (!nsec_known(a->received))
		a->received = a->completed;
	if (!nsec_known(a->received))
		a->received = nsec_known(a->timestamp) ? a->timestamp : a->created;
	if (!nsec_known(a->completed))
		a->completed = a->received;
	if (a->real_level.n)
		a->level = a->real_level;
	if (d->cluster.n || !a->cluster.p)
		a->cluster = d->cluster;
	a->origin = origin_of(a);
	if (str_starts(a->username, node_user))
		a->node = str_after(a->username, node_user.n);
	a->success = (a->code >= 200 && a->code < 300) || a->code == 101;
	a->dry_run = is_dry_run(a->uri);
}

/* The clients whose silence is evidence of a gap: schedulers, kubelets and controllers. */
static struct str writer_of(const struct audit *a)
{
	if (a->node.n)
		return a->username;
	if (a->origin == ORIGIN_KUBELET)
		return WRITER_KUBELET;
	if (a->origin == ORIGIN_SCHEDULER || str_eq(a->subresource, STR("binding")))
		return WRITER_SCHEDULER;
	if (str_starts(a->username, WRITER_ACCOUNT))
		return a->username;
	return a->origin == ORIGIN_CONTROLLER ? WRITER_CONTROLLERS : STR("");
}

static enum writing writing_of(const struct audit *a)
{
	if (str_eq(a->resource, STR("leases")))
		return WRITING_LEASE;
	return str_eq(a->resource, STR("events")) ? WRITING_EVENT : WRITING_OTHER;
}

static void note_presence(struct decoder *d, const struct audit *a)
{
	struct presence *p = &d->context.presence;
	enum writing what = writing_of(a);
	struct str writer = writer_of(a);

	/* the API server renews its own lease whatever happens to its clients */
	context_record(&d->context, a->cluster, a->completed,
		       writer.n || what != WRITING_LEASE ? what : WRITING_OTHER);
	if (writer.n)
		presence_add(p, a->cluster, writer, a->completed, what);
	/* controllers have accounts of their own, but share one connection to one API server */
	if (a->origin == ORIGIN_CONTROLLER && str_starts(writer, WRITER_ACCOUNT))
		presence_add(p, a->cluster, WRITER_CONTROLLERS, a->completed, what);
}

static void count_event(struct decoder *d, const struct audit *a)
{
	d->ingest.records++;
	if (str_eq(a->level, STR("Metadata")))
		d->ingest.levelMetadata++;
	else if (str_eq(a->level, STR("Request")))
		d->ingest.levelRequest++;
	else if (str_eq(a->level, STR("RequestResponse")))
		d->ingest.levelRequestResponse++;
	if (str_eq(a->stage, STR("RequestReceived")))
		d->ingest.stageRequestReceived++;
	else if (str_eq(a->stage, STR("ResponseStarted")))
		d->ingest.stageResponseStarted++;
	else if (str_eq(a->stage, STR("Panic")))
		d->ingest.stagePanic++;
	if (a->truncated)
		d->ingest.truncated++;
	if (!nsec_known(a->received)) {
		d->ingest.untimed++;
		audit_note(d, DECODE_UNTIMED, NULL, 0);
		return;
	}
	note_presence(d, a);
	survey_record(&d->survey, a, d->position);
}

/* These, and the kinds that have records; everything else is only counted. */
static const struct audit_handler handlers[] = {
	{ "events", audit_events },	 { "bindings", audit_bindings }, { "nodes", audit_nodes },
	{ "replicasets", audit_owners }, { "jobs", audit_owners },
};

bool audit_delete_dry_run(struct decoder *d, const struct audit *a)
{
	struct json j;

	return a->dry_run || (audit_body(d, a->request, &j) && audit_options_dry_run(&j));
}

int audit_dispatch(struct decoder *d, struct audit *a, struct err *err)
{
	const struct object_row *row;

	derive_event(d, a);
	count_event(d, a);
	d->wrap.taken++;
	d->wrap.judged++;
	if (!nsec_known(a->received) || !a->has_ref)
		return 0;
	/* facts come from finished requests; a panic is one that ended with 500 */
	if (!str_eq(a->stage, STR("ResponseComplete")) && !str_eq(a->stage, STR("Panic")))
		return 0;
	if (d->config.event)
		d->config.event(d->config.event_ctx, a, &d->position, &d->arena);
	row = object_row_of_resource(a->resource, a->api_group);
	if (row && audit_objects(d, a, row, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		if (str_eq(a->resource, str_from(handlers[i].resource)))
			return handlers[i].handle(d, a, err);
	return 0;
}
