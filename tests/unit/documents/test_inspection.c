/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An inspection made by hand: two files and one in an archive, two wrappers, more resources than a
 * table shows; as tables of several widths and as a document that is parsed again.
 */
#include "suites.h"

#include "../page/ground.h"
#include "documents/inspect_json.h"
#include "page/text.h"

#include <cjson/cJSON.h>

#include "base/mem.h"

enum { RESOURCES = 25 };

struct scene {
	struct ground ground;
	struct basis_source *sources;
	size_t n_sources;
	struct survey survey;
	struct coverage coverage;
	struct wrapper_seen wrappers;
	struct inspection found;
};

static void add_resource(struct survey *s, const char *name, uint64_t metadata, uint64_t request)
{
	uint32_t i = map_put(&s->resources, str_from(name), NULL);

	array_reserve(s->levels, s->levels_cap, (size_t)i + 1);
	memset(s->levels[i], 0, sizeof(s->levels[i]));
	s->levels[i][LEVEL_METADATA] = metadata;
	s->levels[i][LEVEL_REQUEST] = request;
}

static void add_agent(struct survey *s, struct str name, uint64_t records)
{
	uint32_t i = map_put(&s->agents, name, NULL);

	array_reserve(s->agent_records, s->agents_cap, (size_t)i + 1);
	s->agent_records[i] = records;
}

static void fill_survey(struct survey *s)
{
	char name[32];

	s->n_runs = 2;
	s->runs = mem_zalloc(2 * sizeof(*s->runs));
	s->runs[0] = (struct survey_run){ .records = 10,
					  .least = AT(0),
					  .most = AT(60),
					  .disorder = 3,
					  .worst = SEC(2),
					  .jumps = 1 };
	s->runs[1] = (struct survey_run){
		.begin = { .source = 1, .member = 2 }, .records = 5, .least = AT(60), .most = AT(90)
	};
	/* the order of the names is not that in which they were met */
	for (int i = RESOURCES - 1; i >= 0; i--) {
		snprintf(name, sizeof(name), "resource-%02d", i);
		add_resource(s, name, 1, 0);
	}
	add_resource(s, "pods", 1000, 2345);
	add_agent(s, STR("kubelet\0v1.32.13"), 7);
	add_agent(s, STR("kube-scheduler\0v1.32.13"), 1);
}

static void make(struct scene *s)
{
	static const struct basis_source files[] = {
		{ .name = { "audit.log", 9 },
		  .log_set = { "audit.log", 9 },
		  .form = "plain",
		  .bytes = 1000,
		  .records = 10 },
		{ .name = { "b.tar", 5 },
		  .log_set = { "b.tar", 5 },
		  .source = 1,
		  .form = "tar archive",
		  .damage = "truncated",
		  .bytes = 700 },
		{ .name = { "b.tar!nothing", 13 },
		  .log_set = { "b.tar!nothing", 13 },
		  .source = 1,
		  .member = 1,
		  .form = "plain",
		  .bytes = 7 },
		{ .name = { "b.tar!a/\x1b.json", 14 },
		  .log_set = { "b.tar!a/\x1b.json", 14 },
		  .source = 1,
		  .member = 2,
		  .form = "gzip",
		  .bytes = 500,
		  .records = 5,
		  .objects = 2,
		  .wrappers = 3 },
	};

	*s = (struct scene){ 0 };
	ground_make(&s->ground, STR(""));
	ground_ready(&s->ground);
	s->sources = mem_alloc(sizeof(files));
	memcpy(s->sources, files, sizeof(files));
	s->ground.basis.sources = s->sources;
	s->ground.basis.n_sources = ARRAY_SIZE(files);
	s->ground.basis.passed_over = 1;
	s->ground.context.clusters[0].status_writes = 4;
	s->ground.context.clusters[0].status_bodies = 1;
	fill_survey(&s->survey);
	s->coverage = (struct coverage){ .pods = 4,
					 .create = 4,
					 .spec = 3,
					 .scheduled = 4,
					 .binding = 4,
					 .status = 4,
					 .events = 4,
					 .readyExact = 4 };
	s->wrappers.records[0] = 4;
	s->wrappers.records[1] = 1;
	wrapper_seen_cluster(&s->wrappers, 0, STR("prod"));
	wrapper_seen_cluster(&s->wrappers, 0, STR("east"));
	s->found = (struct inspection){ &s->ground.basis, &s->survey, &s->coverage, &s->wrappers };
}

static void end(struct scene *s)
{
	survey_free(&s->survey);
	ground_free(&s->ground);
	mem_free(s->sources);
}

static bool has_line(struct str text, const char *begin)
{
	struct str line;

	while (str_cut(text, '\n', &line, &text))
		if (str_starts(line, str_from(begin)))
			return true;
	return false;
}

static void check_has(struct str text, const char *begin)
{
	ck_assert_msg(has_line(text, begin), "no line begins with '%s' in\n" STR_FMT, begin,
		      STR_ARG(text));
}

/* From the data sources to the end no line is wider; long sentences of the basis are not cut. */
static void check_width(struct str text, unsigned width)
{
	struct str line, files;

	files.p = memmem(text.p, text.n, "\nFILES\n", 7);
	ck_assert_ptr_nonnull(files.p);
	files.n = (size_t)(text.p + text.n - files.p);
	while (str_cut(files, '\n', &line, &files))
		ck_assert_msg(text_width(line) <= width, "%u: " STR_FMT, width, STR_ARG(line));
}

START_TEST(tables)
{
	static const unsigned widths[] = { 80, 100, 200 };
	struct table_style style = { .width = widths[_i] };
	struct buf out = { 0 };
	struct scene s;
	struct str text;

	make(&s);
	inspect_text(&out, &s.found, style);
	text = buf_str(&out);
	check_width(text, style.width);
	check_has(text, "RESTS ON");
	check_has(text, "audit.log ");
	check_has(text, "b.tar ");
	check_has(text, "b.tar!a/\\x1b.json ");
	ck_assert(!has_line(text, "b.tar!nothing"));
	check_has(text, "1 other file was passed over (-v names it)");
	check_has(text, "pods ");
	check_has(text, "resource-00 ");
	check_has(text, "resource-18 ");
	ck_assert(!has_line(text, "resource-19"));
	check_has(text, "and 6 more (-o wide shows them)");
	check_has(text, "kubelet ");
	check_has(text, "  3 of 4 writes of pods/status have no body");
	check_has(text, "  1 of 4 pods: no record shows their spec");
	check_has(text, "  1 of 2 files could not be read to their end");
	check_has(text, "  1 time goes back by more than ten minutes within a file");
	/* items that were met later are not listed later */
	ck_assert((const char *)memmem(text.p, text.n, "\nkube-scheduler", 15) <
		  (const char *)memmem(text.p, text.n, "\nkubelet", 8));
	ck_assert_ptr_nonnull(memmem(text.p, text.n, "east, prod", 10));
	buf_free(&out);
	end(&s);
}
END_TEST

START_TEST(wide)
{
	struct buf out = { 0 };
	struct scene s;

	make(&s);
	inspect_text(&out, &s.found, (struct table_style){ .wide = true });
	check_has(buf_str(&out), "resource-24 ");
	ck_assert(!has_line(buf_str(&out), "and "));
	ck_assert_ptr_nonnull(memmem(out.p, out.n, "REQUESTRESPONSE  OTHER\n", 23));
	buf_free(&out);
	end(&s);
}
END_TEST

START_TEST(markdown)
{
	struct buf out = { 0 };
	struct scene s;

	make(&s);
	s.sources[0].name = STR("a|</b>\n| x");
	inspect_text(&out, &s.found, (struct table_style){ .markdown = true });
	ck_assert_uint_ge(ground_check_markdown(buf_str(&out)), 5);
	buf_free(&out);
	end(&s);
}
END_TEST

/* Ten thousand files, a third of them damaged: the first ones, and some that are. */
START_TEST(many_files)
{
	enum { FILES = 10000 };
	struct buf out = { 0 };
	struct str line, rest;
	size_t lines = 0, damaged = 0;
	struct scene s;

	make(&s);
	s.sources = mem_realloc(s.sources, FILES, sizeof(*s.sources));
	for (uint32_t i = 0; i < FILES; i++)
		s.sources[i] = (struct basis_source){ .name = STR("f"),
						      .source = i,
						      .form = "plain",
						      .records = 1,
						      .damage = i % 3 ? NULL : "corrupt" };
	s.ground.basis.sources = s.sources;
	s.ground.basis.n_sources = FILES;
	inspect_text(&out, &s.found, (struct table_style){ .width = 80 });
	rest = buf_str(&out);
	while (str_cut(rest, '\n', &line, &rest)) {
		lines++;
		damaged += str_ends(line, STR("corrupt"));
	}
	ck_assert_uint_lt(lines, 160);
	ck_assert_uint_eq(damaged, 40); /* 10 of the first 30, and 30 more */
	check_has(buf_str(&out), "and 9,940 files more (-o wide shows them)");
	check_has(buf_str(&out), "  3,334 of 10,000 files could not be read to their end");
	buf_free(&out);
	end(&s);
}
END_TEST

/* Nothing in it. */
START_TEST(empty)
{
	struct basis_source source = { .name = STR("a"), .form = "plain" };
	struct ingest ingest = { 0 };
	struct context context = { 0 };
	struct basis basis = {
		.sources = &source, .n_sources = 1, .ingest = &ingest, .context = &context
	};
	struct survey survey = { 0 };
	struct coverage coverage = { 0 };
	struct wrapper_seen wrappers = { 0 };
	struct inspection found = { &basis, &survey, &coverage, &wrappers };
	struct buf out = { 0 };
	cJSON *json;

	inspect_text(&out, &found, (struct table_style){ .width = 80 });
	check_has(buf_str(&out), "  nothing can be said: no pod was created or seen");
	ck_assert(!has_line(buf_str(&out), "WHO WROTE THEM"));
	ck_assert(!has_line(buf_str(&out), "WHAT IS AROUND"));
	ck_assert(!has_line(buf_str(&out), "WHAT IS LOGGED"));
	buf_reset(&out);
	inspect_json(&out, &found, (struct table_style){ 0 });
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	cJSON_Delete(json);
	buf_free(&out);
	/* all that there could be is there */
	coverage = (struct coverage){
		.pods = 1, .create = 1, .spec = 1, .status = 1, .events = 1, .readyExact = 1
	};
	ingest.records = ingest.podRecords = 1;
	inspect_text(&out, &found, (struct table_style){ .width = 80 });
	check_has(buf_str(&out), "  nothing: these logs give full results");
	buf_free(&out);
}
END_TEST

static const cJSON *child(const cJSON *json, const char *list, int i)
{
	const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, list), i);

	ck_assert_msg(item, "no item %d in %s", i, list);
	return item;
}

static const char *text_of(const cJSON *json, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);

	ck_assert_msg(item, "no key %s", key);
	return cJSON_IsNull(item) ? "null" : cJSON_GetStringValue(item);
}

static double number_of(const cJSON *json, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);

	ck_assert_msg(cJSON_IsNumber(item), "no number %s", key);
	return item->valuedouble;
}

/* The keys, in their order, joined by blanks. */
static void check_keys(const cJSON *object, const char *expected)
{
	struct buf keys = { 0 };

	for (const cJSON *item = object->child; item; item = item->next)
		buf_printf(&keys, "%s%s", keys.n ? " " : "", item->string);
	ck_assert_msg(str_eq(buf_str(&keys), str_from(expected)), STR_FMT, STR_ARG(buf_str(&keys)));
	buf_free(&keys);
}

static void check_files(const cJSON *json)
{
	const cJSON *file = child(json, "files", 0);

	check_keys(file, "file log form wrappers bytes records objects first last behindLaterOnes "
			 "behindSeconds clockJumps damage");
	ck_assert_str_eq(text_of(file, "first"), "2026-01-01T00:00:00.000000000Z");
	ck_assert_str_eq(text_of(file, "last"), "2026-01-01T00:01:00.000000000Z");
	ck_assert_double_eq(number_of(file, "behindLaterOnes"), 3);
	ck_assert_double_eq(number_of(file, "behindSeconds"), 2);
	ck_assert_double_eq(number_of(file, "clockJumps"), 1);
	ck_assert_str_eq(text_of(file, "damage"), "null");
	file = child(json, "files", 1);
	ck_assert_str_eq(text_of(file, "first"), "null");
	ck_assert_str_eq(text_of(file, "damage"), "truncated");
	file = child(json, "files", 3);
	ck_assert_str_eq(text_of(file, "file"), "b.tar!a/\x1b.json");
	ck_assert_double_eq(number_of(file, "objects"), 2);
	ck_assert_double_eq(number_of(file, "behindLaterOnes"), 0);
	ck_assert_str_eq(text_of(file, "behindSeconds"), "null");
	ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(file, "wrappers")), 2);
}

static void check_rest(const cJSON *json)
{
	const cJSON *item = child(json, "resources", 0);
	const cJSON *pods = cJSON_GetObjectItem(json, "pods");

	ck_assert_str_eq(text_of(item, "resource"), "pods");
	check_keys(cJSON_GetObjectItem(item, "levels"), "Metadata Request RequestResponse other");
	ck_assert_double_eq(number_of(cJSON_GetObjectItem(item, "levels"), "Request"), 2345);
	ck_assert_str_eq(text_of(child(json, "resources", 1), "resource"), "resource-00");
	ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(json, "resources")), RESOURCES + 1);
	item = child(json, "components", 1);
	check_keys(item, "component version records");
	ck_assert_str_eq(text_of(item, "component"), "kubelet");
	ck_assert_str_eq(text_of(item, "version"), "v1.32.13");
	item = child(json, "wrappers", 0);
	check_keys(item, "wrapper records clusterNames");
	ck_assert_str_eq(child(item, "clusterNames", 0)->valuestring, "east");
	for (size_t i = 0; i < n_coverage_rows; i++)
		ck_assert_double_ge(number_of(pods, coverage_rows[i].key), 0);
	check_keys(child(json, "findings", 0), "finding count of what cost change");
	for (int i = 0; i < cJSON_GetArraySize(cJSON_GetObjectItem(json, "findings")); i++)
		if (strcmp(text_of(child(json, "findings", i), "finding"), "clockJumps") == 0)
			ck_assert_str_eq(text_of(child(json, "findings", i), "of"), "null");
}

START_TEST(document)
{
	struct buf out = { 0 };
	struct scene s;
	cJSON *json;

	make(&s);
	inspect_json(&out, &s.found, (struct table_style){ 0 });
	ck_assert_uint_gt(out.n, 0);
	ck_assert_int_eq(out.p[out.n - 1], '\n');
	ck_assert_ptr_eq(memchr(out.p, '\n', out.n), out.p + out.n - 1);
	json = cJSON_ParseWithLength(out.p, out.n);
	ck_assert_ptr_nonnull(json);
	check_keys(
	    json,
	    "apiVersion kind basis apiServers files wrappers resources components writers pods "
	    "findings");
	ck_assert_str_eq(text_of(json, "kind"), "Inspection");
	ck_assert_double_eq(number_of(json, "apiServers"), 2);
	check_files(json);
	check_rest(json);
	cJSON_Delete(json);
	buf_free(&out);
	end(&s);
}
END_TEST

Suite *suite_inspection(void)
{
	Suite *s = suite_create("inspection");
	TCase *t = tcase_create("inspection");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, tables, 0, 3);
	tcase_add_test(t, wide);
	tcase_add_test(t, markdown);
	tcase_add_test(t, many_files);
	tcase_add_test(t, empty);
	tcase_add_test(t, document);
	return s;
}
