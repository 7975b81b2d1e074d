/* SPDX-License-Identifier: Apache-2.0 */
/* Files of rules to rules. lunettes-rules(5) explains their keys; the tables here are those keys.
 */
#include "base/mem.h"
#include "config/schema.h"
#include "diagnose/tests.h"

enum { MATCHERS_MAX = 64, CODES_MAX = 64 }; /* of one rule, of one matcher */

struct codes {
	int32_t *list;
	size_t n;
};

/* A matcher as it is written. */
struct written {
	struct config_texts event, condition, waiting, terminated, phase, refused, deleted, nodes,
	    reason;
	struct config_texts container, during;
	const cJSON *text, *by, *test, *slow, *killed, *is;
	struct codes status, exit;
	nsec over;
	bool job, service, queued, notable;
};

static int read_codes(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct codes *codes = ret;
	const cJSON *item = cJSON_IsArray(node) ? node->child : node;

	codes->list = arena_array(d->arena, int32_t, CODES_MAX);
	for (; item; item = cJSON_IsArray(node) ? item->next : NULL) {
		if (!cJSON_IsNumber(item) || item->valuedouble < -1 ||
		    item->valuedouble > INT32_MAX || item->valuedouble != item->valueint)
			return config_wrong(d, item, err, "a whole number");
		if (codes->n == CODES_MAX)
			return config_error(d, item, err, "more than %d codes", CODES_MAX);
		codes->list[codes->n++] = item->valueint;
	}
	return 0;
}

/* One word, or a list of words. */
static int read_words(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct config_texts *words = ret;
	struct str *one;

	if (cJSON_IsArray(node))
		return config_read_texts(d, node, words, err);
	one = arena_new(d->arena, struct str);
	words->list = one;
	words->n = 1;
	return config_read_text(d, node, one, err);
}

#define WORDS(key)                                                                                 \
	{                                                                                          \
		.name = #key, .kind = CONFIG_OTHER, .offset = offsetof(struct written, key),       \
		.read = read_words                                                                 \
	}
#define NODE(key)                                                                                  \
	{                                                                                          \
		.name = #key, .kind = CONFIG_NODE, .offset = offsetof(struct written, key)         \
	}

static const struct config_key matcher_keys[] = {
	WORDS(event),
	WORDS(condition),
	WORDS(waiting),
	WORDS(terminated),
	WORDS(phase),
	WORDS(refused),
	WORDS(deleted),
	WORDS(nodes),
	WORDS(reason),
	NODE(text),
	NODE(by),
	NODE(test),
	NODE(slow),
	{ .name = "status",
	  .kind = CONFIG_OTHER,
	  .offset = offsetof(struct written, status),
	  .read = read_codes },
	{ .name = "exit",
	  .kind = CONFIG_OTHER,
	  .offset = offsetof(struct written, exit),
	  .read = read_codes },
	NODE(is),
	{ .name = "over", .kind = CONFIG_DURATION, .offset = offsetof(struct written, over) },
	WORDS(container),
	WORDS(during),
	NODE(killed),
	{ .name = "job", .kind = CONFIG_BOOL, .offset = offsetof(struct written, job) },
	{ .name = "service", .kind = CONFIG_BOOL, .offset = offsetof(struct written, service) },
	{ .name = "queued", .kind = CONFIG_BOOL, .offset = offsetof(struct written, queued) },
	{ .name = "notable", .kind = CONFIG_BOOL, .offset = offsetof(struct written, notable) },
};

static const struct config_table matcher_table = { matcher_keys, ARRAY_SIZE(matcher_keys) };

/* What a matcher begins with says what it looks at. The word * stands for any. */
static bool kind_of(const struct written *w, struct matcher *m)
{
	const struct {
		enum match_kind kind;
		const struct config_texts *words;
	} kinds[] = {
		{ MATCH_EVENT, &w->event },	{ MATCH_CONDITION, &w->condition },
		{ MATCH_WAITING, &w->waiting }, { MATCH_TERMINATED, &w->terminated },
		{ MATCH_PHASE, &w->phase },	{ MATCH_REFUSED, &w->refused },
		{ MATCH_DELETED, &w->deleted }, { MATCH_NODES, &w->nodes },
	};
	unsigned found = (w->test ? 1u : 0u) + (w->slow ? 1u : 0u);

	m->kind = w->test ? MATCH_TEST : MATCH_SLOW;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!kinds[i].words->n)
			continue;
		found++;
		m->kind = kinds[i].kind;
		m->words = kinds[i].words->list;
		m->n_words = kinds[i].words->n;
		if (m->n_words == 1 && str_eq(m->words[0], STR("*")))
			m->n_words = 0;
	}
	return found == 1;
}

static int read_pattern(const struct document *d, const cJSON *node, struct pattern **ret,
			struct err *err)
{
	struct str expression;
	struct err why = { 0 };

	if (config_read_text(d, node, &expression, err) < 0)
		return -1;
	*ret = pattern_new(expression, &why);
	return *ret ? 0 : config_error(d, node, err, "is no regular expression: %s", why.message);
}

static int read_stage(const struct document *d, const cJSON *node, enum lifecycle_stage *ret,
		      struct err *err)
{
	const char *names[STAGE_COUNT + 2];
	unsigned i;

	for (i = 0; i < STAGE_COUNT; i++)
		names[i] = lifecycle_rows[i].name;
	names[STAGE_COUNT] = "none";
	names[STAGE_COUNT + 1] = NULL;
	if (config_read_choice(d, node, names, &i, err) < 0)
		return -1;
	*ret = (enum lifecycle_stage)i;
	return 0;
}

static int read_test(const struct document *d, const cJSON *node, unsigned *ret, struct err *err)
{
	const char **names = arena_array(d->arena, const char *, n_tests + 1);

	for (size_t i = 0; i < n_tests; i++)
		names[i] = tests[i].name;
	names[n_tests] = NULL;
	return config_read_choice(d, node, names, ret, err);
}

/* Where the word stands: itself, or in a list. */
static const cJSON *word_at(const cJSON *words, size_t i)
{
	return cJSON_IsArray(words) ? cJSON_GetArrayItem(words, (int)i) : words;
}

/* Words of a fixed list as bits. */
static int read_bits(const struct document *d, const cJSON *node, const char *key,
		     const struct config_texts *words, const char *const *choices, unsigned *ret,
		     struct err *err)
{
	for (size_t i = 0; i < words->n; i++) {
		unsigned k = 0;

		while (choices[k] && !str_eq(words->list[i], str_from(choices[k])))
			k++;
		if (!choices[k])
			return config_wrong(d, word_at(config_get(node, key), i), err, "%s",
					    choices[k + 1]);
		*ret |= 1u << k;
	}
	return 0;
}

/* As enum scope; behind the end: what to say. */
static const char *const parts[] = { "create", "run", "delete", NULL, "create, run or delete" };

/* Of which containers, when in the pod's life, and whether the kubelet ended it. */
static int read_bounds(const struct document *d, const cJSON *node, const struct written *w,
		       struct matcher *m, struct err *err)
{
	/* as enum container_kind; behind the end: what to say */
	static const char *const kinds[] = {
		"app", "init", "sidecar", "ephemeral", NULL, "app, init, sidecar or ephemeral"
	};

	if (read_bits(d, node, "container", &w->container, kinds, &m->containers, err) < 0 ||
	    read_bits(d, node, "during", &w->during, parts, &m->during, err) < 0)
		return -1;
	if (w->killed && (!cJSON_IsBool(w->killed) || m->kind != MATCH_TERMINATED))
		return config_wrong(d, w->killed, err, "true or false, beside terminated");
	m->wants_killed = w->killed != NULL;
	m->killed = cJSON_IsTrue(w->killed);
	return 0;
}

/* The status of a condition, also where YAML takes the bare word for a boolean. */
static int read_truth(const struct document *d, const cJSON *node, struct matcher *m,
		      struct err *err)
{
	static const char *const words[] = { "False", "True", NULL };
	unsigned truth = cJSON_IsTrue(node) ? 1 : 0;

	m->wants_truth = node != NULL;
	if (node && !cJSON_IsBool(node) && config_read_choice(d, node, words, &truth, err) < 0)
		return -1;
	m->truth = truth == 1;
	return 0;
}

/* What means nothing beside this kind would be a rule that never holds, or too often. */
static int check_beside(const struct document *d, const cJSON *node, const struct matcher *m,
			struct err *err)
{
	static const struct {
		const char *key, *beside;
		unsigned kinds;
	} rows[] = {
		{ "is", "condition", 1u << MATCH_CONDITION },
		{ "reason", "condition and phase", 1u << MATCH_CONDITION | 1u << MATCH_PHASE },
		{ "by", "deleted", 1u << MATCH_DELETED },
		{ "exit", "terminated", 1u << MATCH_TERMINATED },
		{ "status", "refused and deleted", 1u << MATCH_REFUSED | 1u << MATCH_DELETED },
		{ "queued", "slow", 1u << MATCH_SLOW },
		{ "notable", "event and phase", 1u << MATCH_EVENT | 1u << MATCH_PHASE },
		{ "over", "slow and test", 1u << MATCH_SLOW | 1u << MATCH_TEST },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (config_get(node, rows[i].key) && !(rows[i].kinds & 1u << m->kind))
			return config_error(d, config_get(node, rows[i].key), err,
					    "stands only beside %s", rows[i].beside);
	return 0;
}

static void copy_words(struct rules *r, const struct str **list, size_t n)
{
	struct str *copy = arena_array(&r->arena, struct str, n);

	for (size_t i = 0; i < n; i++)
		copy[i] = arena_str(&r->arena, (*list)[i]);
	*list = copy;
}

/* kind says to which rule it belongs, and what it is for. */
static int add_matcher(struct rules *r, const struct document *d, const cJSON *node,
		       const struct matcher *kind, struct err *err)
{
	struct written w = { .over = NSEC_NONE };
	struct matcher m = *kind;
	int32_t *codes;

	if (config_object(d, node, &matcher_table, &w, err) < 0)
		return -1;
	if (!kind_of(&w, &m))
		return config_error(d, node, err,
				    "a matcher has just one of event, condition, waiting, "
				    "terminated, phase, refused, deleted, nodes, slow and test");
	m.reasons = w.reason.list;
	m.n_reasons = w.reason.n;
	m.job = w.job;
	m.not_job = w.service;
	m.queued = w.queued;
	m.notable = w.notable;
	m.over = w.over;
	m.n_codes = w.status.n ? w.status.n : w.exit.n;
	codes = arena_array(&r->arena, int32_t, m.n_codes);
	for (size_t i = 0; i < m.n_codes; i++)
		codes[i] = w.status.n ? w.status.list[i] : w.exit.list[i];
	m.codes = codes;
	copy_words(r, &m.words, m.n_words);
	copy_words(r, &m.reasons, m.n_reasons);
	if ((w.slow && (read_stage(d, w.slow, &m.stage, err) < 0 || w.over == NSEC_NONE)) ||
	    (w.test && read_test(d, w.test, &m.test, err) < 0))
		return err->code ? -1 : config_error(d, node, err, "slow needs over: DURATION");
	if ((w.text && read_pattern(d, w.text, &m.text, err) < 0) ||
	    (w.by && read_pattern(d, w.by, &m.text, err) < 0))
		return -1;
	if (read_bounds(d, node, &w, &m, err) < 0 || check_beside(d, node, &m, err) < 0 ||
	    read_truth(d, w.is, &m, err) < 0)
		return -1;
	array_reserve(r->matchers, r->matchers_cap, r->n_matchers + 1);
	r->matchers[r->n_matchers++] = m;
	return 0;
}

static int add_matchers(struct rules *r, const struct document *d, const cJSON *list,
			const struct matcher *kind, struct err *err)
{
	size_t n = 0;

	if (list && !cJSON_IsArray(list))
		return config_wrong(d, list, err, "a list of matchers");
	for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
		if (++n > MATCHERS_MAX)
			return config_error(d, item, err, "more than %d matchers", MATCHERS_MAX);
		if (add_matcher(r, d, item, kind, err) < 0)
			return -1;
	}
	return 0;
}

struct written_rule {
	struct str code, id, summary, advice, upstream, kubernetes;
	const cJSON *stage, *owner, *match, *with, *unless;
	struct config_texts scope, about;
	bool symptom, information;
};

#define TEXT(key, must)                                                                            \
	{                                                                                          \
		.name = #key, .kind = CONFIG_TEXT, .offset = offsetof(struct written_rule, key),   \
		.required = must                                                                   \
	}
#define PART(key, must)                                                                            \
	{                                                                                          \
		.name = #key, .kind = CONFIG_NODE, .offset = offsetof(struct written_rule, key),   \
		.required = must                                                                   \
	}
#define FLAG(key)                                                                                  \
	{                                                                                          \
		.name = #key, .kind = CONFIG_BOOL, .offset = offsetof(struct written_rule, key)    \
	}

static const struct config_key rule_keys[] = {
	TEXT(code, true),
	TEXT(id, true),
	TEXT(summary, true),
	TEXT(advice, true),
	TEXT(upstream, false),
	TEXT(kubernetes, false),
	PART(stage, true),
	PART(owner, true),
	PART(match, false),
	PART(with, false),
	PART(unless, false),
	{ .name = "scope",
	  .kind = CONFIG_OTHER,
	  .offset = offsetof(struct written_rule, scope),
	  .read = read_words },
	{ .name = "about",
	  .kind = CONFIG_OTHER,
	  .offset = offsetof(struct written_rule, about),
	  .read = read_words },
	FLAG(symptom),
	FLAG(information),
};

static const struct config_table rule_table = { rule_keys, ARRAY_SIZE(rule_keys) };

/* A letter, then letters and digits: it becomes a JSON value, an anchor, a metric's label. */
static bool is_code(struct str code)
{
	if (!code.n || code.n > 63 || !(code.p[0] >= 'A' && code.p[0] <= 'Z'))
		return false;
	for (size_t i = 0; i < code.n; i++)
		if (!((code.p[i] >= 'A' && code.p[i] <= 'Z') ||
		      (code.p[i] >= 'a' && code.p[i] <= 'z') ||
		      (code.p[i] >= '0' && code.p[i] <= '9')))
			return false;
	return true;
}

static int read_scopes(const struct document *d, const cJSON *node, const struct written_rule *w,
		       unsigned *ret, struct err *err)
{
	*ret = w->scope.n ? 0 : (1u << SCOPE_COUNT) - 1;
	return read_bits(d, node, "scope", &w->scope, parts, ret, err);
}

/* Of pods, unless it says something else. */
static int read_about(const struct document *d, const cJSON *node, const struct written_rule *w,
		      unsigned *ret, struct err *err)
{
	/* as enum object_kind; behind the end: what to say */
	static const char *const kinds[] = { "pod", "claim", NULL, "pod or claim" };

	*ret = w->about.n ? 0 : 1u << OBJECT_POD;
	return read_bits(d, node, "about", &w->about, kinds, ret, err);
}

/* The place of a rule: a new one, or that of the one which it replaces. */
static int place_of(struct rules *r, const struct document *d, const cJSON *node,
		    const struct written_rule *w, uint32_t *ret, struct err *err)
{
	uint32_t by_code = map_find(&r->codes, w->code), by_id = map_find(&r->ids, w->id);

	if (!is_code(w->code))
		return config_wrong(d, config_get(node, "code"), err,
				    "a name in CamelCase such as ImageNotFound");
	if (by_code != by_id && by_id != MAP_NONE)
		return config_error(d, config_get(node, "id"), err,
				    "is that of the code " STR_FMT " already",
				    STR_ARG(r->list[by_id].code));
	if (by_code != by_id)
		return config_error(d, config_get(node, "code"), err,
				    "has the id " STR_FMT " already; a rule that replaces it needs "
				    "the same one",
				    STR_ARG(r->list[by_code].id));
	if (by_code == MAP_NONE && r->n == RULES_MAX)
		return config_error(d, node, err, "more than %d rules", RULES_MAX);
	if (by_code == MAP_NONE) {
		array_reserve(r->list, r->cap, r->n + 1);
		map_put(&r->codes, w->code, NULL);
		map_put(&r->ids, w->id, NULL);
		*ret = (uint32_t)r->n++;
		return 0;
	}
	for (size_t i = 0; i < r->n_matchers; i++)
		if (r->matchers[i].rule == by_code)
			r->matchers[i].rule = RULE_REPLACED;
	*ret = by_code;
	return 0;
}

static int add_rule(struct rules *r, const struct document *d, const cJSON *node, struct err *err)
{
	static const char *const owners[] = { "undecided", "platform", "user", NULL };
	struct written_rule w = { 0 };
	struct rule rule;
	unsigned owner;
	uint32_t at = 0;

	if (config_object(d, node, &rule_table, &w, err) < 0 ||
	    place_of(r, d, node, &w, &at, err) < 0)
		return -1;
	rule = (struct rule){
		.code = arena_str(&r->arena, w.code),
		.id = arena_str(&r->arena, w.id),
		.summary = arena_str(&r->arena, w.summary),
		.advice = arena_str(&r->arena, w.advice),
		.upstream = arena_str(&r->arena, w.upstream),
		.kubernetes = arena_str(&r->arena, w.kubernetes),
		.symptom = w.symptom,
		.information = w.information,
		.rank = at,
	};
	if (read_stage(d, w.stage, &rule.stage, err) < 0 ||
	    config_read_choice(d, w.owner, owners, &owner, err) < 0 ||
	    read_scopes(d, node, &w, &rule.scopes, err) < 0 ||
	    read_about(d, node, &w, &rule.about, err) < 0)
		return -1;
	rule.owner = (enum owner)owner;
	r->list[at] = rule;
	if (add_matchers(r, d, w.match, &(struct matcher){ .rule = at }, err) < 0 ||
	    add_matchers(r, d, w.with, &(struct matcher){ .rule = at, .tells = true }, err) < 0)
		return -1;
	return add_matchers(r, d, w.unless, &(struct matcher){ .rule = at, .excuse = true }, err);
}

int rules_read(struct rules *r, const char *name, struct str text, struct err *err)
{
	struct arena arena = { 0 };
	struct config config;
	int result = config_read(str_from(name), text, &arena, &config, err);

	for (size_t i = 0; result == 0 && i < config.n; i++) {
		const struct document *d = config.documents[i];

		if (!cJSON_IsArray(d->root)) {
			result = config_wrong(d, d->root, err, "a list of rules");
			break;
		}
		for (const cJSON *item = d->root->child; item && result == 0; item = item->next)
			result = add_rule(r, d, item, err);
	}
	config_free(&config);
	arena_free(&arena);
	return result;
}
