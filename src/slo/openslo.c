/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSLO v1, as far as supported: lunettes-config(5). */
#include "slo/settings_reading.h"

#define AT(type, field) .offset = offsetof(type, field)
#define DAY (24 * HOUR)

/* A value with its document: an SLI may be in another one than the SLO that refers to it. */
struct indicator {
	const struct document *d;
	const cJSON *node;
};

struct slo_spec {
	const cJSON *indicator, *indicator_ref, *windows, *method, *objectives, *alerts;
};

static const struct config_key slo_keys[] = {
	{ "description", CONFIG_UNREAD },
	{ "service", CONFIG_UNREAD },
	{ "indicator", CONFIG_NODE, AT(struct slo_spec, indicator) },
	{ "indicatorRef", CONFIG_NODE, AT(struct slo_spec, indicator_ref) },
	{ "timeWindow", CONFIG_NODE, AT(struct slo_spec, windows) },
	{ "budgetingMethod", CONFIG_NODE, AT(struct slo_spec, method) },
	{ "objectives", CONFIG_NODE, .required = true, AT(struct slo_spec, objectives) },
	{ "alertPolicies", CONFIG_NODE, AT(struct slo_spec, alerts) },
};

/* OpenSLO's durations: a number and a unit. */

static int read_window_length(const struct document *d, const cJSON *node, void *ret,
			      struct err *err)
{
	static const struct {
		char unit;
		nsec size;
	} units[] = { { 'm', MINUTE }, { 'h', HOUR }, { 'd', DAY }, { 'w', 7 * DAY } };
	struct str text = cJSON_IsString(node) ? config_text(node) : (struct str){ 0 };
	uint64_t n = 0;

	for (size_t i = 0; text.n > 1 && i < ARRAY_SIZE(units); i++) {
		if (text.p[text.n - 1] != units[i].unit ||
		    !str_u64((struct str){ text.p, text.n - 1 }, &n) || n == 0 ||
		    n > (uint64_t)(CONFIG_DURATION_MAX / units[i].size))
			continue;
		*(nsec *)ret = (nsec)n * units[i].size;
		return 0;
	}
	return config_wrong(d, node, err,
			    "a number of minutes (m), hours (h), days (d) or weeks (w), such as "
			    "\"30d\"; months, quarters and years are of no one length");
}

struct time_window {
	nsec length;
	bool rolling;
	const cJSON *calendar;
};

static const struct config_key window_keys[] = {
	{ "duration", CONFIG_OTHER, .required = true, .read = read_window_length,
	  AT(struct time_window, length) },
	{ "isRolling", CONFIG_BOOL, AT(struct time_window, rolling) },
	{ "calendar", CONFIG_NODE, AT(struct time_window, calendar) },
};

static int read_window(struct settings_reading *r, const struct document *d, const cJSON *node,
		       nsec *ret, struct err *err)
{
	struct time_window w = { 0 };

	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 1)
		return config_wrong(d, node, err, "a list of one window");
	if (config_object(d, node->child, CONFIG_TABLE(window_keys), &w, err) < 0)
		return -1;
	if (w.calendar)
		reading_note(r, d, w.calendar, "a window has a length, but no place in time");
	*ret = w.length;
	return 0;
}

/* The indicator */

static const char source_type[] = "lunettes";

struct metric_spec {
	const cJSON *slo, *sli;
	struct workload_match match;
};

static const struct config_key metric_keys[] = {
	{ "slo", CONFIG_NODE, AT(struct metric_spec, slo) },
	{ "sli", CONFIG_NODE, .required = true, AT(struct metric_spec, sli) },
	{ "match", CONFIG_OTHER, .read = reading_match, AT(struct metric_spec, match) },
};

static int read_indicator(struct indicator in, struct objective *ret, struct err *err)
{
	const cJSON *metric = config_get(config_get(in.node, "spec"), "thresholdMetric");
	const cJSON *source = config_get(metric, "metricSource");
	const cJSON *spec = config_get(source, "spec");
	const cJSON *name = config_get(config_get(in.node, "metadata"), "name");
	struct str type = config_get_text(source, "type");
	struct metric_spec m = { 0 };

	if (config_get(config_get(in.node, "spec"), "ratioMetric"))
		return config_error(in.d, config_get(config_get(in.node, "spec"), "ratioMetric"),
				    err, "expected a thresholdMetric: time is measured");
	if (spec && (str_eq(type, str_from(source_type)) || config_get(spec, "sli"))) {
		if (config_object(in.d, spec, CONFIG_TABLE(metric_keys), &m, err) < 0)
			return -1;
		ret->match = m.match;
		return reading_measure(in.d, m.slo, m.sli, ret, err);
	}
	if (!name)
		return config_error(in.d, in.node, err,
				    "nothing says what is measured; expected metricSource.spec.sli "
				    "or metadata.name");
	return reading_measure(in.d, NULL, name, ret, err);
}

static bool is_kind(const struct document *d, const char *kind)
{
	return str_starts(config_get_text(d->root, "apiVersion"), STR("openslo/")) &&
	       str_eq(config_get_text(d->root, "kind"), str_from(kind));
}

static bool find_sli(const struct settings_reading *r, struct str name, struct indicator *ret)
{
	for (size_t i = 0; i < r->config->n; i++) {
		const struct document *d = r->config->documents[i];

		if (!is_kind(d, "SLI") ||
		    !str_eq(config_get_text(config_get(d->root, "metadata"), "name"), name))
			continue;
		*ret = (struct indicator){ d, d->root };
		return true;
	}
	return false;
}

static int read_measured(const struct settings_reading *r, const struct document *d,
			 const struct slo_spec *spec, struct objective *ret, struct err *err)
{
	struct indicator in = { d, spec->indicator };
	struct str name;
	enum sli sli;

	if (spec->indicator) {
		if (!cJSON_IsObject(spec->indicator))
			return config_wrong(d, spec->indicator, err, "an object");
		return read_indicator(in, ret, err);
	}
	if (config_read_text(d, spec->indicator_ref, &name, err) < 0)
		return -1;
	if (find_sli(r, name, &in))
		return read_indicator(in, ret, err);
	if (!sli_find(name, &sli))
		return config_wrong(d, spec->indicator_ref, err,
				    "the name of an SLI in this file, or of one that "
				    "lunettes-config(5) names");
	return reading_measure(d, NULL, spec->indicator_ref, ret, err);
}

/* Objectives */

struct objective_spec {
	const cJSON *op, *value, *share, *percent, *weight, *indicator, *indicator_ref;
	const cJSON *slice_target, *slice_window;
};

static const struct config_key target_keys[] = {
	{ "displayName", CONFIG_UNREAD },
	{ "op", CONFIG_NODE, AT(struct objective_spec, op) },
	{ "value", CONFIG_NODE, AT(struct objective_spec, value) },
	{ "target", CONFIG_NODE, AT(struct objective_spec, share) },
	{ "targetPercent", CONFIG_NODE, AT(struct objective_spec, percent) },
	{ "timeSliceTarget", CONFIG_NODE, AT(struct objective_spec, slice_target) },
	{ "timeSliceWindow", CONFIG_NODE, AT(struct objective_spec, slice_window) },
	{ "compositeWeight", CONFIG_NODE, AT(struct objective_spec, weight) },
	{ "indicator", CONFIG_NODE, AT(struct objective_spec, indicator) },
	{ "indicatorRef", CONFIG_NODE, AT(struct objective_spec, indicator_ref) },
};

static int read_share(const struct document *d, const struct objective_spec *t, const cJSON *node,
		      unsigned *ret, struct err *err)
{
	const cJSON *given = t->share ? t->share : t->percent;
	int64_t ppm;

	if (!t->share == !t->percent)
		return config_error(d, node, err,
				    "expected one of the keys target and targetPercent");
	if (!cJSON_IsNumber(given) ||
	    !config_decimal(config_text(given), t->share ? 6 : 4, &ppm) || ppm <= 0 ||
	    ppm >= 1000000)
		return config_wrong(d, given, err,
				    "a number above 0 and below %s, in whole millionths of all",
				    t->share ? "1, such as 0.995" : "100, such as 99.5");
	*ret = (unsigned)ppm;
	return 0;
}

/* lt becomes lte with a threshold that is 1 ns smaller. */
static int read_threshold(const struct document *d, const struct objective_spec *t,
			  const cJSON *node, nsec *ret, struct err *err)
{
	static const char *const ops[] = { "lte", "lt", NULL };
	unsigned op;

	if (!t->op && !t->value)
		return 0;
	if (!t->op || !t->value)
		return config_error(d, node, err, "expected op and value together");
	if (config_read_choice(d, t->op, ops, &op, err) < 0)
		return -1;
	if (!cJSON_IsNumber(t->value) || !config_decimal(config_text(t->value), 9, ret) ||
	    *ret <= op || *ret > CONFIG_DURATION_MAX)
		return config_wrong(d, t->value, err, "a number of seconds above 0");
	*ret -= op;
	return 0;
}

static int read_target(const struct document *d, const cJSON *node, struct objective *o,
		       struct err *err)
{
	struct objective_spec t = { 0 };
	const cJSON *composite;

	if (config_object(d, node, CONFIG_TABLE(target_keys), &t, err) < 0)
		return -1;
	composite = t.indicator ? t.indicator : t.indicator_ref ? t.indicator_ref : t.weight;
	if (composite)
		return config_key_error(d, composite, err,
					"objectives that are made of others are not read");
	if (t.slice_target || t.slice_window)
		return config_key_error(d, t.slice_target ? t.slice_target : t.slice_window, err,
					"time slices are not read; expected none");
	if (read_threshold(d, &t, node, &o->threshold, err) < 0)
		return -1;
	return read_share(d, &t, node, &o->target_ppm, err);
}

static int read_targets(struct settings_reading *r, const struct document *d, const cJSON *node,
			const struct objective *base, struct err *err)
{
	int n = cJSON_IsArray(node) ? cJSON_GetArraySize(node) : 0, i = 0;

	if (n == 0)
		return config_wrong(d, node, err, "a list of at least one objective");
	for (const cJSON *item = node->child; item; item = item->next) {
		struct objective o = *base;

		i++;
		if (n > 1)
			o.name = arena_printf(&r->settings->arena, STR_FMT "/%d",
					      STR_ARG(base->name), i);
		if (read_target(d, item, &o, err) < 0 || reading_keep(r, d, item, &o, err) < 0)
			return -1;
	}
	return 0;
}

static int read_slo(struct settings_reading *r, const struct document *d, const cJSON *node,
		    struct err *err)
{
	static const char *const methods[] = { "Occurrences", NULL };
	const cJSON *name = config_get(config_get(node, "metadata"), "name");
	const cJSON *body = config_get(node, "spec");
	struct objective base = { .threshold = NSEC_NONE, .window = 30 * DAY };
	struct slo_spec spec = { 0 };
	unsigned method;

	r->used = true;
	if (!name || !body)
		return config_error(d, node, err, "expected metadata.name and spec");
	if (config_read_text(d, name, &base.name, err) < 0 ||
	    config_object(d, body, CONFIG_TABLE(slo_keys), &spec, err) < 0)
		return -1;
	if (spec.method && config_read_choice(d, spec.method, methods, &method, err) < 0)
		return -1;
	if (spec.windows && read_window(r, d, spec.windows, &base.window, err) < 0)
		return -1;
	if (!spec.indicator == !spec.indicator_ref)
		return config_error(d, body, err,
				    "expected one of the keys indicator and indicatorRef");
	if (read_measured(r, d, &spec, &base, err) < 0)
		return -1;
	if (spec.alerts)
		reading_note(r, d, spec.alerts, "nothing is alerted");
	return read_targets(r, d, spec.objectives, &base, err);
}

static void pass_over(struct settings_reading *r, const struct document *d, const char *kind)
{
	struct buf text = { 0 };

	config_add_key(&text, d, d->root);
	buf_printf(&text, "this %s is passed over: only SLOs and their SLIs are read", kind);
	reading_keep_note(r, &text);
	buf_free(&text);
}

int reading_openslo(struct settings_reading *r, const struct document *d, const cJSON *node,
		    struct err *err)
{
	static const char *const versions[] = { "openslo/v1", NULL };
	static const char *const kinds[] = { "SLO",
					     "SLI",
					     "Service",
					     "DataSource",
					     "AlertPolicy",
					     "AlertCondition",
					     "AlertNotificationTarget",
					     NULL };
	const cJSON *kind = config_get(node, "kind");
	unsigned which;

	if (config_read_choice(d, config_get(node, "apiVersion"), versions, &which, err) < 0)
		return -1;
	if (!kind)
		return config_error(d, node, err, "the key \"kind\" is missing");
	if (config_read_choice(d, kind, kinds, &which, err) < 0)
		return -1;
	if (which == 0)
		return read_slo(r, d, node, err);
	if (which > 1) /* an SLI is looked up by the SLOs that refer to it */
		pass_over(r, d, kinds[which]);
	return 0;
}
