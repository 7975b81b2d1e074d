/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the configuration readers of slo/. */
#pragma once

#include "config/schema.h"
#include "slo/settings.h"

struct reading_list {
	void *items;
	size_t n, cap;
};

struct settings_reading {
	struct settings *settings;
	const struct config *config;	/* the documents being read */
	struct reading_list overrides;	/* struct override */
	struct reading_list namespaces; /* struct override, from UserOnlineConfigMap: appended after
					   overrides */
	struct reading_list ignored;	/* struct str */
	struct reading_list plain_deletes; /* struct str */
	struct reading_list objectives;	   /* struct objective */
	struct reading_list notes;	   /* struct str */
	uint64_t passed_over;		   /* manifests that are not for us */
	bool used;
	bool silent; /* without notes: other commands use what this one ignores */
};

void *reading_add(struct settings_reading *r, struct reading_list *list, size_t size);
void reading_keep_note(struct settings_reading *r, const struct buf *text);
/* `PLACE: KEY has no effect: WHY` */
void reading_note(struct settings_reading *r, const struct document *d, const cJSON *node,
		  const char *why);

/* Reads an object with our own keys and those of Alipay's Lunettes. */
int reading_keys(struct settings_reading *r, const struct document *d, const cJSON *node,
		 struct err *err);
/* A config_reader for struct workload_match. */
int reading_match(const struct document *d, const cJSON *node, void *ret, struct err *err);

/* Reads an item of "objectives"; ret is the reading. */
int reading_objective(struct settings_reading *r, const struct document *d, const cJSON *node,
		      struct err *err);
/* Reads what is measured. slo may be NULL; sli is the name of an SLI or a stage. */
int reading_measure(const struct document *d, const cJSON *slo, const cJSON *sli,
		    struct objective *ret, struct err *err);
/* node: for the error message if the objective is invalid. */
int reading_keep(struct settings_reading *r, const struct document *d, const cJSON *node,
		 const struct objective *o, struct err *err);

/* Reads an OpenSLO document (apiVersion openslo/...). */
int reading_openslo(struct settings_reading *r, const struct document *d, const cJSON *node,
		    struct err *err);
