/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The findings of `inspect`, as a value for the table and the document: the content of the input,
 * its coverage of pod lifecycles, and what is missing with the consequences.
 */
#pragma once

#include "wrap/wrapper.h"
#include "page/basis.h"
#include "slo/findings.h"

struct inspection {
	const struct basis *basis;
	const struct survey *survey;
	const struct coverage *coverage;
	const struct wrapper_seen *wrappers;
};

struct findings_ground inspection_ground(const struct inspection *i);

/* lunettes-inspect(1). */
void inspect_text(struct buf *out, const struct inspection *i, struct table_style style);

/* The run of a file in the survey, or NULL when it has no audit event with a time. */
const struct survey_run *inspection_run(const struct inspection *i, const struct basis_source *s);
/*
 * Orders of the survey's resources and agents that do not depend on the order of reading: resources
 * by records, the most first, then by name; agents by name. The lists have n numbers and are freed
 * with mem_free.
 */
uint32_t *inspection_resources(const struct inspection *i);
uint32_t *inspection_agents(const struct inspection *i);

/* inspect_writers.c. The section about the writers of the log. */
void inspect_writers_text(struct page *p, const struct inspection *i);
bool inspect_has_writers(const struct inspection *i);
/* All of them by cluster and name; free the list with mem_free. */
const struct log_writer **inspect_writers(const struct context *c, size_t *ret_n);
bool writer_is_absent(const struct log_writer *w);
struct str writer_node(const struct log_writer *w); /* of a kubelet; empty: it is none */
const struct delays *writer_delays(const struct context *c, const struct log_writer *w);
