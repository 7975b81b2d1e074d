/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations of spans: rejected ones, with position and reason; and notes. */
#include "suites.h"

#include "spans/spans.h"

#define RESOURCE(life, rest)                                                                       \
	"[{\"ObjectRef\": {\"Resource\": \"pods\", \"APIVersion\": \"v1\"},\n"                     \
	"\"ActionType\": \"A\", \"LifeFlag\": {" life "}" rest "}]"
#define START "\"StartEvent\": [{\"Type\": \"operation\", \"Operation\": \"pod:create:success\"}]"
#define SPAN(keys) RESOURCE(START, ",\n\"Spans\": [{" keys "}]")
#define MATCHER(keys)                                                                              \
	SPAN("\"Name\": \"s\", \"Mode\": \"start-finish\",\n\"StartEvent\": [{" keys "}]")
#define NAMED(keys)                                                                                \
	SPAN("\"NameRef\": \"spec.[name]containers.name\", \"Type\": \"t\", \"Mode\": "            \
	     "\"start-finish\",\n\"StartEvent\": [{\"Type\": \"event\", \"Reason\": \"R\", " keys  \
	     "}]")

static const struct {
	const char *text, *message;
} bad[] = {
	{ "[]", "f: found no configuration of spans, expected a list of resources, or span-config "
		"or trace-config in a ConfigMap" },
	{ "kind: ConfigMap\ndata: {other: '[]'}\n", "f: found no configuration of spans" },
	{ "3", "f:1:1: found the number 3, expected a list of resources, or a ConfigMap with "
	       "span-config" },
	{ "[3]", "f:1:2: [0]: found the number 3, expected an object" },
	{ "[{\"ActionTyp\": \"A\"}]",
	  "f:1:3: [0].ActionTyp: unknown key; did you mean \"ActionType\"?" },
	{ "[{\"ActionType\": \"A\"}]", "f:1:2: [0]: the key \"ObjectRef\" is missing" },
	{ RESOURCE("", ""), "f:2:32: [0].LifeFlag: the key \"StartEvent\" is missing" },
	{ RESOURCE("\"StartEvent\": []", ""),
	  "f:2:47: [0].LifeFlag.StartEvent: an action needs an event to start with" },
	{ SPAN("\"Name\": \"s\", \"Mode\": \"start-end\""),
	  "f:3:33: [0].Spans[0].Mode: found \"start-end\", expected start-finish or direct-info" },
	{ SPAN("\"Mode\": \"start-finish\""),
	  "f:3:11: [0].Spans[0]: a span needs Name, NameRef or Type" },
	{ MATCHER("\"Type\": \"operations\", \"Operation\": \"x\""),
	  "f:4:25: [0].Spans[0].StartEvent[0].Type: found \"operations\", expected operation or "
	  "event; did you mean \"operation\"?" },
	{ MATCHER("\"Type\": \"event\", \"Operation\": \"x\""),
	  "f:4:16: [0].Spans[0].StartEvent[0]: a matcher of type event needs the key \"Reason\"" },
	{ NAMED("\"NameRex\": \"(\""),
	  "f:4:60: [0].Spans[0].StartEvent[0].NameRex: is no regular expression: " },
	{ NAMED("\"NameRex\": \"a(b)(c)\""),
	  "f:4:60: [0].Spans[0].StartEvent[0].NameRex: has 2 groups, expected exactly one" },
	{ NAMED("\"NameRex\": \"abc\""),
	  "f:4:60: [0].Spans[0].StartEvent[0].NameRex: has 0 groups, expected exactly one" },
	{ NAMED("\"MatchRex\": \"a(b)\""),
	  "f:4:61: [0].Spans[0].StartEvent[0].MatchRex: has 1 groups, expected none" },
	{ SPAN("\"NameRef\": \"{.spec}\", \"Mode\": \"start-finish\""),
	  "f:3:23: [0].Spans[0].NameRef: is a JSONPath" },
	{ SPAN("\"NameRef\": \"spec.[name\", \"Mode\": \"start-finish\""),
	  "f:3:23: [0].Spans[0].NameRef: is no path: step 2 is no field, [key]field or [$]field" },
	{ RESOURCE(START, ",\n\"ExtraProperties\": {\"uid\": {\"ValueRex\": \"metadata#uid\"}}"),
	  "f:3:21: [0].ExtraProperties.uid: is no name for a property" },
	{ RESOURCE(START, ",\n\"ExtraProperties\": {\"p\": {\"Name\": \"p\"}}"),
	  "f:3:26: [0].ExtraProperties.p: the key \"ValueRex\" is missing" },
};

START_TEST(bad_ones_are_refused_with_their_place)
{
	struct err err = { 0 };
	struct span_configuration *c = spans_read(STR("f"), str_from(bad[_i].text), &err);

	ck_assert_ptr_null(c);
	ck_assert_msg(str_starts(str_from(err.message), str_from(bad[_i].message)), "%s",
		      err.message);
}
END_TEST

#define SCRIPT(text) MATCHER("\"Type\": \"event\", \"LuaMatcher\": {\"Scripts\": \"" text "\"}")
#define FETCHER(text)                                                                              \
	RESOURCE(START, ",\n\"ExtraProperties\": {\"p\": {\"ValueFetcher\": {\"Scripts\": \"" text \
			"\"}}}")
#define STARTED(text)                                                                              \
	RESOURCE(                                                                                  \
	    "\"StartEvent\": [{\"Type\": \"operation\", \"LuaMatcher\": {\"Scripts\": \"" text     \
	    "\"}}]",                                                                               \
	    "")

/* with Lua, and without */
static const struct {
	const char *text, *message, *without;
} bad_scripts[] = {
	{ SCRIPT("return = 1"),
	  "f:4:60: [0].Spans[0].StartEvent[0].LuaMatcher.Scripts: is no script in Lua: line 1: "
	  "unexpected symbol near '='",
	  "f:4:48: [0].Spans[0].StartEvent[0].LuaMatcher: a script in Lua, of the span \"s\": this "
	  "program was built without Lua; say it with Operation or Reason, NameRex and MatchRex" },
	{ SCRIPT("return true\\nend"),
	  "f:4:60: [0].Spans[0].StartEvent[0].LuaMatcher.Scripts: is no script in Lua: line 2: "
	  "<eof> expected near 'end'",
	  "f:4:48: " },
	{ STARTED("return require('delivery').get_pod_slo_time(requestObjStr)"),
	  "f:2:96: [0].LifeFlag.StartEvent[0].LuaMatcher.Scripts: get_pod_slo_time of the module "
	  "delivery, in a script of the action \"A\", is not there",
	  "f:2:84: [0].LifeFlag.StartEvent[0].LuaMatcher: a script in Lua, of the action \"A\": " },
	{ FETCHER("("),
	  "f:3:55: [0].ExtraProperties.p.ValueFetcher.Scripts: is no script in Lua: line 1: "
	  "unexpected symbol near <eof>",
	  "f:3:43: [0].ExtraProperties.p.ValueFetcher: a script in Lua, of the property \"p\": "
	  "this "
	  "program was built without Lua; say it with ValueRex" },
	{ MATCHER("\"Type\": \"event\", \"LuaMatcher\": {}"),
	  "f:4:48: [0].Spans[0].StartEvent[0].LuaMatcher: the key \"Scripts\" is missing",
	  "f:4:48: [0].Spans[0].StartEvent[0].LuaMatcher: the key \"Scripts\" is missing" },
	{ MATCHER("\"Type\": \"event\", \"LuaMatcher\": {\"Script\": \"\"}"),
	  "f:4:49: [0].Spans[0].StartEvent[0].LuaMatcher.Script: unknown key; did you mean "
	  "\"Scripts\"?",
	  "f:4:49: [0].Spans[0].StartEvent[0].LuaMatcher.Script: unknown key; did you mean "
	  "\"Scripts\"?" },
};

START_TEST(bad_scripts_are_refused)
{
	struct err err = { 0 };
	const char *message =
	    scripts_are_there() ? bad_scripts[_i].message : bad_scripts[_i].without;

	ck_assert_ptr_null(spans_read(STR("f"), str_from(bad_scripts[_i].text), &err));
	ck_assert_msg(str_starts(str_from(err.message), str_from(message)), "%s", err.message);
}
END_TEST

static struct span_configuration *good(const char *text)
{
	struct err err = { 0 };
	struct span_configuration *c = spans_read(STR("f"), str_from(text), &err);

	ck_assert_msg(c != NULL, "%s", err.message);
	return c;
}

START_TEST(keys_are_met_in_any_case)
{
	struct span_configuration *c = good(
	    "[{\"objectref\": {\"RESOURCE\": \"pods\", \"apiVersion\": \"v1\"}, \"actiontype\": "
	    "\"A\", \"lifeflag\": {\"startevent\": [{\"type\": \"operation\", \"operation\": "
	    "\"pod:create:success\"}]}, \"spans\": [{\"name\": \"s\", \"mode\": \"direct-info\", "
	    "\"omitEmpty\": true}]}]");

	ck_assert_uint_eq(c->notes.n, 0);
	ck_assert_uint_eq(c->resources[0].n_spans, 1);
	ck_assert(c->resources[0].spans[0].omit_empty && c->resources[0].spans[0].direct);
	spans_free(c);
}
END_TEST

START_TEST(what_has_no_effect_is_noted)
{
	struct span_configuration *c = good(
	    "[{\"ObjectRef\": {\"Resource\": \"pods\", \"APIVersion\": \"v1\", \"Namespace\": "
	    "\"x\"},\n"
	    "\"ActionType\": \"A\", \"LifeFlag\": {\"Mode\": \"m\",\n\"StartEvent\": [{\"Type\": "
	    "\"operation\", \"Operation\": \"pod:created:success\"}]}}]");

	ck_assert_uint_eq(c->notes.n, 3);
	ck_assert(str_eq(c->notes.list[0],
			 STR("f:1:57: [0].ObjectRef.Namespace has no effect: of ObjectRef "
			     "only Resource and APIVersion count")));
	ck_assert(str_starts(c->notes.list[1], STR("f:2:33: [0].LifeFlag.Mode has no effect")));
	ck_assert(str_eq(c->notes.list[2],
			 STR("f:3:38: [0].LifeFlag.StartEvent[0].Operation is an operation that no "
			     "audit event gives; did you mean \"pod:create:success\"?")));
	spans_free(c);
}
END_TEST

START_TEST(what_was_escaped_twice_is_mended)
{
	struct span_configuration *c =
	    good(NAMED("\"NameRex\": \"volumes=\\\\\\\\[(.*)\\\\\\\\],\""));
	const struct pattern *p = c->resources[0].spans[0].start.list[0].name;
	struct str group;

	ck_assert_uint_eq(c->notes.n, 1);
	ck_assert(str_ends(
	    c->notes.list[0],
	    STR("is escaped once too often and has 0 groups; read as \"volumes=\\[(.*)\\],\"")));
	ck_assert(pattern_first(p, STR("volumes=[data], more"), &group));
	ck_assert(str_eq(group, STR("data")));
	spans_free(c);
}
END_TEST

START_TEST(config_maps_and_lists_of_them)
{
	struct span_configuration *c = good(
	    "kind: Service\n---\nkind: List\nitems:\n- kind: ConfigMap\n  data:\n    span-config: "
	    "|\n"
	    "      [{\"ObjectRef\": {\"Resource\": \"pods\", \"APIVersion\": \"v1\"}, "
	    "\"ActionType\": \"A\", \"LifeFlag\": {\"StartEvent\": [{\"Type\": \"event\", "
	    "\"Reason\": \"R\"}]}}]\n---\ntrace-config:\n- ObjectRef: {Resource: pods, APIVersion: "
	    "v1}\n  ActionType: B\n  LifeFlag: {StartEvent: [{Type: operation, Operation: "
	    "pod:ip:set}]}\n");

	ck_assert_uint_eq(c->n_resources, 2);
	ck_assert(str_eq(c->resources[1].action, STR("B")));
	ck_assert_uint_eq(c->extract.reasons.n, 1);
	ck_assert_uint_eq(c->extract.operations.n, 1);
	spans_free(c);
}
END_TEST

START_TEST(what_scripts_need_is_asked_for)
{
	struct span_configuration *c = good(MATCHER(
	    "\"Type\": \"event\", \"Reason\": \"R\", \"LuaMatcher\": {\"Scripts\": \"return "
	    "responseObj and userAgent and objectJsonStr\"}"));

	ck_assert(c->extract.requests && c->extract.all_events);
	ck_assert_uint_eq(c->extract.texts, 1u << EXTRACT_RESPONSE | 1u << EXTRACT_USER_AGENT);
	ck_assert_uint_eq(c->notes.n, 2);
	ck_assert(str_ends(c->notes.list[0],
			   STR("Reason has no effect: the LuaMatcher beside it decides alone")));
	ck_assert(
	    str_ends(c->notes.list[1], STR("LuaMatcher.Scripts names objectJsonStr, which only a "
					   "ValueFetcher has")));
	spans_free(c);
	c = good(MATCHER("\"Type\": \"event\", \"Reason\": \"R\""));
	ck_assert(!c->extract.requests && !c->extract.all_events && !c->extract.texts);
	spans_free(c);
}
END_TEST

Suite *suite_read(void)
{
	Suite *s = suite_create("read");
	TCase *t = tcase_create("read");

	tcase_add_loop_test(t, bad_ones_are_refused_with_their_place, 0, (int)ARRAY_SIZE(bad));
	tcase_add_loop_test(t, bad_scripts_are_refused, 0, (int)ARRAY_SIZE(bad_scripts));
	if (scripts_are_there())
		tcase_add_test(t, what_scripts_need_is_asked_for);
	tcase_add_test(t, keys_are_met_in_any_case);
	tcase_add_test(t, what_has_no_effect_is_noted);
	tcase_add_test(t, what_was_escaped_twice_is_mended);
	tcase_add_test(t, config_maps_and_lists_of_them);
	suite_add_tcase(s, t);
	return s;
}
