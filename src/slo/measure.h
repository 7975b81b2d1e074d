/* SPDX-License-Identifier: Apache-2.0 */
/* One duration of an outcome, by the name that objectives and conditions call it. */
#ifndef LUNETTES_SLO_MEASURE_H
#define LUNETTES_SLO_MEASURE_H

#include "base/buf.h"
#include "slo/outcome.h"

struct measure {
	enum sli sli;
	enum lifecycle_stage stage; /* of SLI_STAGE */
};

enum measured {
	MEASURED_NOT,	   /* nothing is known of it, or it has none */
	MEASURED_ALL,	   /* it took exactly so long */
	MEASURED_AT_LEAST, /* it was still going on */
};

bool measure_find(struct str name, struct measure *ret); /* delivery, total, startup, a stage */
void measure_names_add(struct buf *out);		 /* "delivery, total, ..." */
enum measured measure_of(const struct measure *m, const struct outcome *o, nsec *ret);

#endif
