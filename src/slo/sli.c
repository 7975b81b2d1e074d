/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/sli.h"

const char *sli_name(enum sli sli)
{
	static const char *const names[SLI_STAGES] = { "delivery", "total", "startup" };

	return sli < SLI_STAGES ? names[sli] : lifecycle_rows[sli_stage(sli)].name;
}

bool sli_find(struct str name, enum sli *ret)
{
	for (unsigned i = 0; i < SLI_COUNT; i++)
		if (str_eq(name, str_from(sli_name((enum sli)i)))) {
			*ret = (enum sli)i;
			return true;
		}
	return false;
}

void sli_names_add(struct buf *out)
{
	for (unsigned i = 0; i < SLI_COUNT; i++)
		buf_printf(out, "%s%s", i ? ", " : "", sli_name((enum sli)i));
}

unsigned sli_slos(enum sli sli)
{
	unsigned slos = 0;

	if (sli < SLI_STAGES)
		return sli == SLI_STARTUP ? 1u << SLO_CREATE : (1u << SLO_COUNT) - 1;
	for (unsigned i = 0; i < SLO_COUNT; i++)
		slos |= (slo_rows[i].stages >> sli_stage(sli) & 1) << i;
	return slos;
}
