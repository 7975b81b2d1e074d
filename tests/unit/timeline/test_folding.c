/* SPDX-License-Identifier: Apache-2.0 */
/* Twins, repeated facts, and the limit that bounds a crash loop of weeks. */
#include "suites.h"

#include "base/buf.h"
#include "base/mem.h"
#include "kube/codec.h"

#include <unistd.h>

/* Twins */

static void twin(struct scene *s, unsigned bodies)
{
	scene_create(s, AT(1000))->audit_id = STR("one");
	s->record->bodies = bodies;
	if (bodies)
		scene_object(s, AT(1000), "app");
}

START_TEST(the_fuller_twin_is_kept)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	twin(s, 0);
	twin(s, BODY_REQUEST | BODY_RESPONSE);
	twin(s, BODY_REQUEST);
	t = scene_only(s);
	ck_assert_ptr_nonnull(t->object);
	ck_assert_uint_eq(t->n_entries, 1);
	ck_assert_uint_eq(t->entries[0].position.line, 2);
	ck_assert_uint_eq(t->attempts, 1);
	ck_assert_ptr_null(scene_next(s));
	ck_assert_uint_eq(scene_duplicates(s), 2);
	scene_free(s);
}
END_TEST

struct kept {
	struct str list[8]; /* in the bytes of the records */
	size_t n;
};

static bool keep_attached(void **state, struct arena *pod, const struct record *r)
{
	struct kept *kept = *state ? *state : arena_new(pod, struct kept);

	*state = kept;
	ck_assert_uint_lt(kept->n, ARRAY_SIZE(kept->list));
	kept->list[kept->n++] = r->attached;
	return true;
}

static void attach(struct record *r, const char *uid, const char *text)
{
	r->uid = str_from(uid);
	r->attached = str_from(text);
}

/* Data attached to records is kept with the pod instance, even of records without facts. */
START_TEST(attached_bytes_are_kept)
{
	struct scene *s = scene_new();
	const struct timeline *t;
	const struct kept *kept;

	s->keep = keep_attached;
	for (int i = 0; i < 2; i++) { /* it and its twin */
		twin(s, 0);
		attach(s->record, "u1", "a");
	}
	for (int i = 0; i < 3; i++) {
		attach(scene_read(s, AT(11000 + i)), "u1", i == 1 ? "" : "b");
		scene_phase(s, "Pending");
	}
	attach(scene_create(s, AT(30000)), "u2", "c");
	kept = scene_next(s)->attached;
	ck_assert_uint_eq(kept->n, 3);
	ck_assert(str_eq(kept->list[0], STR("a")) && str_eq(kept->list[1], STR("b")));
	ck_assert(str_eq(kept->list[2], STR("b")));
	kept = scene_next(s)->attached;
	ck_assert(kept->n == 1 && str_eq(kept->list[0], STR("c")));
	scene_free(s);

	s = scene_new();
	attach(scene_create(s, AT(10000)), "u1", "a");
	t = scene_only(s);
	ck_assert_ptr_null(t->attached);
	scene_free(s);
}
END_TEST

/* Of equal duplicates the first one. */
START_TEST(the_first_of_equal_twins_is_kept)
{
	struct scene *s = scene_new();

	for (int i = 3; i > 0; i--) {
		twin(s, 0);
		s->record->position.line = (uint64_t)i;
	}
	ck_assert_uint_eq(scene_only(s)->entries[0].position.line, 1);
	ck_assert_uint_eq(scene_duplicates(s), 2);
	scene_free(s);
}
END_TEST

/* All five must agree: two creates that differ in one of them are two attempts. */
START_TEST(not_twins)
{
	struct scene *s = scene_new();

	for (int i = 0; i < 2; i++) {
		scene_refused(s, AT(1000), 403, "QuotaExceeded")->audit_id = STR("one");
		if (i == 0)
			continue;
		switch (_i) {
		case 0:
			s->record->audit_id = STR("two");
			break;
		case 1:
			s->record->audit_stage = STR("Panic");
			break;
		case 2:
			s->record->received = AT(1001);
			break;
		case 3:
			s->record->verb = STR("patch");
			break;
		case 4:
			s->record->uri_hash = 7;
			break;
		default:
			s->records[0]->audit_id = s->record->audit_id = STR("");
		}
	}
	ck_assert_uint_eq(scene_only(s)->attempts, 2);
	ck_assert_uint_eq(scene_duplicates(s), 0);
	scene_free(s);
}
END_TEST

/* Folding */

START_TEST(equal_statuses_are_one)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_create(s, AT(100));
	for (int i = 0; i < 1000; i++) {
		scene_status(s, AT(1000 + 10000 * i));
		scene_condition(s, "Ready", false, AT(0));
		scene_phase(s, "Pending");
	}
	t = scene_only(s);
	ck_assert_uint_eq(t->n_entries, 3);
	ck_assert_int_eq(t->entries[1].fact.kind, FACT_CONDITION);
	ck_assert_uint_eq(t->entries[1].times, 1000);
	ck_assert_int_eq(t->entries[1].received, AT(1000));
	ck_assert_int_eq(t->entries[1].last, AT(1000 + 999 * 10000));
	scene_free(s);
}
END_TEST

START_TEST(a_change_is_kept)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	/* true, false, true with one and the same second: three facts, not one */
	for (int i = 0; i < 3; i++) {
		scene_status(s, AT(1000 + 100 * i));
		scene_condition(s, "Ready", i != 1, AT(1000));
	}
	t = scene_only(s);
	ck_assert_uint_eq(t->n_entries, 3);
	scene_free(s);
}
END_TEST

START_TEST(an_event_that_comes_again)
{
	struct scene *s = scene_new();
	const struct timeline *t;

	scene_event(s, AT(1000), "BackOff", "app", "Back-off");
	for (uint32_t i = 2; i < 50; i++) {
		scene_event(s, AT(1000 * i), "BackOff", "app", "Back-off");
		s->facts[0].begin = AT(1000);
		s->facts[0].count = i;
	}
	scene_event(s, AT(60000), "BackOff", "log", "Back-off");
	t = scene_only(s);
	ck_assert_uint_eq(t->n_entries, 2);
	ck_assert_uint_eq(t->entries[0].times, 49);
	ck_assert_uint_eq(t->entries[0].fact.count, 49);
	ck_assert_int_eq(t->entries[0].fact.begin, AT(1000));
	ck_assert_int_eq(t->entries[0].last, AT(49001));
	scene_free(s);
}
END_TEST

/* Events without bodies have nothing but their time: each is one of its own. */
START_TEST(bare_events_are_not_folded)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100));
	for (int i = 0; i < 5; i++)
		scene_event(s, AT(1000 + i), NULL, NULL, NULL)->about_pod = false;
	ck_assert_uint_eq(scene_only(s)->n_entries, 6);
	scene_free(s);
}
END_TEST

/* A crash loop, generated while it is read, so only the timelines' data is in memory. */

enum { CRASHES = 50000, CRASH_PERIOD = 10000 }; /* two status writes each */

#ifdef __SANITIZE_ADDRESS__
#define GROWTH_MAX ((size_t)96 << 20) /* what was freed is held back */
#else
#define GROWTH_MAX ((size_t)32 << 20)
#endif

struct crash_loop {
	struct scene *scene; /* of one record, again and again */
	struct buf key, value;
	size_t at;
	bool recovers; /* and is ready, and then deleted */
};

static void crash_facts(struct scene *s, size_t i)
{
	nsec start = AT((nsec)(i / 2) * CRASH_PERIOD + 1000);

	if (i % 2 == 0) {
		scene_status(s, start + MS(400));
		scene_running(s, "app", start);
		s->written = false;
		scene_phase(s, "Running"); /* in the answer */
		return;
	}
	scene_status(s, start + MS(5400));
	scene_terminated(s, "app", start, start + MS(5000), 1)->message =
	    STR("the last lines of a log that a container wrote before it went down");
	scene_condition(s, "Ready", false, AT(0));
	scene_fact(s, FACT_WAITING)->subject = STR("app");
	s->facts[2].reason = STR("CrashLoopBackOff");
	s->facts[2].message = arena_printf(&s->arena, "back-off restarting, time %zu", i);
}

static int next_crash(void *ctx, struct str *ret_key, struct str *ret_value, struct err *err)
{
	struct crash_loop *loop = ctx;
	struct scene *s = loop->scene;
	size_t i = loop->at++, n = 2 * CRASHES;

	(void)err;
	arena_reset(&s->arena);
	s->n = 0;
	if (i == 0) {
		scene_create(s, AT(100));
		scene_object(s, AT(0), "app");
		scene_phase(s, "Pending");
	} else if (i <= n) {
		crash_facts(s, i - 1);
	} else if (loop->recovers && i == n + 1) {
		scene_status(s, AT((nsec)CRASHES * CRASH_PERIOD + 9400));
		scene_condition(s, "Ready", true, AT((nsec)CRASHES * CRASH_PERIOD + 9000));
	} else if (loop->recovers && i == n + 2) {
		scene_delete(s, AT((nsec)CRASHES * CRASH_PERIOD + 20000), "delete", 200);
	} else {
		return 0;
	}
	s->record->audit_id = arena_printf(&s->arena, "audit-%zu", i);
	buf_reset(&loop->key);
	buf_reset(&loop->value);
	record_key(s->record, &loop->key);
	record_encode(s->record, &loop->value);
	*ret_key = buf_str(&loop->key);
	*ret_value = buf_str(&loop->value);
	return 1;
}

static size_t resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long size = 0, pages = 0;

	if (file) {
		if (fscanf(file, "%lu %lu", &size, &pages) != 2)
			pages = 0;
		fclose(file);
	}
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static const bool recovers[] = { false, true };

START_TEST(a_crash_loop_of_a_week)
{
	struct crash_loop loop = { .scene = scene_new(), .recovers = recovers[_i] };
	struct context context = { 0 };
	struct timelines *ts = timelines_new(next_crash, &loop, &context);
	const struct timeline *t;
	struct err err = { 0 };
	size_t before = resident(), after;

	ck_assert_int_eq(timelines_next(ts, &t, &err), 1);
	after = resident();
	ck_assert_ptr_null(timeline_invariant(t));
	ck_assert(t->cut);
	ck_assert_uint_le(t->n_entries, TIMELINE_FACTS_MAX);
	/* 20000 facts and their messages, not 200000 */
	ck_assert_msg(after < before + GROWTH_MAX, "grew by %zu bytes", after - before);
	check_mark(t, MILESTONE_CREATED, AT(100), PRECISION_EXACT, SOURCE_AUDIT);
	check_mark(t, MILESTONE_RUNNING, AT(1000), PRECISION_SECOND, SOURCE_STATUS);
	if (loop.recovers) {
		/* a fact that decides the verdict is kept, however late it is */
		check_mark(t, MILESTONE_READY, AT((nsec)CRASHES * CRASH_PERIOD + 9400),
			   PRECISION_EXACT, SOURCE_STATUS);
		check_mark(t, MILESTONE_DELETED, AT((nsec)CRASHES * CRASH_PERIOD + 20000),
			   PRECISION_EXACT, SOURCE_AUDIT);
	} else {
		ck_assert(!t->marks[MILESTONE_READY].reached);
	}
	ck_assert_int_eq(timelines_next(ts, &t, &err), 0);
	timelines_free(ts);
	context_free(&context);
	scene_free(loop.scene);
	buf_free(&loop.key);
	buf_free(&loop.value);
}
END_TEST

/* A source that fails ends it; bytes that are no record do too. */
static int fails(void *ctx, struct str *ret_key, struct str *ret_value, struct err *err)
{
	bool *garbage = ctx;

	if (!*garbage)
		return err_set(err, ERR_SYSTEM, "disk on fire");
	*ret_key = STR("c\0n\0p\0................+");
	*ret_value = STR("garbage");
	return 1;
}

START_TEST(errors_come_through)
{
	bool garbage = _i == 1;
	struct context context = { 0 };
	struct timelines *ts = timelines_new(fails, &garbage, &context);
	const struct timeline *t = NULL;
	struct err err = { 0 };

	ck_assert_int_lt(timelines_next(ts, &t, &err), 0);
	ck_assert_int_eq(err.code, garbage ? ERR_FORMAT : ERR_SYSTEM);
	timelines_free(ts);
	context_free(&context);
}
END_TEST

static const struct {
	enum fact_kind kind;
	const char *subject, *messages[5]; /* "-": unknown; NULL: no more */
	size_t kept;
} repeated[] = {
	/* it is held by less, then by nothing, and the same is read again */
	{ FACT_DELETING, NULL, { "a,b", "a,b", "b", "", "" }, 3 },
	/* that no finalizer was shown does not prove that there is none */
	{ FACT_DELETING, NULL, { "-", "", "-" }, 3 },
	/* set, set again, removed, set to nothing */
	{ FACT_LABEL, "tier", { "x", "x", "-", "-", "" }, 3 },
	{ FACT_NOMINATED, "n1", { "-", "-", "-" }, 1 },
	{ FACT_SELECTED, "n1", { "-", "-" }, 1 },
};

START_TEST(what_is_said_again)
{
	struct scene *s = scene_new();
	const struct timeline *t;
	size_t n = 0;

	scene_create(s, AT(100));
	for (int i = 0; i < 5 && repeated[_i].messages[i]; i++) {
		const char *message = repeated[_i].messages[i];
		struct fact *f;

		scene_read(s, AT(1000 * (i + 1)));
		f = scene_fact(s, repeated[_i].kind);
		f->at = repeated[_i].kind == FACT_DELETING ? AT(0) : NSEC_NONE;
		f->subject = str_from(repeated[_i].subject);
		f->message = *message == '-' ? (struct str){ 0 } : str_from(message);
	}
	t = scene_only(s);
	for (size_t i = 0; i < t->n_entries; i++)
		n += t->entries[i].fact.kind == repeated[_i].kind;
	ck_assert_uint_eq(n, repeated[_i].kept);
	scene_free(s);
}
END_TEST

/* A claim has a timeline of its own, whatever its name; its duplicates are not counted as pods'. */
START_TEST(claims_are_no_pods)
{
	static const struct claim_object claim = { .created = AT(0), .bytes = 1 };
	struct scene *s = scene_new();
	const struct timeline *t;

	for (int i = 0; i < 2; i++) {
		scene_create(s, AT(200))->audit_id = STR("c");
		s->record->kind = OBJECT_CLAIM;
		s->record->claim = &claim;
	}
	scene_create(s, AT(100))->audit_id = STR("p");
	t = scene_next(s);
	ck_assert_ptr_nonnull(t);
	ck_assert_int_eq(t->kind, OBJECT_POD);
	ck_assert_uint_eq(t->n_entries, 1);
	t = scene_next(s);
	ck_assert_ptr_nonnull(t);
	ck_assert_int_eq(t->kind, OBJECT_CLAIM);
	ck_assert_uint_eq(t->n_entries, 1);
	ck_assert_ptr_null(scene_next(s));
	ck_assert_uint_eq(scene_duplicates(s), 0);
	scene_free(s);
}
END_TEST

/* How many entries two equal facts make, of two reads within a second; OWN: a life begins. */
enum { OWN = -1 };

static const int kept[FACT_KINDS] = {
	[FACT_CREATE] = OWN,  [FACT_BIND] = OWN,  [FACT_DELETE] = 2,	 [FACT_DELETING] = 1,
	[FACT_WRITE] = 1,     [FACT_SEEN] = 1,	  [FACT_PHASE] = 1,	 [FACT_CONDITION] = 1,
	[FACT_WAITING] = 1,   [FACT_RUNNING] = 1, [FACT_TERMINATED] = 1, [FACT_EVENT] = 1,
	[FACT_NOMINATED] = 1, [FACT_LABEL] = 1,	  [FACT_SELECTED] = 1,
};

START_TEST(each_kind_folds)
{
	enum fact_kind kind = (enum fact_kind)_i;
	struct scene *s = scene_new();
	int n = 0;

	ck_assert_msg(kept[kind] != 0,
		      "fact kind %d: whether equal ones are folded is a row in fact_rows of "
		      "timeline/incarnation.c, and here",
		      _i);
	for (int i = 0; i < 2 && kept[kind] != OWN; i++) {
		struct fact *f;

		scene_read(s, AT(1000 + 100 * i));
		f = scene_fact(s, kind);
		f->at = AT(500);
		f->subject = STR("x");
		f->reason = STR("R");
	}
	if (kept[kind] != OWN) {
		const struct timeline *t = scene_only(s);

		entries_each(e, t)
			n += e->fact.kind == kind;
		ck_assert_int_eq(n, kept[kind]);
	}
	scene_free(s);
}
END_TEST

Suite *suite_folding(void)
{
	Suite *s = suite_create("folding");
	TCase *t = tcase_create("folding");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, each_kind_folds, 0, FACT_KINDS);
	tcase_add_test(t, the_fuller_twin_is_kept);
	tcase_add_test(t, attached_bytes_are_kept);
	tcase_add_test(t, the_first_of_equal_twins_is_kept);
	tcase_add_loop_test(t, not_twins, 0, 6);
	tcase_add_test(t, equal_statuses_are_one);
	tcase_add_test(t, a_change_is_kept);
	tcase_add_test(t, an_event_that_comes_again);
	tcase_add_test(t, bare_events_are_not_folded);
	tcase_add_loop_test(t, what_is_said_again, 0, (int)ARRAY_SIZE(repeated));
	tcase_add_test(t, claims_are_no_pods);
	tcase_add_loop_test(t, a_crash_loop_of_a_week, 0, (int)ARRAY_SIZE(recovers));
	tcase_add_loop_test(t, errors_come_through, 0, 2);
	return s;
}
