/* SPDX-License-Identifier: Apache-2.0 */
/* YAML to texts: which part of a document is a text, its scalars, and its position. */
#include "gather.h"

#include "base/mem.h"
#include "input/yaml.h"
#include "json/reader.h"
#include "json/writer.h"

/* A read returns from 1 to this many bytes; 0: everything. */
static const size_t chunks[] = { 0, 1, 7 };

struct result {
	struct buf dump;  /* "LINE@OFFSET:JSON\n"; "!:" instead of ":" when unterminated */
	struct buf notes; /* "KIND LINE@OFFSET DETAIL\n" */
	int end;
};

static void on_note(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		    const char *detail)
{
	struct result *r = ctx;

	ck_assert(kind == INPUT_MALFORMED || kind == INPUT_OVERSIZE);
	buf_printf(&r->notes, "%s %llu@%llu %s\n",
		   kind == INPUT_OVERSIZE ? "oversize" : "malformed", (unsigned long long)line,
		   (unsigned long long)offset, detail);
}

static struct result read_all(struct stream *s, size_t record_max)
{
	struct result r = { 0 };
	struct yaml *y = yaml_open(s, record_max, on_note, &r);
	struct stream_fault fault;
	struct text x;
	const char *what;
	size_t at;

	while ((r.end = yaml_next(y, &x, &fault)) > 0) {
		ck_assert(json_check(x.bytes, &what, &at));
		ck_assert_uint_le(x.bytes.n, record_max);
		ck_assert_uint_eq(x.member, 0);
		buf_printf(&r.dump, "%llu@%llu%s:" STR_FMT "\n", (unsigned long long)x.line,
			   (unsigned long long)x.offset, x.unterminated ? "!" : "",
			   STR_ARG(x.bytes));
	}
	if (r.end < 0)
		ck_assert_str_eq(fault.text, "torn");
	ck_assert_int_eq(yaml_next(y, &x, &fault), r.end);
	yaml_close(y);
	stream_close(s);
	return r;
}

static void result_free(struct result *r)
{
	buf_free(&r->dump);
	buf_free(&r->notes);
}

static void check(struct str in, size_t record_max, const char *dump, const char *notes)
{
	for (size_t i = 0; i < ARRAY_SIZE(chunks); i++) {
		struct result r = read_all(stream_of_memory(in, chunks[i]), record_max);

		ck_assert_int_eq(r.end, 0);
		ck_assert_dump_eq(&r.dump, dump);
		ck_assert_dump_eq(&r.notes, notes);
		result_free(&r);
	}
}

static const struct {
	const char *yaml, *json;
} scalars[] = {
	/* plain ones: tests/unit/json/test_plain.c has all of them */
	{ "", "null" },
	{ "Null", "null" },
	{ "'null'", "\"null\"" },
	{ "true", "true" },
	{ "False", "false" },
	{ "\"true\"", "\"true\"" },
	{ "yes", "\"yes\"" },
	{ "-42", "-42" },
	{ "'42'", "\"42\"" },
	{ "1.50E-3", "1.50E-3" },
	{ "0x1f", "31" },
	{ "0x12345678123456781", "\"0x12345678123456781\"" },
	{ ".inf", "\".inf\"" },
	{ "500m", "\"500m\"" },
	{ "1 2", "\"1 2\"" },
	{ "\"a\\tb\\u00e9\\x41\\0\"", "\"a\\tb\xc3\xa9"
				      "A\\u0000\"" },
	{ "'it''s'", "\"it's\"" },
	{ "a\n  b\n\n  c", "\"a b\\nc\"" },
	{ "|\n  5\n", "\"5\\n\"" },
	{ "|-\n  true", "\"true\"" },
	{ ">\n  a\n  b\n", "\"a b\\n\"" },
	{ "!!str 5", "\"5\"" },
	{ "!!str null", "\"null\"" },
	{ "!!binary 1234", "\"1234\"" },
	{ "!!binary |\n  aGk=\n", "\"aGk=\\n\"" },
	{ "!!int 5", "5" },
	{ "!!int \"5\"", "\"5\"" },
	{ "!mine [1]", "[1]" },
	{ "&anchor 5", "5" },
	{ "{}", "{}" },
	{ "[]", "[]" },
	{ "{x: [1, {y: }], \"z\": 'a'}", "{\"x\":[1,{\"y\":null}],\"z\":\"a\"}" },
	{ "{\"a\":\"b\\/c\"}", "{\"a\":\"b/c\"}" },
	{ "\n- 1\n- - x\n  - y\n- k: v\n  l:\n  - m",
	  "[1,[\"x\",\"y\"],{\"k\":\"v\",\"l\":[\"m\"]}]" },
};

START_TEST(test_scalars)
{
	struct buf in = { 0 }, want = { 0 };

	buf_printf(&in, "v: %s\n", scalars[_i].yaml);
	buf_printf(&want, "1@0:{\"v\":%s}\n", scalars[_i].json);
	check(buf_str(&in), 1000, buf_text(&want), "");
	buf_free(&in);
	buf_free(&want);
}
END_TEST

struct document {
	const char *yaml, *dump, *notes;
};

static const struct document documents[] = {
	{ "", "", "" },
	{ "\n# nothing\n---\n---\n...\n", "", "" },
	{ "--- ~\n--- null\n--- # nothing\n", "", "" },
	{ "a: 1\n", "1@0:{\"a\":1}\n", "" },
	{ "  a: 1\n  b: 2\n", "1@2:{\"a\":1,\"b\":2}\n", "" },
	{ "a: 1\na: 2\n", "1@0:{\"a\":1,\"a\":2}\n", "" },
	{ "true: 1\n5: 2\n? x\n: 3\n", "1@0:{\"true\":1,\"5\":2,\"x\":3}\n", "" },
	{ "a: 1\n---\nb: 2\n", "1@0:{\"a\":1}\n3@9:{\"b\":2}\n", "" },
	{ "--- {\"a\": 1}\n--- text\n--- |\n  x\n", "1@4:{\"a\":1}\n2@17:\"text\"\n3@26:\"x\\n\"\n",
	  "" },
	{ "%YAML 1.2\n%TAG ! x\n---\na: 1\n...\n# c\nb: 2\n", "4@23:{\"a\":1}\n7@36:{\"b\":2}\n",
	  "" },
	{ "---\r\na: 1\r\nb:\r\n- x\r\n---\r\nc: 2\r\n",
	  "2@5:{\"a\":1,\"b\":[\"x\"]}\n6@25:{\"c\":2}\n", "" },
	{ "a: |\n  ---\n  x\n---\tb\n", "1@0:{\"a\":\"---\\nx\\n\"}\n4@19:\"b\"\n", "" },
	{ "a: ---b\nc:\n  --- d\n", "1@0:{\"a\":\"---b\",\"c\":\"--- d\"}\n", "" },
	{ "a: b\n...x: c\n---x: d\n", "1@0:{\"a\":\"b\",\"...x\":\"c\",\"---x\":\"d\"}\n", "" },
	/* items */
	{ "- a: 1\n- 5\n-\n- x\n", "1@2:{\"a\":1}\n2@9:5\n3@12:null\n4@15:\"x\"\n", "" },
	{ "- - a\n  - - {}\n- b\n", "1@4:\"a\"\n2@12:{}\n3@17:\"b\"\n", "" },
	{ "[]\n---\nitems: []\n---\nkind: PodList\nitems: []\nmetadata: {}\n", "", "" },
	{ "apiVersion: v1\nitems:\n- kind: Pod\n- kind: Node\nkind: List\nmetadata:\n  a: ''\n",
	  "3@24:{\"kind\":\"Pod\"}\n4@36:{\"kind\":\"Node\"}\n", "" },
	{ "kind: PodList\nitems:\n- a: {}\n  b: [x]\n- a: {kind: x}\n- kind:\n- 5\n- {}\n",
	  "3@23:{\"a\":{},\"b\":[\"x\"],\"kind\":\"Pod\"}\n5@40:{\"a\":{\"kind\":\"x\"},\"kind\":"
	  "\"Pod\"}\n"
	  "6@55:{\"kind\":null}\n7@63:5\n8@67:{\"kind\":\"Pod\"}\n",
	  "" },
	{ "items:\n- a: 1\nkind: PodList\n", "2@9:{\"a\":1}\n", "" },
	{ "kind: List\nitems:\n- a: 1\n", "3@20:{\"a\":1}\n", "" },
	{ "kind: Pod\nitems:\n- a: 1\n---\n- a: 2\n", "3@19:{\"a\":1}\n5@30:{\"a\":2}\n", "" },
	{ "kind: XList\nitems:\n- a: 1\n---\nitems:\n- a: 2\n",
	  "3@21:{\"a\":1,\"kind\":\"X\"}\n6@39:{\"a\":2}\n", "" },
	{ "{\"kind\": \"EventList\", \"items\": [{\"a\": 1}, {}], \"x\": {\"items\": [1]}}\n",
	  "1@32:{\"a\":1,\"kind\":\"Event\"}\n1@42:{\"kind\":\"Event\"}\n", "" },
	{ "items: null\n---\nitems: {a: [1]}\n---\na:\n  items: [1]\n",
	  "1@0:{\"items\":null}\n3@16:{\"items\":{\"a\":[1]}}\n5@36:{\"a\":{\"items\":[1]}}\n",
	  "" },
	{ "items:\n- a\nitems:\n- b\n", "2@9:\"a\"\n", "" },
	/* positions are in bytes, whatever the characters */
	{ "- \xc3\xa9\n- {\xe6\x97\xa5: \xf0\x9f\x98\x80}\n- x\n",
	  "1@2:\"\xc3\xa9\"\n2@7:{\"\xe6\x97\xa5\":\"\xf0\x9f\x98\x80\"}\n3@21:\"x\"\n", "" },
	{ "- a\xe2\x80\xa8- b\n- c\n", "1@2:\"a\"\n1@8:\"b\"\n2@12:\"c\"\n", "" },
	/* the end of the stream is the end of a value */
	{ "- a: 1\n- b: 2", "1@2:{\"a\":1}\n2@9!:{\"b\":2}\n", "" },
	{ "- a\n- b", "1@2:\"a\"\n2@6!:\"b\"\n", "" },
	{ "- |\n  a", "1@2!:\"a\"\n", "" },
	{ "--- \"b\"", "1@4:\"b\"\n", "" },
	{ "{\"a\": 1}", "1@0:{\"a\":1}\n", "" },
	{ "items:\n- a: 1\nkind: Li", "2@9:{\"a\":1}\n", "" },
};

START_TEST(test_documents)
{
	const struct document *c = &documents[_i];

	check(str_from(c->yaml), 1000, c->dump, c->notes);
}
END_TEST

static const struct document damaged[] = {
	{ "a: [}\nb: 1\n---\nc: 1\n", "4@15:{\"c\":1}\n",
	  "malformed 1@4 did not find expected node content while parsing a flow node\n" },
	{ "items:\n- a\n- b: c: d\n- e\n---\nf: 1\n", "2@9:\"a\"\n6@29:{\"f\":1}\n",
	  "malformed 3@17 mapping values are not allowed in this context\n" },
	{ "a: \"x\n---\nb: 1\n", "3@10:{\"b\":1}\n",
	  "malformed 2@6 found unexpected end of stream while scanning a quoted scalar\n" },
	{ "- a\n- \"x", "1@2:\"a\"\n",
	  "malformed 2@8 the stream ends inside of a value: found unexpected end of stream while "
	  "scanning a quoted scalar\n" },
	{ "- a\n- b: {c: d", "1@2:\"a\"\n",
	  "malformed 2@14 the stream ends inside of a value: did not find expected ',' or '}' "
	  "while "
	  "parsing a flow mapping\n" },
	{ "{} {}\n---\na: 1\n", "1@0:{}\n3@10:{\"a\":1}\n",
	  "malformed 1@3 did not find expected <document start>\n" },
	{ "? [a]\n: b\n---\n? {a: b}\n", "",
	  "malformed 1@2 a key that is not a scalar\nmalformed 4@16 a key that is not a scalar\n" },
	{ "a: &x 1\nb: *x\nc: *x\n---\n- *y\n", "1@0:{\"a\":1,\"b\":null,\"c\":null}\n5@26:null\n",
	  "malformed 2@11 YAML aliases are not followed\n"
	  "malformed 5@26 YAML aliases are not followed\n" },
	{ "<<: *x\n*y : 1\n", "",
	  "malformed 1@4 YAML aliases are not followed\nmalformed 2@7 a key that is not a "
	  "scalar\n" },
	{ "a: \x01\x7f\nb: \xff\xc2\x9f\xc3\nc: \xed\xa0\x80\xef\xbf\xbf\xf0\x80\xc3\xa9\n---\nd: "
	  "\xc3",
	  "1@0:{\"a\":\"__\",\"b\":\"____\",\"c\":\"________\xc3\xa9\"}\n5@32!:{\"d\":\"_\"}\n",
	  "malformed 1@3 bytes that YAML does not allow were replaced\n"
	  "malformed 5@35 bytes that YAML does not allow were replaced\n" },
	{ "a: \"\n%TAG\"\n---\nb: x\r %y\r%z: y\xc2\x85%x: y\n",
	  "1@0:{\"a\":\" _TAG\"}\n4@15:{\"b\":\"x %y\",\"_z\":\"y\",\"_x\":\"y\"}\n",
	  "malformed 2@5 bytes that YAML does not allow were replaced\n"
	  "malformed 4@24 bytes that YAML does not allow were replaced\n" },
	{ "a: x\n%TAG !a! b\n---\nc: 1\n", "4@20:{\"c\":1}\n",
	  "malformed 3@16 could not find expected ':' while scanning a simple key\n"
	  "malformed 2@5 bytes that YAML does not allow were replaced\n" },
	{ "a: 1\n- b\n---\n", "",
	  "malformed 2@5 did not find expected key while parsing a block mapping\n" },
};

START_TEST(test_damage)
{
	const struct document *c = &damaged[_i];

	check(str_from(c->yaml), 1000, c->dump, c->notes);
}
END_TEST

START_TEST(test_nul)
{
	check(STR("a: x\0y\nb: 1\n"), 1000, "1@0:{\"a\":\"x_y\",\"b\":1}\n",
	      "malformed 1@4 bytes that YAML does not allow were replaced\n");
}
END_TEST

/* Ends with a fault after its bytes. */
struct torn {
	struct stream s;
	struct stream *below;
};

static ssize_t torn_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	ssize_t got = stream_read(((struct torn *)s)->below, to, n, fault);

	return got != 0 ? got : stream_fail(fault, INPUT_TRUNCATED, "torn");
}

static void torn_close(struct stream *s)
{
	stream_close(((struct torn *)s)->below);
	mem_free(s);
}

static const struct document torn[] = {
	{ "", "", "" },
	{ "- a: 1\n- b: 2", "1@2:{\"a\":1}\n",
	  "malformed 2@9 the stream ends inside of a value\n" },
	{ "- a: 1\n- b: 2\n", "1@2:{\"a\":1}\n",
	  "malformed 2@9 the stream ends inside of a value\n" },
	{ "- a: 1\n- {b: 2}", "1@2:{\"a\":1}\n2@9:{\"b\":2}\n", "" },
	{ "items:\n- a: 1\nkind: L", "2@9:{\"a\":1}\n", "" },
	{ "a: 1\n---\n", "1@0:{\"a\":1}\n", "" },
	{ "- a: 1\n- b: 'x", "1@2:{\"a\":1}\n",
	  "malformed 2@14 the stream ends inside of a value: found unexpected end of stream while "
	  "scanning a quoted scalar\n" },
};

START_TEST(test_torn)
{
	static const struct stream_ops ops = { torn_read, torn_close };

	for (size_t i = 0; i < ARRAY_SIZE(chunks); i++) {
		struct torn *s = mem_zalloc(sizeof(*s));
		struct result r;

		s->s.ops = &ops;
		s->below = stream_of_memory(str_from(torn[_i].yaml), chunks[i]);
		r = read_all(&s->s, 1000);
		ck_assert_int_eq(r.end, -1);
		ck_assert_dump_eq(&r.dump, torn[_i].dump);
		ck_assert_dump_eq(&r.notes, torn[_i].notes);
		result_free(&r);
	}
}
END_TEST

static void add_times(struct buf *b, char c, size_t n)
{
	while (n-- > 0)
		buf_add_char(b, c);
}

START_TEST(test_depth)
{
	static const unsigned levels[] = { JSON_WRITER_DEPTH - 1, JSON_WRITER_DEPTH,
					   YAML_DEPTH_MAX - 2, YAML_DEPTH_MAX - 1 };
	struct buf in = { 0 }, want = { 0 }, notes = { 0 };

	buf_printf(&in, "- a: ");
	add_times(&in, '[', levels[_i]);
	add_times(&in, ']', levels[_i]);
	buf_printf(&in, "\n- b\n---\nc: 1\n");
	if (levels[_i] < JSON_WRITER_DEPTH) {
		buf_printf(&want, "1@2:{\"a\":");
		add_times(&want, '[', levels[_i]);
		add_times(&want, ']', levels[_i]);
		buf_printf(&want, "}\n");
	} else {
		buf_printf(&notes, "malformed 1@%u nested too deep\n",
			   levels[_i] < YAML_DEPTH_MAX - 1 ? 2 : 5 + YAML_DEPTH_MAX - 2);
	}
	if (levels[_i] < YAML_DEPTH_MAX - 1)
		buf_printf(&want, "2@%u:\"b\"\n", 5 + 2 * levels[_i] + 3);
	buf_printf(&want, "4@%u:{\"c\":1}\n", 5 + 2 * levels[_i] + 9);
	check(buf_str(&in), 1000, buf_text(&want), buf_text(&notes));
	buf_free(&in);
	buf_free(&want);
	buf_free(&notes);
}
END_TEST

static const struct document limited[] = {
	{ "- a: 12345678901\n", "1@2:{\"a\":12345678901}\n", "" }, /* 17 bytes are allowed */
	{ "- a: 123456789012\n- b: 2\n", "2@20:{\"b\":2}\n",
	  "oversize 1@2 a value longer than the limit\n" },
	{ "a: [1, 2, 3, 4, 5, 6, 7]\nb: {c: [d]}\n---\ne: 1\n", "4@41:{\"e\":1}\n",
	  "oversize 1@0 a value longer than the limit\n" },
	/* characters that become longer in JSON; a kind that is added */
	{ "- \"\\0\\0\"\n- \"\\0\\0\\0\"\n", "1@2:\"\\u0000\\u0000\"\n",
	  "oversize 2@11 a value longer than the limit\n" },
	{ "kind: XList\nitems:\n- {aaaa: b}\n- {}\n", "4@33:{\"kind\":\"X\"}\n",
	  "oversize 3@21 a value longer than the limit\n" },
	/* an envelope is no text */
	{ "aaaaaaaaaaaaaaaaaaaa: bbbbbbbbbbbbbbbbbbbbbbbb\nitems:\n- x\nc: dddddddddddddddd\n",
	  "3@56:\"x\"\n", "" },
};

START_TEST(test_limit)
{
	check(str_from(limited[_i].yaml), 17, limited[_i].dump, limited[_i].notes);
}
END_TEST

START_TEST(test_run)
{
	static const char *const heads[] = { "- a\n- b: '", "- a\n- b: ", "- a\n#", "- a\n- |\n " };
	/* the last thing that was seen before */
	static const char *const ats[] = { "2@6", "2@6", "1@3", "1@3" };
	struct buf in = { 0 }, want = { 0 }, notes = { 0 };

	buf_printf(&in, "%s", heads[_i]);
	add_times(&in, 'x', 2 * 1000 + 2 * YAML_READ_AHEAD);
	buf_printf(&in, "\n---\nc: 1\n");
	buf_printf(&want, "1@2:\"a\"\n%u@%zu:{\"c\":1}\n", _i == 3 ? 5 : 4, in.n - 5);
	buf_printf(&notes, "oversize %s a scalar or a comment longer than the limit\n", ats[_i]);
	check(buf_str(&in), 1000, buf_text(&want), buf_text(&notes));
	buf_free(&in);
	buf_free(&want);
	buf_free(&notes);
}
END_TEST

/* More than all buffers hold, and longer than libyaml's read-ahead. */
START_TEST(test_long_list)
{
	struct buf in = { 0 }, want = { 0 };

	buf_printf(&in, "items:\n");
	for (unsigned i = 0; i < 20000; i++) {
		buf_printf(&want, "%u@%zu:{\"name\":\"\xc3\xa9-%u\",\"n\":%u}\n", 2 * i + 2,
			   in.n + 2, i, i * i);
		buf_printf(&in, "- name: \xc3\xa9-%u\n  n: %u\n", i, i * i);
	}
	check(buf_str(&in), 100, buf_text(&want), "");
	buf_free(&in);
	buf_free(&want);
}
END_TEST

static const struct {
	bool is;
	const char *head;
} heads[] = {
	{ true, "apiVersion: v1\nitems:\n" },
	{ true, "---\napiVersion: v1\r\nkind: Pod\r\n" },
	{ true, "--- # a comment\nkind: Pod\n" },
	{ true, "%YAML 1.1\n---\nkind: Pod\n" },
	{ true, "\n# Source: chart/templates/pod.yaml\n\nkind: Pod\n" },
	{ true, "- apiVersion: v1\n  kind: Pod\n" },
	{ true, "items:\n- metadata:\n    name: a\n" },
	{ true, "- insertId: abc\n  protoPayload:\n    a: b\n" },
	{ true, "action: Binding\ninvolvedObject:\n  kind: Pod" },
	{ true, "'a.b/c@d': x\nregarding:\n" },
	{ true, "action: Binding\nregarding:" },
	{ false, "" },
	{ false, "---\n" },
	{ false, "# kind: Pod\n" },
	{ false, "a: 1\nb: 2\n" },
	{ false, "a: kind: Pod\n" },
	{ false, "a: b\nkinds: c\nmy-kind: d\nkind:e\n" },
	{ false, "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"}\n" },
	{ false, "{\n  \"kind\": \"Pod\",\n  \"metadata\": {\n" },
	{ false, "[{\"kind\":\"Pod\"}]\nkind: Pod\n" },
	{ false, "I0803 10:11:12.345678       1 main.go:5] started\nkind: Pod\n" },
	{ false, "E0803 10:11:12.345678       1 main.go:5] kind: Pod\n" },
	{ false, "time=\"2021-08-03T10:11:12Z\" level=info msg=\"x\"\nkind: Pod\n" },
	{ false, "2021-08-03T10:11:12.345Z kind: Pod\nkind: Pod\n" },
	{ false, "2021-08-03 10:11:12 started\nmetadata: x\n" },
	{ false, "# HELP up Is it up.\n# TYPE up gauge\nup 1\nup{a=\"b\"} 1\nkind: x\n" },
	{ false, "[section]\nkind: x\n" },
	{ false, "name = x\nkind: x\n" },
	{ false, "Name:         web-0\nNamespace:    default\nKind:  x\nAPI Version:  v1\n" },
	{ false, "Aug 03 10:11:12 host kubelet[1]: kind: x\nkind: x\n" },
	{ false, "NAME   READY   STATUS\nweb-0  1/1     Running\nkind: x\n" },
	{ false, "#!/bin/sh\ncat <<EOF\nkind: Pod\nEOF\n" },
};

START_TEST(test_is)
{
	ck_assert_int_eq(yaml_is(str_from(heads[_i].head)), heads[_i].is);
}
END_TEST

Suite *suite_yaml(void)
{
	Suite *s = suite_create("yaml");
	TCase *tc = tcase_create("yaml");

	tcase_add_loop_test(tc, test_scalars, 0, (int)ARRAY_SIZE(scalars));
	tcase_add_loop_test(tc, test_documents, 0, (int)ARRAY_SIZE(documents));
	tcase_add_loop_test(tc, test_damage, 0, (int)ARRAY_SIZE(damaged));
	tcase_add_test(tc, test_nul);
	tcase_add_loop_test(tc, test_torn, 0, (int)ARRAY_SIZE(torn));
	tcase_add_loop_test(tc, test_depth, 0, 4);
	tcase_add_loop_test(tc, test_limit, 0, (int)ARRAY_SIZE(limited));
	tcase_add_loop_test(tc, test_run, 0, 4);
	tcase_add_test(tc, test_long_list);
	tcase_add_loop_test(tc, test_is, 0, (int)ARRAY_SIZE(heads));
	suite_add_tcase(s, tc);
	return s;
}
