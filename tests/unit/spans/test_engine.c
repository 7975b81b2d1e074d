/* SPDX-License-Identifier: Apache-2.0 */
/* The engine, from audit events to traces. Times are seconds after midnight. */
#include "scene.h"

START_TEST(begin_is_the_latest_start_and_end_the_earliest_end)
{
	const struct trace *t;

	configure("[" CREATE(READY
			     "," FROM_TO("s", EV("Pulling", ""), EV("Pulled", ""), "") "," FROM_TO(
				 "r", EV("Pulling", ""), EV("Again", ""), ""),
			     "") "]");
	created(0);
	told(1, "Pulling", "x");
	told(3, "Pulling", "x");
	told(5, "Pulled", "x");
	told(6, "Pulled", "x");
	told(2, "Again", "x");
	condition(9, "Ready");
	told(10, "Pulling", "behind the end");
	run();
	ck_assert_uint_eq(scene.n_runs, 1);
	t = trace_of(0);
	span(t, "C_u1", 0, 9);
	span(t, "ready", 0, 9);
	span(t, "s", 3, 5);
	span(t, "r", 3, 3); /* it ended before it began again */
}
END_TEST

START_TEST(the_end_of_one_action_leaves_the_other)
{
	const struct trace *t;

	configure("[" ACTION(
	    "C", OP("pod:create:success"), OP("condition:Ready:true") "," OP("pod:delete:success"),
	    READY,
	    "") "," ACTION("D", OP("pod:delete:success"), OP("pod:deleted:success"),
			   FROM_TO("gone", OP("pod:delete:success"), OP("pod:deleted:success"),
				   "") ","
				       "{\"NameRef\":\"metadata.[$]finalizers.$\",\"Type\":\"f\","
				       "\"Mode\":"
				       "\"start-finish\",\"StartEvent\":[" OP(
					   "pod:delete:success") "],\"EndEvent\":["
								 "{\"Type\":\"operation\","
								 "\"Operation\":\"finalizer:"
								 "delete\",\"NameRex\":"
								 "\"finalizer:(.*):delete\"}]}",
			   "") "]");
	created(0);
	deleted(4, 30);
	put(6, "patch", PODS, 200,
	    "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"x/b\"]}}", POD(""));
	deleted(9, 0);
	run();
	ck_assert_uint_eq(scene.n_runs, 2);
	span(trace_of(0), "ready", 0, 0);
	t = trace_of(1);
	span(t, "D_u1", 4, 9);
	span(t, "gone", 4, 9);
	span(t, "x/a", 4, 4);
	span(t, "x/b", 4, 6);
	ck_assert_int_eq(t->operation, OPERATION_DELETE);
}
END_TEST

START_TEST(one_end_stands_for_the_other)
{
	const struct trace *t;

	configure("[" CREATE(
	    READY "," FROM_TO("begun", OP("phase:Running:set"), EV("Never", ""), "") "," FROM_TO(
		"closed", OP("phase:Running:set"), EV("Never", ""),
		",\"NeedClose\":true") "," FROM_TO("ended", EV("Never", ""),
						   OP("phase:Running:set"),
						   "") "," FROM_TO("neither", EV("Never", ""),
								   EV("Never", ""),
								   "") "," FROM_TO("omitted",
										   EV("Never", ""),
										   EV("Never", ""),
										   ",\"Omitempty\":"
										   "true"),
	    "") "]");
	created(0);
	patched(5, "{\"phase\":\"Running\"}");
	condition(8, "Ready");
	run();
	t = trace_of(0);
	ck_assert_uint_eq(t->n_spans, 6);
	span(t, "begun", 5, 5);
	span(t, "closed", 5, 8);
	span(t, "ended", 5, 5);
	span(t, "neither", 8, 8);
}
END_TEST

START_TEST(direct_information)
{
	const struct trace *t;

	configure("[" CREATE(
	    READY ",{\"NameRef\":\"spec.[name]containers.name\",\"Type\":\"c\",\"Mode\":"
		  "\"direct-info\",\"DirectEvent\":[" EV(
		      "Created", ",\"NameRex\":\"container (.*), elapsedTime\",\"DurationRex\":"
				 "\"elapsedTime (.*)\"") "]}",
	    "") "]");
	created(0);
	told(10, "Created", "Created container web, elapsedTime 2s");
	told(12, "Created", "Created container web, elapsedTime 1m");
	told(13, "Created", "Created container log, elapsedTime soon");
	condition(15, "Ready");
	run();
	t = trace_of(0);
	span(t, "web", -48, 12); /* from the earliest begin to the latest end */
	span(t, "log", 13, 13);	 /* no duration is none */
	span(t, "C_u1", -48, 15);
}
END_TEST

static const char *const wordings[] = { "Created container web", "Created container: web",
					"Container created" };

START_TEST(kubelets_of_all_versions)
{
	configure("[" CREATE(
	    "{\"NameRef\":\"spec.[name]containers.name\",\"Type\":\"c\",\"Mode\":"
	    "\"start-finish\",\"StartEvent\":[" EV(
		"Created",
		",\"NameRex\":\"Created container "
		"(.*)\"") "],\"EndEvent\":[" EV("Started",
						",\"NameRex\":\"Started container (.*)\"") "]}",
	    "") "]");
	created(0);
	told(3, "Created", wordings[_i]);
	told(4, "Started", _i == 2 ? "Container started" : "Started container web");
	condition(5, "Ready");
	run();
	span(trace_of(0), "web", 3, 4);
	span(trace_of(0), "log", 4, 4); /* neither was seen, so it is at the end */
}
END_TEST

START_TEST(what_goes_on_ends_with_the_log)
{
	const struct span *s;

	configure("[" CREATE(READY, "") "]");
	created(0);
	patched(20, "{\"phase\":\"Running\"}");
	run();
	s = span(trace_of(0), "ready", 0, 20);
	ck_assert(s->open && s->end == log_end());
	ck_assert_int_eq(s->status, SPAN_UNSET);
}
END_TEST

START_TEST(an_action_ends_after_35_minutes)
{
	const struct trace *t;

	configure("[" CREATE(READY "," FROM_TO("closed", OP("pod:create:success"), EV("Never", ""),
					       ",\"NeedClose\":true"),
			     "") "]");
	created(0);
	condition(36 * 60, "Ready");
	run();
	t = trace_of(0);
	span(t, "closed", 0, 35 * 60);
	ck_assert(!span(t, "ready", 0, 0)->open);
}
END_TEST

#define INNER FROM_TO("inner", EV("Pulling", ""), EV("Pulled", ""), "")
#define OUTSIDE                                                                                    \
	FROM_TO("outside", EV("Pulled", ""), OP("condition:Ready:true"),                           \
		FAILED(",\"MatchRex\":\"pull\""))
#define FAILED(rest) ",\"ErrorEvent\":[" EV("Failed", rest) "]"
#define CHILDREN                                                                                   \
	",\"Component\":\"kubelet\",\"Children\":[" INNER "," OUTSIDE                              \
	"," FROM_TO("failed", EV("Pulling", ""), EV("Never", ""), FAILED("")) "]"

START_TEST(children_components_and_errors)
{
	const struct trace *t;
	const struct span *outer, *inner, *outside;

	configure("[" CREATE(FROM_TO("outer", OP("pod:create:success"), EV("Pulled", ""), CHILDREN),
			     "") "]");
	created(0);
	told(2, "Pulling", "x");
	told(3, "Failed", "cannot pull");
	told(5, "Pulled", "x");
	condition(9, "Ready");
	run();
	t = trace_of(0);
	outer = span(t, "outer", 0, 5);
	inner = span(t, "inner", 2, 5);
	outside = span(t, "outside", 5, 9);
	ck_assert_ptr_eq(&t->spans[inner->parent], outer);
	ck_assert_ptr_eq(&t->spans[outside->parent], t->spans); /* it reaches out of outer */
	ck_assert(str_eq(t->resources[inner->resource].service, STR("kubelet")));
	ck_assert_uint_eq(outside->n_events, 1);
	ck_assert_int_eq(outside->status, SPAN_UNSET); /* it ended by itself */
	inner = span(t, "failed", 2, 2);
	ck_assert_int_eq(inner->status, SPAN_ERROR);
	ck_assert(str_eq(inner->message, STR("cannot pull")));
}
END_TEST

START_TEST(properties_are_those_of_the_first_sight)
{
	const struct trace *t;

	configure("[" CREATE(READY,
			     ",\"ExtraProperties\":{\"biz\":{\"ValueRex\":"
			     "\"metadata#labels#a.b/c\"},\"none\":{\"ValueRex\":\"spec#x\"}}") "]");
	created(0);
	condition(3, "Ready");
	run();
	t = trace_of(0);
	for (size_t i = 0; i < t->n_spans; i++) {
		ck_assert(str_eq(t->spans[i].attributes.list[0].key, STR("biz")));
		ck_assert(str_eq(t->spans[i].attributes.list[0].text, STR("blue")));
		ck_assert(str_eq(t->spans[i].attributes.list[1].key, STR("uid")));
		ck_assert(str_eq(t->spans[i].attributes.list[1].text, STR("u1")));
	}
}
END_TEST

START_TEST(states_of_containers_as_details)
{
	configure("[" CREATE("{\"NameRef\":\"spec.[name]containers.name\",\"Type\":\"k\",\"Mode\":"
			     "\"start-finish\",\"StartEvent\":[" OP(
				 "pod:create:success") "],"
						       "\"EndEvent\":[{\"Type\":\"operation\","
						       "\"Operation\":\"containerState:set\","
						       "\"NameRex\":\"containerState:(.*):"
						       "terminated:Error;exitCode:3\"}]}",
			     "") "]");
	created(0);
	patched(4,
		"{\"containerStatuses\":[{\"name\":\"web\",\"state\":{\"terminated\":{\"reason\":"
		"\"Error\",\"exitCode\":3}}},{\"name\":\"log\",\"state\":{\"running\":{}}}]}");
	condition(6, "Ready");
	run();
	span(trace_of(0), "web", 0, 4);
	span(trace_of(0), "log", 0, 0);
}
END_TEST

#define LUA(type, text) "{\"Type\":\"" type "\",\"LuaMatcher\":{\"Scripts\":\"" text "\"}}"
#define SCRIPTED                                                                                   \
	"[{\"ObjectRef\":{\"Resource\":\"pods\",\"APIVersion\":\"v1\"},\"ActionType\":\"C\","      \
	"\"LifeFlag\":{\"StartEvent\":[" LUA(                                                      \
	    "operation",                                                                           \
	    "return verb == 'create' and responseObj.kind == "                                     \
	    "'Pod'") "],\"FinishEvent\""                                                           \
		     ":[" LUA("operation", "return verb == "                                       \
					   "'update'") "]},"                                       \
						       "\"Spans\":[" FROM_TO(                      \
							   "s",                                    \
							   LUA("event", "return reason == "        \
									"'Pulling' and "           \
									"message == 'x y' "        \
									"and spanName == "         \
									"'s'"),                    \
							   LUA("operation", "return "              \
									    "requestObjStr:"       \
									    "find('Running', "     \
									    "1, true) and "        \
									    "userAgent == "        \
									    "'me/1'"),             \
							   "") "],"                                \
							       "\"ExtraProperties"                 \
							       "\":{\"color\":{"                   \
							       "\"ValueFetcher\":{"                \
							       "\"Scripts\":"                      \
							       "\"local l = "                      \
							       "require('json')."                  \
							       "decode("                           \
							       "objectJsonStr)."                   \
							       "metadata.labels "                  \
							       "return l and "                     \
							       "l['a.b/"                           \
							       "c']\"}},\"bad\":{"                 \
							       "\"ValueFetcher\":{"                \
							       "\"Scripts\":"                      \
							       "\"error('no')\"}}}"                \
							       "}]"

/* An update, which gives no operation, is seen by scripts all the same. */
START_TEST(scripts_decide_and_fetch)
{
	struct buf notes = { 0 };
	const struct trace *t;

	configure(SCRIPTED);
	created(0);
	told(2, "Pulling", "z");
	told(3, "Pulling", "x y");
	patched(5, "{\"phase\":\"Running\"}");
	put(9, "update", PODS, 200, POD(""), POD(""));
	patched(12, "{\"phase\":\"Running\"}");
	run();
	ck_assert_uint_eq(scene.n_runs, 1);
	t = trace_of(0);
	ck_assert(!span(t, "s", 3, 5)->open);
	span(t, "C_u1", 3, 5);
	ck_assert(str_eq(t->spans[0].attributes.list[0].key, STR("color")));
	ck_assert(str_eq(t->spans[0].attributes.list[0].text, STR("blue"))); /* of the first */
	ck_assert(str_eq(t->spans[0].attributes.list[1].key, STR("uid")));
	scripts_notes(scene.config->scripts, &notes);
	/* each of the three answers that show the pod until the end */
	ck_assert(str_contains(buf_str(&notes), STR("ExtraProperties.bad.ValueFetcher.Scripts "
						    "failed in 3 runs")));
	ck_assert(str_ends(buf_str(&notes), STR("first: line 1: no\n")));
	buf_free(&notes);
}
END_TEST

START_TEST(long_texts_are_not_kept)
{
	struct buf body = { 0 }, notes = { 0 };

	configure(
	    "[{\"ObjectRef\":{\"Resource\":\"pods\",\"APIVersion\":\"v1\"},\"ActionType\":\"C\","
	    "\"LifeFlag\":{\"StartEvent\":[" LUA(
		"operation", "return requestObjStr == '' and #responseObjStr > 0") "]}}]");
	buf_printf(&body, "{\"x\":\"%*s\"}%c", EXTRACT_TEXT_MAX, "", 0);
	put(0, "create", PODS, 201, body.p, POD(""));
	run();
	ck_assert_uint_eq(scene.n_runs, 1);
	scripts_notes(scene.config->scripts, &notes);
	ck_assert(str_contains(buf_str(&notes), STR("saw texts as empty in 1 run: they are longer "
						    "than 256 KiB")));
	buf_free(&body);
	buf_free(&notes);
}
END_TEST

#define OBJECT                                                                                     \
	"{\"spec\":{\"containers\":[{\"name\":\"c1\",\"image\":\"i\"},{\"image\":\"i\",\"name\":"  \
	"\"c2\",\"ports\":[{\"port\":1}]}]},\"metadata\":{\"finalizers\":[\"x/a\"],\"labels\":{"   \
	"\"a.b/C\":\"v\"}}}"

static const struct {
	const char *path;
	char sep;
	const char *values; /* | for NUL */
} paths[] = {
	{ "spec.[name]containers.name", '.',
	  "_spec_[c1]containers_name|c1|_spec_[c2]containers_name|c2|" },
	{ "Spec.[name]Containers.IMAGE", '.',
	  "_Spec_[c1]Containers_IMAGE|i|_Spec_[c2]Containers_IMAGE|i|" },
	{ "spec.[name,image]containers.name", '.',
	  "_spec_[c1,i]containers_name|c1|_spec_[c2,i]containers_name|c2|" },
	{ "spec.containers.image", '.', "_spec_containers_image|i|_spec_containers_image|i|" },
	{ "metadata.[$]finalizers.$", '.', "_metadata_[x/a]finalizers|x/a|" },
	{ "metadata#labels#a.b/C", '#', "_metadata_labels_a.b/C|v|" },
	{ "metadata#labels#a.b/c", '#', "" },	   /* keys of labels are exact */
	{ "spec.containers.ports.port", '.', "" }, /* numbers are no strings */
	{ "spec.nothing.name", '.', "" },
};

START_TEST(values_at_paths)
{
	struct extract_path path;
	struct err err = { 0 };
	struct str values;
	char text[256];

	values = arena_printf(&scene.arena, "%c%s", paths[_i].sep, paths[_i].path);
	ck_assert(extract_path_parse(values, &scene.arena, &path, &err));
	values = extract_values(&path, STR(OBJECT), &scene.arena);
	ck_assert_uint_lt(values.n, sizeof(text));
	for (size_t i = 0; i < values.n; i++)
		text[i] = values.p[i] ? values.p[i] : '|';
	text[values.n] = 0;
	ck_assert_str_eq(text, paths[_i].values);
}
END_TEST

Suite *suite_engine(void)
{
	Suite *s = suite_create("engine");
	TCase *t = tcase_create("engine");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, begin_is_the_latest_start_and_end_the_earliest_end);
	tcase_add_test(t, the_end_of_one_action_leaves_the_other);
	tcase_add_test(t, one_end_stands_for_the_other);
	tcase_add_test(t, direct_information);
	tcase_add_loop_test(t, kubelets_of_all_versions, 0, (int)ARRAY_SIZE(wordings));
	tcase_add_test(t, what_goes_on_ends_with_the_log);
	tcase_add_test(t, an_action_ends_after_35_minutes);
	tcase_add_test(t, children_components_and_errors);
	tcase_add_test(t, properties_are_those_of_the_first_sight);
	tcase_add_test(t, states_of_containers_as_details);
	if (scripts_are_there()) {
		tcase_add_test(t, scripts_decide_and_fetch);
		tcase_add_test(t, long_texts_are_not_kept);
	}
	tcase_add_loop_test(t, values_at_paths, 0, (int)ARRAY_SIZE(paths));
	suite_add_tcase(s, t);
	return s;
}
