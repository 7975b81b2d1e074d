/* SPDX-License-Identifier: Apache-2.0 */
/* Text that all forms of a diagnosis share. */
#pragma once

#include "page/diagnosis.h"
#include "page/page.h"
#include "page/slo_words.h"

/* Words. Only the output of diagnosis_add_verdict is safe for a terminal. */
void diagnosis_add_name(struct buf *out, const struct timeline *t); /* pod/NAMESPACE/NAME */
/* "success, delivered in 1.01s"; for excluded pods the reason. */
void diagnosis_add_verdict(struct buf *out, const struct diagnosed *p, bool ascii);
void diagnosis_add_fact(struct buf *out, const struct entry *e); /* without its message */
struct str diagnosis_actor(const struct entry *e);
nsec diagnosis_time(const struct entry *e);
/* The evidence at i repeats an earlier one at another time. */
bool diagnosis_again(const struct cause *c, size_t i);
bool diagnosis_same_message(const struct cause *c, size_t i);
/* The evidence is not in an earlier record either. */
bool diagnosis_same_record(const struct cause *c, size_t i);
/* "6 times, from ... to ...", only for repeated ones. Times as 10:11:28, with the day if needed. */
void diagnosis_add_times(struct buf *out, const struct cause *c, clock_zone *zone);

/* Below the cause: other facts at that time. True: it drew a waterfall, which needs its legend. */
bool diagnosis_page_around(struct page *p, const struct diagnosed *pod, const struct basis *basis);
