/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces all other files of the room with -Dspans=disabled: every configuration is rejected. */
#include "spans/metrics.h"

/* clang-format off */

struct span_configuration *spans_read(struct str name, struct str text, struct err *err)
{
	err_set(err, ERR_USAGE,
		"option --span-config is rejected: this program was built without span "
		"configurations");
	return NULL;
}

const char *spans_features(void)
{
	return "no span configurations (--span-config is rejected)";
}

/* Never called, because there is no configuration. */

void spans_free(struct span_configuration *c) { }
void spans_notes(const struct span_configuration *c, struct buf *out) { }
size_t spans_runs(const struct span_configuration *c, const struct timeline *t, nsec log_end,
		  struct arena *arena, const struct span_run **ret_runs) { return 0; }
bool spans_cut(const struct timeline *t) { return false; }
const struct trace *spans_trace(const struct span_run *run, const struct timeline *t, nsec log_end,
				struct arena *arena) { return NULL; }
struct str extract_attach(const void *ctx, const struct audit *a, const struct record *r,
			  struct arena *arena) { return (struct str){ 0 }; }
bool extract_keep(void **state, struct arena *arena, const struct record *r) { return false; }
void span_metrics_begin(struct span_metrics *s, const struct span_configuration *spans) { }
void span_metrics_add(struct span_metrics *s, struct metrics *m, const struct timeline *t,
		      const struct span_run *runs, size_t n) { }
void span_metrics_notes(const struct span_metrics *s, struct buf *out) { }
void span_metrics_free(struct span_metrics *s) { }
