/* SPDX-License-Identifier: Apache-2.0 */
/* Recognizes other kinds of files that are also called audit logs. */
#include "wrap/look.h"

/* The beginning of a line is enough. */
enum { LOOK_MAX = 256 };

/* Both strings are near the beginning of a line, in this order. */
static const struct {
	struct str first, second;
	const char *what;
} lines[] = {
	/* auditd.conf(5), log_format RAW; aureport and the kernel log use the same format */
	{ { "type=", 5 }, { " msg=audit(", 11 }, "a record of Linux auditd, not of Kubernetes" },
	{ { "audit: type=", 12 }, { " audit(", 7 }, "a record of Linux auditd, not of Kubernetes" },
	/* pkg/audit of 1.7 and plugin/pkg/audit/log with --audit-log-format=legacy */
	{ { " AUDIT: ", 8 },
	  { "id=\"", 4 },
	  "the legacy text format of Kubernetes before 1.8; set --audit-log-format=json" },
};

static const struct {
	struct str kind;
	const char *what;
} kinds[] = {
	{ { "AdmissionReview", 15 },
	  "an AdmissionReview, what a webhook is asked; not an audit event" },
};

static bool cut_behind(struct str s, struct str needle, struct str *ret_tail)
{
	const char *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;

	if (!at)
		return false;
	*ret_tail = str_from_to(at + needle.n, s.p + s.n);
	return true;
}

const char *foreign_kind(struct str kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_eq(kind, kinds[i].kind))
			return kinds[i].what;
	return NULL;
}

/* {"kind":"AdmissionReview", ... with any white space: Kubernetes writes the kind first. */
static const char *foreign_object(struct str begin)
{
	struct str tail;

	if (!cut_behind(begin, STR("\"kind\""), &tail))
		return NULL;
	tail = str_trim(tail);
	if (!str_starts(tail, STR(":")))
		return NULL;
	tail = str_trim(str_after(tail, 1));
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_starts(tail, STR("\"")) && str_starts(str_after(tail, 1), kinds[i].kind))
			return kinds[i].what;
	return NULL;
}

const char *foreign_line(struct str line)
{
	struct str begin = { line.p, MIN(line.n, (size_t)LOOK_MAX) }, tail;

	if (begin.n && begin.p[0] == '{')
		return foreign_object(begin);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (cut_behind(begin, lines[i].first, &tail) &&
		    cut_behind(tail, lines[i].second, &tail))
			return lines[i].what;
	return NULL;
}
