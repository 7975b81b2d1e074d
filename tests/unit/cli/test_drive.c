/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of commands: the order of its calls, and the cleanup after a failed one. */
#include "suites.h"

#include "cli/drive.h"
#include "cli/ending.h"

#include <unistd.h>

static const char event[] =
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\","
    "\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"create\","
    "\"requestURI\":\"/api/v1/namespaces/shop/pods\",\"user\":{\"username\":\"me\"},"
    "\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"web\","
    "\"apiVersion\":\"v1\"},\"responseStatus\":{\"code\":201},"
    "\"requestReceivedTimestamp\":\"2026-01-01T00:00:00.000000Z\","
    "\"stageTimestamp\":\"2026-01-01T00:00:00.100000Z\"}\n";

/* Which call fails; of observe and another, which one answers as it does not by itself. */
enum failing { NONE, PREPARE, BEGIN, OBSERVE, FINISH, WITHHELD, HOLDS, UNJUDGED, ANOTHER };

struct test_run {
	char *kept; /* what release has to free */
	unsigned inputs;
};

static char folder[] = P_tmpdir "/lunettes-drive-XXXXXX"; /* mkdtemp replaces the six letters */
static char calls[256], out_path[64], in_path[64];
static enum failing failing;
static bool empty_input;

static int call(const char *name, enum failing one, struct err *err)
{
	snprintf(calls + strlen(calls), sizeof(calls) - strlen(calls), "%s%s", *calls ? " " : "",
		 name);
	return failing == one && err ? err_set(err, ERR_USAGE, "as the test wants it") : 0;
}

static int prepare(struct command_run *run, struct err *err)
{
	struct test_run *own = run->own;

	ck_assert(!own->kept && !own->inputs);
	own->kept = strdup("kept");
	run->needs.empty_input = empty_input;
	run->n_outputs = 1;
	run->outputs[0] = (struct output){ .option = "otlp", .path = out_path, .text = &run->text };
	return call("prepare", PREPARE, err);
}

static int begin(struct command_run *run, struct err *err)
{
	ck_assert_ptr_eq(run->basis, &run->pipeline.basis);
	ck_assert_int_eq(access(out_path, F_OK), -1); /* not before it is whole */
	return call("begin", BEGIN, err);
}

static bool observe(struct command_run *run, const struct timeline *t,
		    const struct cluster *cluster)
{
	ck_assert(str_eq(t->name, STR("web")) && cluster && choice_wants(&run->choice, t));
	buf_add_str(&run->text, STR("a pod, "));
	call("observe", OBSERVE, NULL);
	return failing != OBSERVE;
}

static int finish(struct command_run *run, struct err *err)
{
	const struct test_run *own = run->own;

	buf_add_str(&run->text, STR("the end"));
	run->withheld = failing == WITHHELD || (failing == ANOTHER && !own->inputs);
	ck_assert(run->whole == (failing != OBSERVE && !empty_input));
	return call("finish", FINISH, err);
}

static void judge(struct command_run *run, struct fail_on *fail_on)
{
	call("judge", NONE, NULL);
	if (failing == UNJUDGED)
		buf_add_str(&fail_on->unjudged, STR("there is nothing to judge\n"));
	fail_on->condition = failing == HOLDS;
}

static void note(struct command_run *run, int result, struct buf *text)
{
	bool failed = failing == BEGIN || failing == FINISH || access(in_path, F_OK) < 0;

	ck_assert(!(result < 0) == !(failed || empty_input));
	call("notes", NONE, NULL);
}

static bool another(struct command_run *run)
{
	struct test_run *own = run->own;

	call("another", NONE, NULL);
	return failing == ANOTHER && !own->inputs++;
}

static void release(struct command_run *run)
{
	struct test_run *own = run->own;

	ck_assert_str_eq(own->kept, "kept");
	free(own->kept);
	call("release", NONE, NULL);
}

static const struct command reader = {
	.name = "test",
	.bits = READERS,
	.own_size = sizeof(struct test_run),
	.prepare = prepare,
	.begin = begin,
	.observe = observe,
	.finish = finish,
	.judge = judge,
	.notes = note,
	.release = release,
};

static void write_input(const char *text)
{
	FILE *f = fopen(in_path, "w");

	ck_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void make_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(in_path, sizeof(in_path), "%s/in", folder);
	snprintf(out_path, sizeof(out_path), "%s/out", folder);
	write_input(event);
	*calls = 0;
	failing = NONE;
	empty_input = false;
}

static void remove_folder(void)
{
	unlink(in_path);
	unlink(out_path);
	ck_assert_int_eq(rmdir(folder), 0); /* nothing else is left in it */
}

static int run(const struct command *command)
{
	struct words words;
	struct options options;
	struct err err;
	char line[128];
	int status;

	snprintf(line, sizeof(line), "trace -q --otlp x %s", in_path);
	words_of(&words, line);
	ck_assert_int_eq(options_parse(words.argc, words.argv, &options, &err), OPTIONS_RUN);
	options.command = command;
	status = drive(&options);
	options_free(&options);
	return status;
}

static void check_output(const char *expected)
{
	char text[64] = "";
	FILE *f = fopen(out_path, "r");

	ck_assert_msg(!f == !expected, "the output is %sthere", f ? "" : "not ");
	if (!f)
		return;
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	ck_assert_str_eq(text, expected);
}

static const struct {
	enum failing failing;
	int status;
	const char *calls, *output; /* NULL: none is there */
} runs[] = {
	{ NONE, STATUS_OK, "prepare begin observe finish judge notes release", "a pod, the end" },
	{ PREPARE, STATUS_USAGE, "prepare release", NULL },
	{ BEGIN, STATUS_USAGE, "prepare begin notes release", NULL },
	{ OBSERVE, STATUS_OK, "prepare begin observe finish judge notes release",
	  "a pod, the end" },
	{ FINISH, STATUS_USAGE, "prepare begin observe finish notes release", NULL },
	{ WITHHELD, STATUS_OK, "prepare begin observe finish judge notes release", NULL },
	{ HOLDS, STATUS_CONDITION, "prepare begin observe finish judge notes release",
	  "a pod, the end" },
	{ UNJUDGED, STATUS_NO_INPUT, "prepare begin observe finish judge notes release",
	  "a pod, the end" },
};

START_TEST(calls_in_order)
{
	failing = runs[_i].failing;
	ck_assert_int_eq(run(&reader), runs[_i].status);
	ck_assert_str_eq(calls, runs[_i].calls);
	check_output(runs[_i].output);
}
END_TEST

START_TEST(reports_what_cannot_be_read)
{
	unlink(in_path);
	ck_assert_int_eq(run(&reader), STATUS_NO_INPUT);
	ck_assert_str_eq(calls, "prepare notes release");
	check_output(NULL);
}
END_TEST

START_TEST(shows_an_input_of_no_use)
{
	write_input("{\"kind\":\"Event\"\n");
	empty_input = true;
	ck_assert_int_eq(run(&reader), STATUS_NO_INPUT);
	ck_assert_str_eq(calls, "prepare begin finish notes release");
	check_output("the end");
}
END_TEST

START_TEST(does_not_replace_a_file_of_another_kind)
{
	FILE *f = fopen(out_path, "w");

	ck_assert(f && fputs("mine", f) >= 0 && fclose(f) == 0);
	failing = BEGIN; /* an error, as far as the notes are concerned */
	ck_assert_int_eq(run(&reader), STATUS_USAGE);
	ck_assert_str_eq(calls, "prepare notes release");
	check_output("mine");
}
END_TEST

START_TEST(reads_one_input_after_another)
{
	struct command two = reader;

	two.another = another;
	failing = ANOTHER;
	ck_assert_int_eq(run(&two), STATUS_OK);
	ck_assert_str_eq(calls, "prepare begin observe finish judge notes another "
				"begin observe finish judge notes another release");
	check_output("a pod, the enda pod, the end");
}
END_TEST

START_TEST(runs_what_reads_nothing)
{
	struct command writer = { .name = "test",
				  .own_size = sizeof(struct test_run),
				  .prepare = prepare,
				  .finish = finish,
				  .release = release };

	failing = OBSERVE; /* it is never whole, without pods */
	ck_assert_int_eq(run(&writer), STATUS_OK);
	ck_assert_str_eq(calls, "prepare finish release");
	check_output("the end");
}
END_TEST

Suite *suite_drive(void)
{
	Suite *s = suite_create("drive");
	TCase *t = tcase_create("drive");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, make_folder, remove_folder);
	tcase_add_loop_test(t, calls_in_order, 0, (int)ARRAY_SIZE(runs));
	tcase_add_test(t, reports_what_cannot_be_read);
	tcase_add_test(t, shows_an_input_of_no_use);
	tcase_add_test(t, does_not_replace_a_file_of_another_kind);
	tcase_add_test(t, reads_one_input_after_another);
	tcase_add_test(t, runs_what_reads_nothing);
	return s;
}
