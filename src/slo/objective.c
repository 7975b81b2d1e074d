/* SPDX-License-Identifier: Apache-2.0 */
/* Objectives: what is measured, and the short syntax for them. */
#include "slo/settings_reading.h"

enum { OBJECTIVES_MAX = 1000 }; /* each pod is checked against all of them */

int reading_measure(const struct document *d, const cJSON *slo, const cJSON *sli,
		    struct objective *ret, struct err *err)
{
	const char *names[SLI_COUNT + 1] = { 0 };
	unsigned which, of, slos;

	for (unsigned i = 0; i < SLI_COUNT; i++)
		names[i] = sli_name((enum sli)i);
	if (config_read_choice(d, sli, names, &which, err) < 0)
		return -1;
	ret->sli = (enum sli)which;
	slos = sli_slos(ret->sli);
	ret->slo = (enum slo)__builtin_ctz(slos);
	if (!slo)
		return 0;
	if (config_read_choice(d, slo, slo_names, &of, err) < 0)
		return -1;
	if (!(slos >> of & 1))
		return config_wrong(d, sli, err, "an SLI of the SLO %s; this is one of %s",
				    slo_names[of], slo_names[ret->slo]);
	ret->slo = (enum slo)of;
	return 0;
}

int reading_keep(struct settings_reading *r, const struct document *d, const cJSON *node,
		 const struct objective *o, struct err *err)
{
	const struct settings *s = r->settings;
	const struct objective *given = r->objectives.items;

	if (!nsec_known(o->threshold) && o->sli != SLI_DELIVERY)
		return config_error(d, node, err,
				    "a threshold is missing; only delivery can do without: there "
				    "the verdict success is good");
	if (s->n_objectives + r->objectives.n == OBJECTIVES_MAX)
		return config_error(d, node, err, "found more than %d objectives", OBJECTIVES_MAX);
	for (size_t i = 0; i < s->n_objectives; i++)
		if (str_eq(s->objectives[i].name, o->name))
			return config_error(d, node, err, "an objective of this name exists");
	for (size_t i = 0; i < r->objectives.n; i++)
		if (str_eq(given[i].name, o->name))
			return config_error(d, node, err,
					    "an objective of this name stands before it");
	*(struct objective *)reading_add(r, &r->objectives, sizeof(*o)) = *o;
	return 0;
}

static int read_target(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct str text = config_text(node);
	int64_t ppm = 0;

	if (cJSON_IsString(node) && text.n && text.p[text.n - 1] == '%') {
		text.n--;
		if (!config_decimal(text, 4, &ppm))
			ppm = 0;
	} else if (!cJSON_IsNumber(node) || !config_decimal(text, 6, &ppm)) {
		ppm = 0;
	}
	if (ppm <= 0 || ppm >= 1000000)
		return config_wrong(d, node, err,
				    "a percentage such as \"99.5%%\" or a share such as 0.995, "
				    "above 0 and below 1, in whole millionths");
	*(unsigned *)ret = (unsigned)ppm;
	return 0;
}

struct objective_draft {
	struct objective objective;
	const cJSON *slo, *sli;
};

#define AT(field) .offset = offsetof(struct objective_draft, field)

static const struct config_key objective_keys[] = {
	{ "name", CONFIG_TEXT, .required = true, AT(objective.name) },
	{ "slo", CONFIG_NODE, AT(slo) },
	{ "sli", CONFIG_NODE, .required = true, AT(sli) },
	{ "threshold", CONFIG_DURATION, AT(objective.threshold) },
	{ "target", CONFIG_OTHER, .required = true, .read = read_target, AT(objective.target_ppm) },
	{ "window", CONFIG_DURATION, AT(objective.window) },
	{ "match", CONFIG_OTHER, .read = reading_match, AT(objective.match) },
};

int reading_objective(struct settings_reading *r, const struct document *d, const cJSON *node,
		      struct err *err)
{
	struct objective_draft draft = { .objective = { .threshold = NSEC_NONE,
							.window = 30 * 24 * HOUR } };

	if (config_object(d, node, CONFIG_TABLE(objective_keys), &draft, err) < 0 ||
	    reading_measure(d, draft.slo, draft.sli, &draft.objective, err) < 0)
		return -1;
	return reading_keep(r, d, node, &draft.objective, err);
}
