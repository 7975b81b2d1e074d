/* SPDX-License-Identifier: Apache-2.0 */
/* Words that tables and documents share: owners, stages, groups, rates. */
#pragma once

#include "slo/report.h"

struct str owner_or_undecided(enum owner owner);   /* platform, user, undecided */
struct str stage_word(enum lifecycle_stage stage); /* "" of STAGE_COUNT */
/* "NAMESPACE AND CLASS" */
void slo_words_by(struct buf *out, const struct grouping *g);
/* Rates are in thousandths: "14.400"; an infinite one is "endless". */
void slo_words_rate(struct buf *out, uint64_t rate);
