/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms of a diagnosis have in common. */
#ifndef LUNETTES_PAGE_DIAGNOSIS_PARTS_H
#define LUNETTES_PAGE_DIAGNOSIS_PARTS_H

#include "page/diagnosis.h"

/* Words; nothing here is safe for a terminal yet but diagnosis_add_verdict. */
void diagnosis_add_name(struct buf *out, const struct timeline *t); /* pod/NAMESPACE/NAME */
/* "success, delivered in 1.01s"; of the excluded why. */
void diagnosis_add_verdict(struct buf *out, const struct diagnosed *p, bool ascii);
void diagnosis_add_fact(struct buf *out, const struct entry *e); /* without its message */
struct str diagnosis_actor(const struct entry *e);
nsec diagnosis_time(const struct entry *e);
/* The evidence at i tells nothing but another time of what an earlier one tells. */
bool diagnosis_again(const struct cause *c, size_t i);
bool diagnosis_same_message(const struct cause *c, size_t i);
/* Nor does it stand in another record. */
bool diagnosis_same_record(const struct cause *c, size_t i);
/* "6 times, from ... to ...": only of what came more than once; 10:11:28, with the day if need be.
 */
void diagnosis_add_times(struct buf *out, const struct cause *c, clock_zone *zone);
/* The time of day, behind the day if that is not the day of `day`. digits: of the fraction. */
void diagnosis_add_time(struct buf *out, clock_zone *zone, nsec at, nsec day, int digits);
struct str diagnosis_stage(enum lifecycle_stage stage);

/* Below the cause: what else happened then. */
void diagnosis_text_around(struct diagnosis_page *o, const struct diagnosed *p);

#endif
