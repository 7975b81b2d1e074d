/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts alone: the globals that they see, their limits and their errors. */
#include "suites.h"

#include "spans/script.h"

static struct scripts *scripts;
static struct arena arena;
static struct script_input input;

static void setup(void)
{
	scripts = scripts_new();
	for (size_t i = 0; i < SCRIPT_GLOBALS; i++)
		input.texts[i] = STR("");
}

static void teardown(void)
{
	scripts_free(scripts);
	arena_free(&arena);
}

static struct script *script_of(const char *text)
{
	struct err err = { 0 };
	struct script *script = scripts_add(scripts, str_from(text), STR("f:1:2: a"), ~0u, &err);

	ck_assert_msg(script != NULL, "%s", err.message);
	return script;
}

static const struct {
	const char *text;
	bool truth;
} matchers[] = {
	{ "return true", true },
	{ "return false, 3", true }, /* the last value decides */
	{ "return 3, false", false },
	{ "return nil", false },
	{ "", false },
	{ "x = 1", false },
	{ "return 0", true }, /* as Lua has it */
	{ "return message == 'told \"a\"' and reason == 'Why'", true },
	{ "return message:match('%a+') == 'told'", true },
	{ "return verb == ''", true },
	{ "return objectJsonStr.x == nil", true }, /* an index of a string */
	{ "return nothing == nil", true },
	{ "return _G.verb == verb and _G ~= nil", true },
	{ "local j = require('json') return j.decode('[1,{\"a\":null,\"b\":\"c\"}]')[2].b == 'c'",
	  true },
	{ "local j = require('json') local v, why = j.decode('[1,') return v == nil and "
	  "why:find('offset 3') ~= nil",
	  true },
	{ "local j = require('json') return j.encode(j.decode('{\"b\":[1,2.5,-3e2],\"a\":{},"
	  "\"c\":true}')) == '{\"a\":[],\"b\":[1,2.5,-300],\"c\":true}'",
	  true },
	{ "return require('json').encode('\\1') == '\"\\\\u0001\"'", true },
	{ "return responseObj.status.n == 7 and math.type(responseObj.status.n) == 'integer'",
	  true },
	{ "return require('delivery').finish_upgrade({status={conditions={{type='Ready',status="
	  "'False'}}}})",
	  false },
	{ "return require('delivery').finish_upgrade({status={conditions={{type='Ready',status="
	  "'True'}}}})",
	  true },
	{ "return require('delivery').finish_upgrade({})", true },
	{ "return unpack({1, 2}) == 1 and loadstring('return 5')() == 5", true },
	{ "return load('return verb')() == verb", true },
	{ "return print(3) == nil", true },
	{ "return pcall(error, 'x')", true },
	{ "local a, b = xpcall(error, function(m) return m .. '!' end, 'x') return not a and b == "
	  "'x!'",
	  true },
	{ "local a, b, c = xpcall(math.max, print, 3, 9) return a and b == 9 and c == nil", true },
	{ "return (xpcall(error, error, 'x'))", false },
	/* nothing of the machine */
	{ "return io == nil and os == nil and package == nil and debug == nil and coroutine == "
	  "nil and dofile == nil and loadfile == nil and collectgarbage == nil and rawset == nil "
	  "and string.dump == nil and math.random == nil and math.randomseed == nil and warn == "
	  "nil",
	  true },
	{ "return (load('\\27Lua'))", false },	 /* what is compiled already */
	{ "return pcall(require, 'os')", true }, /* with its message as the last value */
	{ "return (pcall(require, 'os'))", false },
	/* no addresses */
	{ "return tostring({}) == 'table' and tostring(print) == 'function'", true },
	{ "return string.format('%5s|%s|%d%%', {}, print, 3) == 'table|function|3%'", true },
	{ "return ('%s'):format({}) == 'table'", true },
	{ "return (pcall(string.format, '%p', {}))", false },
	{ "return tostring(setmetatable({}, {__name = 'X'})) == 'table'", true },
	{ "return tostring(setmetatable({}, {__tostring = function() return 'me' end})) == 'me'",
	  true },
	/* an order of its own */
	{ "local t, s = {c=1, a=2, [3]=1, b=3, [1]=1, [true]=1}, '' for k in pairs(t) do s = s .. "
	  "tostring(k) end return s == 'true13abc'",
	  true },
	{ "local t = {c=1, a=2} return next(t) == 'a' and next(t, 'a') == 'c' and next(t, 'c') == "
	  "nil and next({}) == nil",
	  true },
	{ "local t = {a=1, b=2, c=3} local n = 0 for k in pairs(t) do t[k] = nil n = n + 1 end "
	  "return n == 3 and next(t) == nil",
	  true },
	/* nothing is left for the next run */
	{ "return (pcall(function() string.x = 1 end))", false },
	{ "return getmetatable('') == false and getmetatable(_G) == false", true },
	{ "return (pcall(setmetatable, {}, {__gc = print}))", false },
	{ "return (pcall(setmetatable, {}, {__mode = 'k'}))", false },
};

START_TEST(values)
{
	struct script *script;

	input.texts[SCRIPT_REASON] = STR("Why");
	input.texts[SCRIPT_MESSAGE] = STR("told \"a\"");
	input.texts[SCRIPT_RESPONSE] = STR("{\"status\":{\"n\":7}}");
	input.texts[SCRIPT_RESPONSE_TABLE] = input.texts[SCRIPT_RESPONSE];
	script = script_of(matchers[_i].text);
	for (int i = 0; i < 2; i++) {
		bool truth = script_test(script, &input);

		ck_assert_msg(script->failures == 0, STR_FMT, STR_ARG(script->first));
		ck_assert_msg(truth == matchers[_i].truth, "%s", matchers[_i].text);
	}
}
END_TEST

static const struct {
	const char *text, *first;
} failing[] = {
	{ "return 1 +\n{}", "line 1: attempt to perform arithmetic on a table value" },
	{ "local x\nx.y = 1", "line 2: attempt to index a nil value (local 'x')" },
	{ "error({})", "an error that is no text" },
	{ "error('\\27[31m\\n')", "line 1: ?[31m?" },
	{ "io.open('x')", "line 1: attempt to index a nil value (global 'io')" },
	{ "require('socket')", "line 1: there is no module 'socket', only json and delivery" },
	{ "while true do end", "more than 1000000 instructions" },
	{ "while true do pcall(function() while true do end end) end",
	  "more than 1000000 instructions" },
	{ "while true do xpcall(function() while true do end end, function() while true do end "
	  "end) end",
	  "more than 1000000 instructions" },
	{ "local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return "
	  "t[1]",
	  "line 1: C stack overflow" },
	{ "local function f() return 1 + f() end return f()", "more than 1000000 instructions" },
	{ "local function f() return pcall(f) end while true do f() end",
	  "more than 1000000 instructions" },
	{ "return ('x'):rep(1e9)", "more than 32 MiB of memory" },
	{ "local s = 'x' while true do s = s .. s end", "more than 32 MiB of memory" },
	{ "local t = {} for i = 1, 1e9 do t[i] = {} end", "more than " },
	{ "while true do pcall(string.rep, 'x', 1e9) end", "more than 1000000 instructions" },
	{ "while true do local s = ('x'):rep(1e7) end", "more than 1000000 instructions" },
	{ "return ('x'):rep(1e8, ('y'):rep(1e8))", "more than 32 MiB of memory" },
	{ "local t = {} t.t = t require('json').encode(t)",
	  "line 1: json: more than 127 tables in one another" },
	{ "require('json').encode({1, nil, 3, x = 1})",
	  "line 1: json: keys are neither all strings nor 1 to n" },
	{ "require('json').encode(print)", "line 1: json: a function" },
	{ "require('json').encode(0/0)", "line 1: json: a number that is not finite" },
	{ "while true do require('json').decode('[[[[1]]]]') end",
	  "more than 1000000 instructions" },
	{ "local t = {} for i = 1, 1000 do t[i] = i end while true do next(t) end",
	  "more than 1000000 instructions" },
	{ "local x <close> = setmetatable({}, {__close = function() while true do end end}) while "
	  "true do end",
	  "more than 1000000 instructions" },
	{ "return load(function() return 'x' end)", "line 1: bad argument #1 to 'load'" },
	{ "string.rep = nil", "line 1: libraries cannot be changed" },
};

START_TEST(errors_are_false_and_counted)
{
	struct script *script = script_of(failing[_i].text), *good = script_of("return verb == ''");
	struct buf notes = { 0 };

	ck_assert(!script_test(script, &input));
	ck_assert(!script_test(script, &input));
	ck_assert_uint_eq(script->failures, 2);
	ck_assert_msg(str_starts(script->first, str_from(failing[_i].first)), STR_FMT,
		      STR_ARG(script->first));
	ck_assert(script_test(good, &input)); /* the state is as good as new */
	scripts_notes(scripts, &notes);
	ck_assert(str_starts(buf_str(&notes),
			     STR("lunettes: f:1:2: a failed in 2 runs, which count as false; "
				 "first: ")));
	buf_free(&notes);
}
END_TEST

START_TEST(a_long_error_is_cut)
{
	struct script *script = script_of("error(('x'):rep(1000))");

	ck_assert(!script_test(script, &input));
	ck_assert_uint_eq(script->first.n, SCRIPT_MESSAGE_MAX + 3);
	ck_assert(str_starts(script->first, STR("line 1: xxx")));
	ck_assert(str_ends(script->first, STR("x...")));
}
END_TEST

static const struct {
	const char *text, *value; /* NULL: none */
} fetchers[] = {
	{ "return objectJsonStr", "{\"a\":[1]}" },
	{ "return require('json').decode(objectJsonStr).a[1]", "1" },
	{ "return ''", "" },
	{ "return 2.5", "2.5" },
	{ "return true", "true" },
	{ "return nil", NULL },
	{ "return {}", NULL },
	{ "local x = 1", NULL },
	{ "error('x')", NULL },
};

START_TEST(fetched_texts)
{
	struct script *script = script_of(fetchers[_i].text);
	struct str text = { 0 };

	input.texts[SCRIPT_OBJECT] = STR("{\"a\":[1]}");
	ck_assert(script_text(script, &input, &arena, &text) == (fetchers[_i].value != NULL));
	if (fetchers[_i].value)
		ck_assert(text.p && str_eq(text, str_from(fetchers[_i].value)));
	else
		ck_assert_ptr_null(text.p);
}
END_TEST

START_TEST(what_is_too_long_is_empty_and_noted)
{
	struct script *script = script_of("return requestObjStr == ''");
	struct buf notes = { 0 };

	input.texts[SCRIPT_REQUEST] = (struct str){ 0 };
	ck_assert(script_test(script, &input));
	scripts_notes(scripts, &notes);
	ck_assert(
	    str_starts(buf_str(&notes), STR("lunettes: f:1:2: a saw texts as empty in 1 run: ")));
	buf_free(&notes);
}
END_TEST

static const struct {
	const char *text, *message;
} wrong[] = {
	{ "return +", "line 1: unexpected symbol near '+'" },
	{ "x = 1\ny = = 2", "line 2: unexpected symbol near '='" },
	{ "for i = 1, 2 do", "line 1: 'end' expected near <eof>" },
	{ "\033Lua", "attempt to load a binary chunk" },
};

START_TEST(what_is_no_lua)
{
	struct err err = { 0 };

	ck_assert_ptr_null(scripts_add(scripts, str_from(wrong[_i].text), STR("p"), ~0u, &err));
	ck_assert_msg(str_starts(str_from(err.message), str_from(wrong[_i].message)), "%s",
		      err.message);
}
END_TEST

START_TEST(only_what_is_named_is_given)
{
	struct script *script = script_of("return responseObjStr .. _G['ver' .. 'b']");

	ck_assert_uint_eq(script->globals, 1u << SCRIPT_RESPONSE);
	ck_assert(script_names(STR("a.b(verb)"), "verb"));
	ck_assert(!script_names(STR("averb verbs"), "verb"));
}
END_TEST

START_TEST(without_lua_there_are_none)
{
	struct err err = { 0 };

	ck_assert_ptr_null(scripts_new());
	ck_assert_ptr_null(scripts_add(NULL, STR("return 1"), STR("p"), 0, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(str_starts(str_from(spans_features()), STR("spans without Lua")));
}
END_TEST

bool scripts_are_there(void)
{
	return str_starts(str_from(spans_features()), STR("Lua "));
}

Suite *suite_script(void)
{
	Suite *s = suite_create("script");
	TCase *t = tcase_create("script");

	suite_add_tcase(s, t);
	if (!scripts_are_there()) {
		tcase_add_test(t, without_lua_there_are_none);
		return s;
	}
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, values, 0, (int)ARRAY_SIZE(matchers));
	tcase_add_loop_test(t, errors_are_false_and_counted, 0, (int)ARRAY_SIZE(failing));
	tcase_add_test(t, a_long_error_is_cut);
	tcase_add_loop_test(t, fetched_texts, 0, (int)ARRAY_SIZE(fetchers));
	tcase_add_test(t, what_is_too_long_is_empty_and_noted);
	tcase_add_loop_test(t, what_is_no_lua, 0, (int)ARRAY_SIZE(wrong));
	tcase_add_test(t, only_what_is_named_is_given);
	return s;
}
