/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a configuration: our own and those of Alipay's Lunettes. */
#include "kube/quantity.h"
#include "slo/settings_reading.h"

#define AT(type, field) .offset = offsetof(type, field)
/* Classes */

enum { CLASSES_MAX = 100 }; /* each pod is checked against all of them */

static int read_cpu(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	if (!quantity_milli(config_text(node), ret))
		return config_wrong(d, node, err, "an amount of cores such as 8, 0.5 or \"500m\"");
	return 0;
}

static int read_memory(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	if (!quantity_value(config_text(node), ret))
		return config_wrong(d, node, err, "an amount of memory such as \"16Gi\"");
	return 0;
}

static const struct config_key class_keys[] = {
	{ "name", CONFIG_TEXT, .required = true, AT(struct class_row, name) },
	{ "limit", CONFIG_DURATION, .required = true, AT(struct class_row, limit) },
	{ "cpu", CONFIG_OTHER, .read = read_cpu, AT(struct class_row, cpu_milli) },
	{ "memory", CONFIG_OTHER, .read = read_memory, AT(struct class_row, memory) },
	{ "containers", CONFIG_COUNT, AT(struct class_row, containers) },
	{ "volumes", CONFIG_COUNT, AT(struct class_row, volumes) },
};

static const struct class_row unbounded = {
	.cpu_milli = INT64_MAX, .memory = INT64_MAX, .containers = UINT32_MAX, .volumes = UINT32_MAX
};

static int read_class(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	*(struct class_row *)ret = unbounded;
	return config_object(d, node, CONFIG_TABLE(class_keys), ret, err);
}

static bool is_unbounded(const struct class_row *c)
{
	return c->cpu_milli == INT64_MAX && c->memory == INT64_MAX && c->containers == UINT32_MAX &&
	       c->volumes == UINT32_MAX;
}

/* Each pod must have a class, and each class must be reachable. */
static int check_class(const struct document *d, const cJSON *node, const struct class_row *rows,
		       size_t i, struct err *err)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(rows[k].name, rows[i].name))
			return config_error(d, config_get(node, "name"), err,
					    "a class of this name stands before it");
	if (node->next && is_unbounded(&rows[i]))
		return config_error(d, node, err,
				    "this class has no bounds, so that none behind it is reached; "
				    "expected cpu, memory, containers or volumes");
	if (!node->next && !is_unbounded(&rows[i]))
		return config_error(d, node, err,
				    "the last class has bounds, so that some pods are of none; "
				    "expected one without cpu, memory, containers and volumes");
	return 0;
}

static int read_classes(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct settings *s = ((struct settings_reading *)ret)->settings;
	size_t n = (size_t)cJSON_GetArraySize(node), i = 1;
	struct class_row *all;

	if (!cJSON_IsArray(node))
		return config_wrong(d, node, err, "a list");
	all = arena_array(&s->arena, struct class_row, n + 1);
	for (const cJSON *item = node->child; item; item = item->next)
		if (read_class(d, item, &all[i++], err) < 0)
			return -1;
	if (n == 0 || n > CLASSES_MAX)
		return config_error(d, node, err, "found %zu classes, expected 1 to %d", n,
				    CLASSES_MAX);
	i = 0;
	for (const cJSON *item = node->child; item; item = item->next)
		if (check_class(d, item, all + 1, i++, err) < 0)
			return -1;
	all[CLASS_UNKNOWN] = s->classes[CLASS_UNKNOWN];
	s->classes = all;
	s->n_classes = n + 1;
	return 0;
}

/* Limits */

static const struct config_key deadline_keys[] = {
	{ "service", CONFIG_DURATION, AT(struct settings, deadline_service) },
	{ "job", CONFIG_DURATION, AT(struct settings, deadline_job) },
};

static int read_deadlines(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	return config_object(d, node, CONFIG_TABLE(deadline_keys),
			     ((struct settings_reading *)ret)->settings, err);
}

static int read_limits(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	static const struct config_key ladder[] = {
		{ "stale", CONFIG_DURATION, AT(struct settings, delete_stale) },
		{ "terminating", CONFIG_DURATION, AT(struct settings, delete_terminating) },
	};
	struct settings *s = ((struct settings_reading *)ret)->settings;
	struct config_key keys[SLO_COUNT + ARRAY_SIZE(ladder)];
	struct config_table table = { keys, 0 };

	for (size_t i = 0; i < SLO_COUNT; i++) {
		if (nsec_known(slo_rows[i].limit))
			keys[table.n++] =
			    (struct config_key){ slo_names[i], CONFIG_DURATION,
						 .offset = offsetof(struct settings, limits) +
							   i * sizeof(nsec) };
		for (size_t k = 0; i == SLO_DELETE && k < ARRAY_SIZE(ladder); k++)
			keys[table.n++] = ladder[k];
	}
	if (config_object(d, node, &table, s, err) < 0)
		return -1;
	if (s->limits[SLO_DELETE] > s->delete_stale || s->delete_stale > s->delete_terminating)
		return config_error(d, node, err,
				    "expected delete (10m unless it is set) to be at most stale "
				    "(1h), and stale to be at most terminating (1d)");
	return 0;
}

/* Overrides */

static const struct config_key match_keys[] = {
	{ "cluster", CONFIG_TEXT, AT(struct workload_match, cluster) },
	{ "namespace", CONFIG_TEXT, AT(struct workload_match, namespace) },
	{ "kind", CONFIG_TEXT, AT(struct workload_match, kind) },
	{ "name", CONFIG_TEXT, AT(struct workload_match, name) },
};

int reading_match(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	return config_object(d, node, CONFIG_TABLE(match_keys), ret, err);
}

static const struct config_key override_keys[] = {
	{ "match", CONFIG_OTHER, .read = reading_match, AT(struct override, match) },
	{ "deadline", CONFIG_DURATION, AT(struct override, deadline) },
	{ "delivery", CONFIG_DURATION, AT(struct override, delivery) },
};

static int read_overrides(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct settings_reading *r = ret;

	if (!cJSON_IsArray(node))
		return config_wrong(d, node, err, "a list");
	for (const cJSON *item = node->child; item; item = item->next) {
		struct override *o = reading_add(r, &r->overrides, sizeof(*o));

		*o = (struct override){ .deadline = NSEC_NONE, .delivery = NSEC_NONE };
		if (config_object(d, item, CONFIG_TABLE(override_keys), o, err) < 0)
			return -1;
		if (!nsec_known(o->deadline) && !nsec_known(o->delivery))
			return config_error(d, item, err,
					    "it changes nothing; expected deadline or delivery");
	}
	return 0;
}

static int read_objectives(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	if (!cJSON_IsArray(node))
		return config_wrong(d, node, err, "a list");
	for (const cJSON *item = node->child; item; item = item->next)
		if (reading_objective(ret, d, item, err) < 0)
			return -1;
	return 0;
}

/* Keys that Alipay's Lunettes reads from its ConfigMap */

/* An RFC 1123 label contains no * or ?, so as a pattern it matches only itself. */
static bool is_namespace(struct str s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    s.p[i] != '-')
			return false;
	return true;
}

static int read_user_online(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct settings_reading *r = ret;

	if (!cJSON_IsObject(node))
		return config_wrong(d, node, err, "an object of namespaces with durations");
	for (const cJSON *child = node->child; child; child = child->next) {
		struct override *o = reading_add(r, &r->namespaces, sizeof(*o));
		struct str name = str_from(child->string);

		if (!is_namespace(name))
			return config_key_error(d, child, err,
						"expected the name of a namespace as the key");
		*o = (struct override){ .deadline = NSEC_NONE, .delivery = NSEC_NONE };
		o->match.namespace = arena_str(&r->settings->arena, name);
		if (config_read_duration(d, child, &o->deadline, err) < 0)
			return -1;
	}
	return 0;
}

static int read_namespaces(struct settings_reading *r, struct reading_list *list,
			   const struct document *d, const cJSON *node, struct err *err)
{
	struct config_texts names;

	if (config_read_texts(d, node, &names, err) < 0)
		return -1;
	for (const cJSON *item = node->child; item; item = item->next)
		if (!is_namespace(config_text(item)))
			return config_wrong(d, item, err, "the name of a namespace");
	for (size_t i = 0; i < names.n; i++)
		*(struct str *)reading_add(r, list, sizeof(struct str)) = names.list[i];
	return 0;
}

static int read_ignored(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct settings_reading *r = ret;

	return read_namespaces(r, &r->ignored, d, node, err);
}

static int read_plain_deletes(const struct document *d, const cJSON *node, void *ret,
			      struct err *err)
{
	struct settings_reading *r = ret;

	return read_namespaces(r, &r->plain_deletes, d, node, err);
}

static int read_post_start(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	if (cJSON_IsString(node) && config_text(node).n == 0)
		return 0; /* the default, like there */
	return config_read_duration(
	    d, node, &((struct settings_reading *)ret)->settings->post_start_limit, err);
}

static int note_metrics(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	reading_note(ret, d, node, "there are no metrics of an older kind");
	return 0;
}

static int note_unused(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	reading_note(ret, d, node, "Alipay's Lunettes reads it and uses it nowhere");
	return 0;
}

#define OWN(name, reader)                                                                          \
	{                                                                                          \
		name, CONFIG_OTHER, .read = reader                                                 \
	}
#define THEIRS(name, reader)                                                                       \
	{                                                                                          \
		name, CONFIG_OTHER, .any_case = true, .read = reader                               \
	}

/* All of these fill in the reading. */
static const struct config_key keys[] = {
	OWN("classes", read_classes),
	OWN("deadlines", read_deadlines),
	OWN("limits", read_limits),
	OWN("overrides", read_overrides),
	OWN("objectives", read_objectives),
	THEIRS("UserOnlineConfigMap", read_user_online),
	THEIRS("IgnoredNamespaceForAudit", read_ignored),
	THEIRS("IgnoreDeleteReasonNamespace", read_plain_deletes),
	THEIRS("PostStartHookTimeout", read_post_start),
	THEIRS("ShouldRetainOldMetrics", note_metrics),
	THEIRS("UserAppConfigMap", note_unused),
	THEIRS("UserSLAConfigMap", note_unused),
	THEIRS("ShouldIgnoreSinglePod", note_unused),
};

int reading_keys(struct settings_reading *r, const struct document *d, const cJSON *node,
		 struct err *err)
{
	r->used = true;
	return config_object(d, node, CONFIG_TABLE(keys), r, err);
}
