/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong with a delivery: the code of its cause, in results that show no diagnosis.
 * The rules are read when the first pod needs them: most logs are of pods that were delivered.
 */
#ifndef LUNETTES_CLI_BLAME_H
#define LUNETTES_CLI_BLAME_H

#include "cli/options.h"
#include "diagnose/diagnose.h"
#include "slo/outcome.h"

struct blame {
	const struct options *options;
	struct rules *rules; /* NULL: not read yet */
	struct arena arena;  /* pod */
};

/* < 0: a file of --rules cannot be read, or a rule in it is wrong. */
int blame_open(struct blame *b, const struct options *options, struct err *err);
/* Code and owner of a delivery that was slow or did not come to its end. */
void blame_delivery(struct blame *b, const struct timeline *t, const struct delivery *d,
		    const struct cluster *cluster, struct outcome *o);
void blame_free(struct blame *b);

#endif
