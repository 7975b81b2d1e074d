/* SPDX-License-Identifier: Apache-2.0 */
#include "output/slo_json.h"

#include "kube/refusal.h"
#include "output/put.h"

static struct str owner_name(enum owner owner)
{
	static const char *const names[] = { "", "platform", "user" };

	return str_from(names[owner]);
}

/* PodDelivery */

static void put_identity(struct json_writer *w, const struct timeline *t)
{
	bool nameless = t->denied && !t->name.n;

	put_str(w, "cluster", t->cluster);
	put_str(w, "namespace", t->namespace);
	put_maybe(w, "name", nameless ? (struct str){ 0 } : t->name);
	put_maybe(w, "generateName", nameless ? t->generate_name : (struct str){ 0 });
	put_maybe(w, "uid", t->uid);
	put_maybe(w, "node", t->node);
	json_put_key(w, "workload");
	if (!t->workload_kind.p) {
		json_put_null(w);
		return;
	}
	json_begin_object(w);
	put_str(w, "kind", t->workload_kind);
	put_str(w, "name", t->workload_name);
	json_end_object(w);
}

static void put_verdicts(struct json_writer *w, const struct timeline *t, const struct delivery *d)
{
	const struct refusal *refusal = t->denied ? refusal_by_code(t->refusal) : NULL;

	put_maybe(w, "class", d->class_name);
	json_put_key(w, "job");
	if (t->job_known)
		json_put_bool(w, t->job);
	else
		json_put_null(w);
	put_str(w, "verdict", verdict_name(d->verdict));
	put_object(w, "verdicts");
	put_str(w, "deadline", verdict_name(d->deadline_verdict));
	put_str(w, "delivery", verdict_name(d->delivery_verdict));
	json_end_object(w);
	put_str(w, "reason", exclusion_name(d->exclusion));
	put_str(w, "code", t->denied ? t->refusal : STR(""));
	put_str(w, "owner", str_from(refusal ? refusal->owner : ""));
	put_u64(w, "attempts", t->attempts);
}

static const struct printed {
	const char *key;
	enum milestone milestone;
} printed[] = {
	{ "created", MILESTONE_CREATED }, { "scheduled", MILESTONE_SCHEDULED },
	{ "running", MILESTONE_RUNNING }, { "ready", MILESTONE_READY },
	{ "deleted", MILESTONE_DELETED },
};

static void put_stage(struct json_writer *w, const struct stage *s)
{
	bool ended = s->end.at != NSEC_NONE;

	json_begin_object(w);
	put_str(w, "stage", str_from(lifecycle_rows[s->stage].name));
	put_str(w, "subject", s->subject);
	put_str(w, "owner", owner_name(lifecycle_rows[s->stage].owner));
	put_time(w, "start", s->start.at);
	put_time(w, "end", s->end.at);
	put_seconds(w, "seconds", ended ? s->end.at - s->start.at : NSEC_NONE);
	put_str(
	    w, "precision",
	    precision_name(ended ? MAX(s->start.precision, s->end.precision) : s->start.precision));
	/* while the end is unknown: where the start comes from */
	put_str(w, "source", edge_source_name(ended ? s->end.source : s->start.source));
	if (s->stage == STAGE_IMAGE_PULL) {
		put_seconds(w, "waitSeconds", s->waited);
		json_put_key(w, "imageBytes");
		if (s->bytes)
			json_put_i64(w, s->bytes);
		else
			json_put_null(w);
	}
	json_end_object(w);
}

/* In time order; milestones of one moment stay in their own. */
static void put_evidence(struct json_writer *w, const struct timeline *t, const struct basis *basis)
{
	bool done[ARRAY_SIZE(printed)] = { false };

	put_array(w, "evidence");
	for (size_t n = 0; n < ARRAY_SIZE(printed); n++) {
		const struct mark *first = NULL;
		size_t at = 0;

		for (size_t i = 0; i < ARRAY_SIZE(printed); i++) {
			const struct mark *m = &t->marks[printed[i].milestone];

			if (done[i] || m->at == NSEC_NONE || !m->evidence ||
			    (first && m->at >= first->at))
				continue;
			first = m;
			at = i;
		}
		if (!first)
			break;
		done[at] = true;
		json_begin_object(w);
		put_str(w, "fact", str_from(printed[at].key));
		put_str(w, "file", basis_file(basis, first->evidence->position));
		put_u64(w, "line", first->evidence->position.line);
		put_maybe(w, "auditID", first->evidence->audit_id);
		json_end_object(w);
	}
	json_end_array(w);
}

void slo_json_pod(struct buf *out, const struct timeline *t, const struct delivery *d,
		  const struct basis *basis)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "PodDelivery");
	put_identity(&w, t);
	put_verdicts(&w, t, d);
	for (size_t i = 0; i < ARRAY_SIZE(printed); i++)
		put_time(&w, printed[i].key, t->marks[printed[i].milestone].at);
	put_object(&w, "seconds");
	put_seconds(&w, "total", d->total);
	put_seconds(&w, "delivery", d->delivery);
	put_seconds(&w, "user", d->user);
	put_seconds(&w, "startup", d->startup);
	json_end_object(&w);
	put_object(&w, "limitSeconds");
	put_seconds(&w, "deadline", d->deadline_limit);
	put_seconds(&w, "delivery", d->class == CLASS_UNKNOWN ? NSEC_NONE : d->delivery_limit);
	json_end_object(&w);
	put_array(&w, "stages");
	for (size_t i = 0; i < t->n_stages; i++)
		put_stage(&w, &t->stages[i]);
	json_end_array(&w);
	put_evidence(&w, t, basis);
	json_end_object(&w);
	buf_add_char(out, '\n');
}

/* SloReport */

static void put_quantiles(struct json_writer *w, const char *key, struct quantile *q)
{
	static const struct {
		const char *name;
		unsigned permille;
	} rows[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "max", 1000 } };
	struct quantile_value v;

	put_object(w, key);
	put_u64(w, "count", q->n);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_put_key(w, rows[i].name);
		if (!quantile_at(q, rows[i].permille, &v)) {
			json_put_null(w);
			continue;
		}
		json_begin_object(w);
		put_seconds(w, "seconds", v.value);
		json_put_key(w, "censored");
		json_put_bool(w, v.censored);
		json_end_object(w);
	}
	json_end_object(w);
}

static void put_group(struct json_writer *w, struct slo_group *g)
{
	put_u64(w, "pods", g->pods);
	put_object(w, "verdicts");
	for (int i = 0; i < VERDICT_COUNT; i++)
		put_u64(w, verdict_name((enum verdict)i).p, g->verdicts[i]);
	json_end_object(w);
	put_object(w, "excludedReasons");
	for (int i = EXCLUSION_NONE + 1; i < EXCLUSION_COUNT; i++)
		if (g->exclusions[i])
			put_u64(w, exclusion_name((enum exclusion)i).p, g->exclusions[i]);
	json_end_object(w);
	put_u64(w, "judged", slo_group_judged(g));
	put_share(w, "attainment", g->verdicts[VERDICT_SUCCESS], slo_group_judged(g));
	put_quantiles(w, "deliverySeconds", &g->delivery);
}

static void put_stages(struct json_writer *w, struct slo_report *r)
{
	put_array(w, "stages");
	for (int i = 0; i < STAGE_COUNT; i++) {
		struct slo_stage *s = &r->stages[i];

		if (!s->seconds.n)
			continue;
		json_begin_object(w);
		put_str(w, "stage", str_from(lifecycle_rows[i].name));
		put_str(w, "owner", owner_name(lifecycle_rows[i].owner));
		put_u64(w, "pods", s->seconds.n);
		put_seconds(w, "totalSeconds", s->sum);
		put_share(w, "share", (uint64_t)s->sum, (uint64_t)r->total_sum);
		put_quantiles(w, "seconds", &s->seconds);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_slowest(struct json_writer *w, const struct slo_report *r)
{
	put_array(w, "slowest");
	for (size_t i = 0; i < r->n_slowest; i++) {
		const struct slo_slow *s = &r->slowest[i];

		json_begin_object(w);
		put_str(w, "cluster", s->cluster);
		put_str(w, "namespace", s->namespace);
		put_str(w, "name", s->name);
		put_maybe(w, "uid", s->uid);
		put_maybe(w, "node", s->node);
		put_str(w, "verdict", verdict_name(s->verdict));
		put_object(w, "seconds");
		put_seconds(w, "total", s->total);
		put_seconds(w, "delivery", s->delivery);
		put_seconds(w, "waited", s->waited);
		json_end_object(w);
		json_put_key(w, "longest");
		if (s->stage == STAGE_COUNT) {
			json_put_null(w);
		} else {
			json_begin_object(w);
			put_str(w, "stage", str_from(lifecycle_rows[s->stage].name));
			put_str(w, "subject", s->subject);
			put_seconds(w, "seconds", s->stage_time);
			json_end_object(w);
		}
		json_end_object(w);
	}
	json_end_array(w);
}

void slo_json_report(struct buf *out, struct slo_report *r, const struct basis *basis)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "SloReport");
	basis_json(&w, basis);
	put_object(&w, "totals");
	put_group(&w, &r->all);
	json_end_object(&w);
	put_array(&w, "groups");
	for (size_t i = 0; i < r->names.n; i++) {
		json_begin_object(&w);
		put_str(&w, "cluster", r->groups[i].cluster);
		put_str(&w, "namespace", r->groups[i].namespace);
		put_group(&w, &r->groups[i]);
		json_end_object(&w);
	}
	json_end_array(&w);
	put_stages(&w, r);
	put_slowest(&w, r);
	json_end_object(&w);
	buf_add_char(out, '\n');
}
