/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnoses as test results: a pod is a test case, which fails if it has a cause. A suite is a
 * namespace. Its counts precede its cases, so a suite is kept in memory until it is complete; a big
 * namespace is split into several to bound the memory.
 */
#include "documents/diagnosis.h"
#include "base/mem.h"
#include "page/diagnosis_parts.h"
#include "page/text.h"

enum { CASES_MAX = 1000 }; /* of a suite */

struct junit_suite {
	struct buf name;  /* [cluster/]namespace */
	struct buf cases; /* XML */
	uint64_t tests, failures, skipped;
	nsec time, begin;
	struct buf text, safe;
};

/* Safe text, escaped for XML, which does not allow U+FFFE and U+FFFF. */
static void add_xml(struct buf *out, struct str safe)
{
	for (size_t i = 0; i < safe.n; i++) {
		switch (safe.p[i]) {
		case '<':
			buf_add_str(out, STR("&lt;"));
			break;
		case '>':
			buf_add_str(out, STR("&gt;"));
			break;
		case '&':
			buf_add_str(out, STR("&amp;"));
			break;
		case '"':
			buf_add_str(out, STR("&quot;"));
			break;
		default:
			if (i + 2 < safe.n && memcmp(safe.p + i, "\xEF\xBF", 2) == 0 &&
			    (unsigned char)safe.p[i + 2] >= 0xBE) {
				buf_add_str(out, STR("\xEF\xBF\xBD"));
				i += 2;
			} else {
				buf_add_char(out, safe.p[i]);
			}
			break;
		}
	}
}

static void add_text(struct junit_suite *s, struct buf *out, struct str text)
{
	buf_reset(&s->safe);
	text_add_safe(&s->safe, text, false);
	add_xml(out, buf_str(&s->safe));
}

static void add_attribute(struct junit_suite *s, struct buf *out, const char *key, struct str text)
{
	buf_printf(out, " %s=\"", key);
	add_text(s, out, text);
	buf_add_char(out, '"');
}

static void add_seconds(struct buf *out, const char *key, nsec time)
{
	char text[DURATION_TEXT];

	buf_printf(out, " %s=\"", key);
	buf_add(out, text, duration_format_seconds(time, text));
	buf_add_char(out, '"');
}

static void flush_suite(struct diagnosis_out *o)
{
	struct junit_suite *s = o->suite;
	enum { SECONDS = sizeof("2026-11-22T10:11:28") - 1 };
	char text[CLOCK_TEXT];

	if (!s->tests)
		return;
	buf_add_str(&o->page.out, STR("  <testsuite"));
	add_attribute(s, &o->page.out, "name", buf_str(&s->name));
	buf_printf(&o->page.out, " tests=\"%llu\" failures=\"%llu\" errors=\"0\" skipped=\"%llu\"",
		   (unsigned long long)s->tests, (unsigned long long)s->failures,
		   (unsigned long long)s->skipped);
	add_seconds(&o->page.out, "time", s->time);
	if (nsec_known(s->begin)) { /* in UTC without a zone, because the schema has none */
		clock_format(s->begin, text);
		buf_printf(&o->page.out, " timestamp=\"%.*s\"", SECONDS, text);
	}
	buf_add_str(&o->page.out, STR(">\n"));
	buf_add_str(&o->page.out, buf_str(&s->cases));
	buf_add_str(&o->page.out, STR("  </testsuite>\n"));
	buf_reset(&s->cases);
	s->tests = s->failures = s->skipped = 0;
	s->time = 0;
	s->begin = NSEC_NONE;
}

static void begin_suites(struct diagnosis_out *o)
{
	o->suite = mem_zalloc(sizeof(*o->suite));
	o->suite->begin = NSEC_NONE;
	buf_add_str(&o->page.out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				      "<testsuites name=\"lunettes diagnose\">\n"));
}

static void end_suites(struct diagnosis_out *o, const struct fleet *totals)
{
	flush_suite(o);
	buf_add_str(&o->page.out, STR("</testsuites>\n"));
}

static void free_suite(struct diagnosis_out *o)
{
	if (!o->suite)
		return;
	buf_free(&o->suite->name);
	buf_free(&o->suite->cases);
	buf_free(&o->suite->text);
	buf_free(&o->suite->safe);
	mem_free(o->suite);
}

static void add_evidence(struct diagnosis_out *o, const struct entry *e)
{
	struct junit_suite *s = o->suite;
	char text[CLOCK_TEXT];

	buf_reset(&s->text);
	buf_printf(&s->text, "%.*s " STR_FMT ": ", (int)clock_format(diagnosis_time(e), text), text,
		   STR_ARG(diagnosis_actor(e)));
	diagnosis_add_fact(&s->text, e);
	if (e->fact.message.n) {
		buf_add_str(&s->text, STR(": "));
		buf_add_str(&s->text, e->fact.message);
	}
	buf_printf(&s->text, " [" STR_FMT ":%llu", STR_ARG(basis_file(o->page.basis, e->position)),
		   (unsigned long long)e->position.line);
	if (e->audit_id.n)
		buf_printf(&s->text, " auditID " STR_FMT, STR_ARG(e->audit_id));
	buf_add_char(&s->text, ']');
	add_text(s, &s->cases, buf_str(&s->text));
	buf_add_char(&s->cases, '\n');
}

static void add_failure(struct diagnosis_out *o, const struct diagnosed *p, const struct cause *c)
{
	struct junit_suite *s = o->suite;

	buf_add_str(&s->cases, STR("      <failure"));
	add_attribute(s, &s->cases, "message", c->summary);
	add_attribute(s, &s->cases, "type", c->rule->code);
	buf_add_char(&s->cases, '>');
	buf_reset(&s->text);
	diagnosis_add_verdict(&s->text, p, false);
	add_text(s, &s->cases, buf_str(&s->text));
	buf_printf(&s->cases, "; scope " STR_FMT ", owner " STR_FMT ", confidence " STR_FMT "\n",
		   STR_ARG(scope_name(c->scope)), STR_ARG(owner_or_undecided(c->owner)),
		   STR_ARG(confidence_name(c->confidence)));
	add_text(s, &s->cases, c->advice);
	buf_add_char(&s->cases, '\n');
	for (size_t i = 0; i < c->n_evidence; i++)
		if (!diagnosis_again(c, i) || !diagnosis_same_record(c, i))
			add_evidence(o, c->evidence[i]);
	buf_add_str(&s->cases, STR("</failure>\n    </testcase>\n"));
	s->failures++;
}

/* Neither passed nor failed: no problem is known, but the pod was not delivered either. */
static bool is_skipped(const struct diagnosed *p)
{
	return !p->diagnosis || p->d->verdict == VERDICT_OPEN || p->d->verdict == VERDICT_ABORTED;
}

static void begin_suite(struct diagnosis_out *o, const struct timeline *t)
{
	struct junit_suite *s = o->suite;

	buf_reset(&s->text);
	if (t->cluster.n)
		buf_printf(&s->text, STR_FMT "/", STR_ARG(t->cluster));
	buf_add_str(&s->text, t->namespace);
	if (s->tests < CASES_MAX && str_eq(buf_str(&s->name), buf_str(&s->text)))
		return;
	flush_suite(o);
	buf_reset(&s->name);
	buf_add_str(&s->name, buf_str(&s->text));
}

static void put_case(struct diagnosis_out *o, const struct diagnosed *p)
{
	struct junit_suite *s = o->suite;
	const struct timeline *t = p->t;
	const struct cause *c = p->diagnosis ? p->diagnosis->primary : NULL;
	struct str name = t->name.n || !t->generate_name.p ? t->name : t->generate_name;

	begin_suite(o, t);
	s->tests++;
	s->begin = clock_earlier(s->begin, t->marks[MILESTONE_CREATED].at);
	buf_add_str(&s->cases, STR("    <testcase"));
	add_attribute(s, &s->cases, "classname", buf_str(&s->name));
	add_attribute(s, &s->cases, "name", name.n ? name : STR("-"));
	if (nsec_known(p->d->total)) {
		add_seconds(&s->cases, "time", p->d->total);
		s->time += p->d->total;
	}
	if (c) {
		buf_add_str(&s->cases, STR(">\n"));
		add_failure(o, p, c);
	} else if (is_skipped(p)) {
		buf_reset(&s->text);
		diagnosis_add_verdict(&s->text, p, false);
		buf_add_str(&s->cases, STR(">\n      <skipped"));
		add_attribute(s, &s->cases, "message", buf_str(&s->text));
		buf_add_str(&s->cases, STR("/>\n    </testcase>\n"));
		s->skipped++;
	} else {
		buf_add_str(&s->cases, STR("/>\n"));
	}
}

const struct diagnosis_form diagnosis_as_junit = { begin_suites, put_case, end_suites, free_suite };
