/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/kube_burner.h"

#include "documents/put.h"

#define MILLISECOND (SECOND / 1000)

static void put_ms(struct json_writer *w, const char *key, nsec duration)
{
	json_put_key(w, key);
	if (!nsec_known(duration))
		json_put_null(w);
	else
		json_put_i64(w, duration / MILLISECOND);
}

/* uuid and jobName identify a benchmark; here they are the cluster and the workload. */
void kube_burner_pod(struct buf *out, const struct timeline *t, bool first)
{
	struct json_writer w;

	buf_add_str(out, first ? STR("[\n") : STR(",\n"));
	w = json_writer_of(out);
	json_begin_object(&w);
	put_time(&w, "timestamp", t->marks[MILESTONE_CREATED].at);
	for (unsigned i = 0; i < TRANSITION_COUNT; i++)
		if (transition_rows[i].latency)
			put_ms(&w, transition_rows[i].latency,
			       transition_of(t, (enum transition)i));
	put_str(&w, "metricName", STR("podLatencyMeasurement"));
	put_str(&w, "uuid", t->cluster);
	put_str(&w, "namespace", t->namespace);
	put_str(&w, "podName", t->name);
	put_maybe(&w, "nodeName", t->node);
	put_maybe(&w, "jobName", t->workload_name);
	json_end_object(&w);
}

static void put_quantiles(struct json_writer *w, struct quantile *q)
{
	static const struct {
		const char *key;
		unsigned permille;
	} rows[] = {
		{ "P99", 990 }, { "P95", 950 }, { "P50", 500 }, { "min", 0 }, { "max", 1000 }
	};
	struct quantile_value v;
	nsec sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		put_ms(w, rows[i].key, quantile_at(q, rows[i].permille, &v) ? v.value : NSEC_NONE);
	for (size_t i = 0; i < q->n; i++)
		sum += (q->packed[i] >> 1) / MILLISECOND;
	put_int(w, "avg", sum / (nsec)q->n);
}

void kube_burner_end(struct buf *out, struct slo_report *r, bool none)
{
	for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
		struct json_writer w;

		if (!transition_rows[i].quantile || !r->transitions[i].n)
			continue;
		buf_add_str(out, none ? STR("[\n") : STR(",\n"));
		none = false;
		w = json_writer_of(out);
		json_begin_object(&w);
		put_str(&w, "quantileName", str_from(transition_rows[i].quantile));
		put_str(&w, "metricName", STR("podLatencyQuantilesMeasurement"));
		put_quantiles(&w, &r->transitions[i]);
		json_end_object(&w);
	}
	buf_add_str(out, none ? STR("[]\n") : STR("\n]\n"));
}
