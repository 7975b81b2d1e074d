/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in envelopes, for a caller whose records have a key r, or are converted. */
#include "suites.h"

#include "wrap/wrap.h"

static struct wrap w;
static struct arena arena;
static struct buf out; /* a line for each call of the user */
static uint64_t other_lines;
static bool failing;

static int on_object(void *ctx, struct json *j, unsigned depth, struct err *err)
{
	struct str raw;

	if (!json_raw(j, &raw) || !json_end(j))
		return 0;
	if (!str_contains(raw, STR("{\"r\":")) && !str_contains(raw, STR("audit.k8s.io")))
		return wrap_object(&w, raw, depth, err);
	w.taken++;
	w.judged++;
	buf_printf(&out, STR_FMT " at %u\n", STR_ARG(raw), depth);
	return failing ? err_set(err, ERR_INPUT, "no") : 0;
}

static void on_foreign(void *ctx, const char *what)
{
	w.judged++;
	buf_printf(&out, "foreign %s\n", what ? what : "-");
}

static void on_malformed(void *ctx, const char *what, size_t offset)
{
	w.judged++;
	buf_printf(&out, "malformed %s at %zu\n", what, offset);
}

static void setup(void)
{
	static const struct wrap_user user = { on_object, on_foreign, on_malformed };

	w = (struct wrap){ .arena = &arena, .other_lines = &other_lines, .user = &user };
	other_lines = 0;
	failing = false;
}

static void teardown(void)
{
	buf_free(&out);
	arena_free(&arena);
	out = (struct buf){ 0 };
}

static struct str unquoted(const char *text)
{
	struct str s = arena_str(&arena, str_from(text));

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\'')
			((char *)(uintptr_t)s.p)[i] = '"';
	return s;
}

static const struct {
	const char *text, *out;
	int known;
	uint64_t other_lines;
} rows[] = {
	{ "{'message':'{\\'r\\':1}'}", "{'r':1} at 1\n", 1, 0 },
	{ "{'message':[{'r':1},{'log':'{\\'r\\':2}'}]}", "{'r':1} at 2\n{'r':2} at 3\n", 1, 0 },
	{ "{'messageType':'D','logEvents':[{'message':'x'},{'message':'{\\'r\\':1}'}]}",
	  "{'r':1} at 1\n", 1, 1 },
	{ "{'message':'2026-11-22T10:00:00Z stdout F {\\'r\\':1}'}", "{'r':1} at 1\n", 1, 0 },
	{ "{'message':'plain text'}", "", 1, 1 },
	{ "{'message':'{\\'r\\':1,'}", "malformed the text ends inside an object or array at 7\n",
	  1, 0 },
	{ "{'message':7}", "", 0, 0 },
	{ "{'kind':'A','apiVersion':'v1','message':'{\\'r\\':1}'}", "", 0, 0 },
	/* converted */
	{ "{'insertId':'i','timestamp':'T','protoPayload':{'serviceName':'k8s.io','methodName':"
	  "'io.k8s.core.v1.pods.delete','resourceName':'core/v1/namespaces/shop/pods/web',"
	  "'request':{'a':1},'authenticationInfo':{'principalEmail':'a\\u0041'}}}",
	  "{'apiVersion':'audit.k8s.io/v1','level':'Request','auditID':'i','stage':"
	  "'ResponseComplete','verb':'delete','user':{'username':'a\\u0041'},'objectRef':"
	  "{'apiVersion':'v1','namespace':'shop','resource':'pods','name':'web'},"
	  "'responseStatus':{'code':200},'requestObject':{'a':1},'requestReceivedTimestamp':'T'}"
	  " at 1\n",
	  1, 0 },
	{ "{'protoPayload':{'serviceName':'compute'}}",
	  "foreign an audit log of Google Cloud, not of the Kubernetes API\n", 1, 0 },
	{ "{'protoPayload':{'serviceName':x}}", "malformed not a value at 31\n", 1, 0 },
	{ "{'AuditId':'1','Stage':'S','Verb':'get','User':'{\\'username\\':\\'a\\'}','X':1}",
	  "{'apiVersion':'audit.k8s.io/v1','auditID':'1','stage':'S','verb':'get','user':"
	  "{'username':'a'}} at 1\n",
	  1, 0 },
};

START_TEST(test_row)
{
	struct err err = { 0 };

	ck_assert_int_eq(wrap_object(&w, unquoted(rows[_i].text), 0, &err), rows[_i].known);
	ck_assert_str(buf_str(&out), unquoted(rows[_i].out));
	ck_assert_uint_eq(other_lines, rows[_i].other_lines);
	ck_assert(!w.inside && !w.item_kind.n);
}
END_TEST

/* An error of the user ends the walk. */
START_TEST(test_error)
{
	struct err err = { 0 };

	failing = true;
	ck_assert_int_lt(wrap_object(&w, unquoted("{'message':[{'r':1},{'r':2}]}"), 0, &err), 0);
	ck_assert_str(buf_str(&out), unquoted("{'r':1} at 2\n"));
}
END_TEST

TCase *unwrap_tests(void)
{
	TCase *t = tcase_create("unwrap");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_error);
	return t;
}
