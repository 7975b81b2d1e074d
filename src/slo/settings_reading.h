/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the files of slo/ that read the configuration. */
#pragma once

#include "config/schema.h"
#include "slo/settings.h"

struct reading_list {
	void *items;
	size_t n, cap;
};

struct settings_reading {
	struct settings *settings;
	const struct config *config;	/* whose documents are read */
	struct reading_list overrides;	/* struct override */
	struct reading_list namespaces; /* struct override, of UserOnlineConfigMap: behind them */
	struct reading_list ignored;	/* struct str */
	struct reading_list plain_deletes; /* struct str */
	struct reading_list objectives;	   /* struct objective */
	struct reading_list notes;	   /* struct str */
	uint64_t passed_over;		   /* manifests that are nothing to us */
	bool used;
	bool silent; /* what is of no use here is of use to other commands */
};

void *reading_add(struct settings_reading *r, struct reading_list *list, size_t size);
void reading_keep_note(struct settings_reading *r, const struct buf *text);
/* `PLACE: KEY has no effect: WHY` */
void reading_note(struct settings_reading *r, const struct document *d, const cJSON *node,
		  const char *why);

/* An object of our own keys and those of Alipay's Lunettes. */
int reading_keys(struct settings_reading *r, const struct document *d, const cJSON *node,
		 struct err *err);
/* A config_reader of struct workload_match. */
int reading_match(const struct document *d, const cJSON *node, void *ret, struct err *err);

/* One of "objectives"; ret is the reading. */
int reading_objective(struct settings_reading *r, const struct document *d, const cJSON *node,
		      struct err *err);
/* What is measured: slo may be NULL, sli holds the name of an SLI or a stage. */
int reading_measure(const struct document *d, const cJSON *slo, const cJSON *sli,
		    struct objective *ret, struct err *err);
/* node: what is blamed if the objective cannot be. */
int reading_keep(struct settings_reading *r, const struct document *d, const cJSON *node,
		 const struct objective *o, struct err *err);

/* A document of OpenSLO: it begins with openslo/. */
int reading_openslo(struct settings_reading *r, const struct document *d, const cJSON *node,
		    struct err *err);
