/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/dimension.h"

static bool known(struct buf *out, struct str s)
{
	buf_add_str(out, s);
	return s.p;
}

static bool cluster(const struct dimension_ground *g, struct buf *out)
{
	buf_add_str(out, g->t->cluster);
	return true;
}

static bool namespace(const struct dimension_ground *g, struct buf *out)
{
	buf_add_str(out, g->t->namespace);
	return true;
}

static bool workload(const struct dimension_ground *g, struct buf *out)
{
	if (g->t->workload_kind.n)
		buf_printf(out, STR_FMT "/" STR_FMT, STR_ARG(g->t->workload_kind),
			   STR_ARG(g->t->workload_name));
	return g->t->workload_kind.p;
}

static bool owner_kind(const struct dimension_ground *g, struct buf *out)
{
	return known(out, g->t->workload_kind);
}

static bool node(const struct dimension_ground *g, struct buf *out)
{
	return known(out, g->t->node);
}

static bool class(const struct dimension_ground *g, struct buf *out)
{
	unsigned i = delivery_class_of(g->settings, g->t->object);

	return known(out, g->settings->classes[i].name);
}

/* Alipay's label "cores": whole cores, for each container separately. */
static bool cores(const struct dimension_ground *g, struct buf *out)
{
	const struct pod_object *o = g->t->object;
	int64_t sum = 0;

	if (!o || !o->has_spec)
		return false;
	for (size_t i = 0; i < o->n_containers; i++)
		if (o->containers[i].kind == CONTAINER_APP && o->containers[i].cpu_milli > 0)
			sum += o->containers[i].cpu_milli / 1000;
	buf_printf(out, "%lld", (long long)sum);
	return true;
}

static bool image(const struct dimension_ground *g, struct buf *out)
{
	return known(out, g->image);
}

struct str image_registry(struct str image)
{
	struct str host, path;

	if (str_cut(image, '/', &host, &path) &&
	    (str_contains(host, STR(".")) || str_contains(host, STR(":")) ||
	     str_eq(host, STR("localhost"))))
		return host;
	return STR("docker.io");
}

static bool registry(const struct dimension_ground *g, struct buf *out)
{
	return g->image.p && known(out, image_registry(g->image));
}

static bool storage_class(const struct dimension_ground *g, struct buf *out)
{
	return g->t->claim && known(out, g->t->claim->storage_class);
}

static bool code(const struct dimension_ground *g, struct buf *out)
{
	buf_add_str(out, g->o->code);
	return true;
}

static bool begin(const struct dimension_ground *g, struct buf *out)
{
	char text[CLOCK_TEXT];
	nsec at = g->o->begin;

	if (!nsec_known(at))
		return false;
	buf_add(out, text, clock_format(at - at % g->bucket, text));
	return true;
}

#define IN_CLUSTER (1u << BY_CLUSTER)
#define IN_NAMESPACE (1u << BY_CLUSTER | 1u << BY_NAMESPACE)

const struct dimension_row dimension_rows[DIMENSION_COUNT] = {
	[BY_CLUSTER] = { "cluster", "CLUSTER", "CLUSTER", 0, false, false, cluster },
	[BY_NAMESPACE] = { "namespace", "NAMESPACE", "NAMESPACE", IN_CLUSTER, false, false,
			   namespace },
	[BY_WORKLOAD] = { "workload", "WORKLOAD", "WORKLOAD", IN_NAMESPACE, false, false,
			  workload },
	[BY_OWNER_KIND] = { "ownerKind", "OWNER KIND", "OWNER KIND", 0, false, false, owner_kind },
	[BY_NODE] = { "node", "NODE", "NODE", IN_CLUSTER, false, false, node },
	[BY_CLASS] = { "class", "CLASS", "CLASS", 0, false, false, class },
	[BY_CORES] = { "cores", "CORES", "CORES", 0, false, true, cores },
	[BY_IMAGE] = { "image", "IMAGE", "IMAGE", 0, true, false, image },
	[BY_REGISTRY] = { "registry", "REGISTRY", "REGISTRY", 0, true, false, registry },
	[BY_STORAGE_CLASS] = { "storageClass", "STORAGE CLASS", "STORAGE CLASS", IN_CLUSTER, false,
			       false, storage_class },
	[BY_CODE] = { "code", "CODE", "CODE", 0, false, false, code },
	[BY_TIME] = { "time", "TIME", "TIME", 0, false, false, begin },
};

static void names_add(struct buf *out)
{
	for (size_t i = 0; i < DIMENSION_COUNT; i++)
		buf_printf(out, "%s%s%s", i ? i + 1 == DIMENSION_COUNT ? " or " : ", " : "",
			   dimension_rows[i].name, i == BY_TIME ? "=DURATION" : "");
}

static int unknown(struct str name, struct err *err)
{
	struct buf names = { 0 };
	int r;

	names_add(&names);
	r = err_set(err, ERR_USAGE,
		    "option --by does not take '%.*s'; expected one or two, separated by a comma, "
		    "of " STR_FMT,
		    (int)MIN(name.n, 100), name.p, STR_ARG(buf_str(&names)));
	buf_free(&names);
	return r;
}

static bool has(const struct grouping *g, enum slo_dimension by)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->by[i] == by)
			return true;
	return false;
}

static void add_dimension(struct grouping *g, enum slo_dimension by, bool implied)
{
	if (has(g, by))
		return;
	g->implied[g->n] = implied;
	g->by[g->n++] = by;
}

static int parse_one(struct str name, struct grouping *g, struct err *err)
{
	struct str head, bucket;
	size_t i = 0;

	if (str_cut(name, '=', &head, &bucket) && str_eq(head, STR("time"))) {
		if (!duration_parse(bucket, &g->bucket) || g->bucket < SECOND)
			return err_set(err, ERR_USAGE,
				       "option --by time needs a duration of a second or more, "
				       "such as time=5m, not '%.*s'",
				       (int)MIN(bucket.n, 100), bucket.p);
		add_dimension(g, BY_TIME, false);
		return 0;
	}
	while (i < DIMENSION_COUNT && !str_eq(name, str_from(dimension_rows[i].name)))
		i++;
	if (i == BY_TIME)
		return err_set(err, ERR_USAGE,
			       "option --by time needs how long a row is, such as time=5m");
	if (i == DIMENSION_COUNT)
		return unknown(name, err);
	for (unsigned w = 0; w < DIMENSION_COUNT; w++)
		if (dimension_rows[i].within >> w & 1)
			add_dimension(g, (enum slo_dimension)w, true);
	for (size_t k = 0; k < g->n; k++) /* requested by name */
		g->implied[k] = g->implied[k] && g->by[k] != i;
	add_dimension(g, (enum slo_dimension)i, false);
	return 0;
}

int grouping_parse(struct str text, struct grouping *ret, struct err *err)
{
	struct grouping g = { 0 };
	struct str first = text, second;
	bool two = str_cut(text, ',', &first, &second);

	if (parse_one(first, &g, err) < 0 || (two && parse_one(second, &g, err) < 0))
		return -1;
	*ret = g;
	return 0;
}

struct grouping grouping_default(void)
{
	return (struct grouping){ { BY_CLUSTER, BY_NAMESPACE }, { true, false }, 2, 0 };
}

bool grouping_of_images(const struct grouping *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (dimension_rows[g->by[i]].of_image)
			return true;
	return false;
}

size_t grouping_images(const struct timeline *t, struct str *ret)
{
	const struct pod_object *o = t->object;
	size_t n = 0, k;

	for (size_t i = 0; o && o->has_spec && i < o->n_containers; i++) {
		struct str image = o->containers[i].image;

		for (k = 0; k < n && !str_eq(ret[k], image); k++)
			;
		if (k == n && n < GROUPING_IMAGES_MAX && image.n)
			ret[n++] = image;
	}
	return n;
}

int dimension_cmp(enum slo_dimension by, struct str a, struct str b)
{
	if (!a.p != !b.p)
		return a.p ? -1 : 1;
	if (dimension_rows[by].number && a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return str_cmp(a, b);
}
