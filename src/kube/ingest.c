/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/ingest.h"

const struct ingest_row ingest_rows[] = {
#define INGEST_ROW(name, what) { #name, what, offsetof(struct ingest, name) },
	INGEST_COUNTERS(INGEST_ROW)
#undef INGEST_ROW
};

const size_t n_ingest_rows = ARRAY_SIZE(ingest_rows);

uint64_t ingest_value(const struct ingest *ingest, const struct ingest_row *row)
{
	uint64_t value;

	memcpy(&value, (const char *)ingest + row->offset, sizeof(value));
	return value;
}

void ingest_add(struct ingest *sum, const struct ingest *more)
{
#define INGEST_SUM(name, what) sum->name += more->name;
	INGEST_COUNTERS(INGEST_SUM)
#undef INGEST_SUM
}

uint64_t ingest_objects(const struct ingest *ingest)
{
	return ingest->objectPods + ingest->objectClaims + ingest->objectEvents +
	       ingest->objectNodes + ingest->objectOwners;
}
