/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files of rules. The tables here define the keys that lunettes-rules(5) documents. */
#include "base/mem.h"
#include "changes/writes.h"
#include "config/schema.h"
#include "diagnose/ruleset.h"

enum { MATCHERS_MAX = 64, CODES_MAX = 64 }; /* per rule, per matcher */

/* For a value that is one item or a list of items. */
#define items_each(item, node)                                                                     \
	for (const cJSON *item = cJSON_IsArray(node) ? (node)->child : (node); item;               \
	     item = cJSON_IsArray(node) ? item->next : NULL)

static size_t count_items(const cJSON *node)
{
	return cJSON_IsArray(node) ? (size_t)cJSON_GetArraySize(node) : 1;
}

static int read_codes(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	int32_t *list = arena_array(d->arena, int32_t, count_items(node));
	struct rule_codes *codes = ret;

	*codes = (struct rule_codes){ .list = list };
	items_each(item, node) {
		if (!cJSON_IsNumber(item) || item->valuedouble < -1 ||
		    item->valuedouble > INT32_MAX || item->valuedouble != item->valueint)
			return config_wrong(d, item, err, "a whole number");
		if (codes->n == CODES_MAX)
			return config_error(d, item, err, "more than %d codes", CODES_MAX);
		list[codes->n++] = item->valueint;
	}
	return 0;
}

static int read_words(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct str *list = arena_array(d->arena, struct str, count_items(node));
	struct rule_words *words = ret;

	*words = (struct rule_words){ .list = list };
	items_each(item, node)
		if (config_read_text(d, item, &list[words->n++], err) < 0)
			return -1;
	return 0;
}

/* Words of a fixed list as bits. After the end of the list is the error message for other words. */
static int read_bits(const struct document *d, const cJSON *node, const char *const *choices,
		     unsigned *ret, struct err *err)
{
	*ret = 0;
	items_each(item, node) {
		struct str word = config_text(item);
		unsigned i = 0;

		while (choices[i] && !str_eq(word, str_from(choices[i])))
			i++;
		if (!choices[i])
			return config_wrong(d, item, err, "%s", choices[i + 1]);
		*ret |= 1u << i;
	}
	return 0;
}

#define BITS_READER(words)                                                                         \
	static int read_##words(const struct document *d, const cJSON *node, void *ret,            \
				struct err *err)                                                   \
	{                                                                                          \
		return read_bits(d, node, words, ret, err);                                        \
	}

/* In the order of enum scope, enum container_kind and enum object_kind. */
static const char *const parts[] = { "create", "run", "delete", NULL, "create, run or delete" };
static const char *const containers[] = { "app",       "init", "sidecar",
					  "ephemeral", NULL,   "app, init, sidecar or ephemeral" };
static const char *const about[] = { "pod", "claim", NULL, "pod or claim" };

BITS_READER(parts)
BITS_READER(containers)
BITS_READER(about)

static int read_owner(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	static const char *const words[] = { "undecided", "platform", "user", NULL };
	unsigned i;

	if (config_read_choice(d, node, words, &i, err) < 0)
		return -1;
	*(enum owner *)ret = (enum owner)i;
	return 0;
}

static int read_stage(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	const char *names[STAGE_COUNT + 2] = { [STAGE_COUNT] = "none" };
	unsigned i;

	for (i = 0; i < STAGE_COUNT; i++)
		names[i] = lifecycle_rows[i].name;
	if (config_read_choice(d, node, names, &i, err) < 0)
		return -1;
	*(enum lifecycle_stage *)ret = (enum lifecycle_stage)i;
	return 0;
}

static int read_expression(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	struct pattern *pattern;
	struct err why = { 0 };

	if (config_read_text(d, node, ret, err) < 0)
		return -1;
	pattern = pattern_new(*(struct str *)ret, &why);
	if (!pattern)
		return config_error(d, node, err, "is no regular expression: %s", why.message);
	pattern_free(pattern);
	return 0;
}

static int read_test(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
#define NAME(name, function) #name,
	static const char *const names[] = { MATCH_TESTS(NAME) NULL };

	return config_read_choice(d, node, names, ret, err);
}

/* 1 for False, 2 for True, also if YAML reads the word as a boolean. */
static int read_truth(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	static const char *const words[] = { "False", "True", NULL };
	unsigned truth = cJSON_IsTrue(node) ? 1 : 0;

	if (!cJSON_IsBool(node) && config_read_choice(d, node, words, &truth, err) < 0)
		return -1;
	*(uint8_t *)ret = (uint8_t)(1 + truth);
	return 0;
}

/* The first key of a matcher selects the kind of fact. These are the words of each such key. */
struct matcher_source {
	struct matcher matcher;
	struct rule_words kinds[MATCH_KINDS];
};

#define KEY(struct_, key, field, kind_, ...)                                                       \
	{                                                                                          \
		.name = key, .kind = CONFIG_##kind_, .offset = offsetof(struct struct_, field),    \
		__VA_ARGS__                                                                        \
	}
#define KIND(key, kind_) KEY(matcher_source, key, kinds[MATCH_##kind_], OTHER, .read = read_words)
#define FLAG(key, field) KEY(matcher_source, key, matcher.field, BOOL)
#define READ(key, field, reader) KEY(matcher_source, key, field, OTHER, .read = read_##reader)

/* clang-format off */
static const struct config_key matcher_keys[] = {
	KIND("event", EVENT),
	KIND("condition", CONDITION),
	KIND("waiting", WAITING),
	KIND("terminated", TERMINATED),
	KIND("phase", PHASE),
	KIND("refused", REFUSED),
	KIND("deleted", DELETED),
	KIND("nodes", NODES),
	READ("reason", matcher.reasons, words),
	READ("text", matcher.expression, expression),
	READ("by", matcher.expression, expression),
	KIND("test", TEST),
	KIND("slow", SLOW),
	READ("status", matcher.codes, codes),
	READ("exit", matcher.codes, codes),
	READ("is", matcher.is, truth),
	KEY(matcher_source, "over", matcher.over, DURATION),
	READ("container", matcher.containers, containers),
	READ("during", matcher.during, parts),
	READ("killed", matcher.killed, truth),
	FLAG("job", job),
	FLAG("service", not_job),
	FLAG("queued", queued),
	FLAG("notable", notable),
};
/* clang-format on */

/* The word * means any. */
static bool set_kind(struct matcher_source *w)
{
	struct matcher *m = &w->matcher;
	unsigned found = 0;

	for (unsigned i = 0; i < MATCH_KINDS; i++) {
		if (!w->kinds[i].n)
			continue;
		found++;
		m->kind = (enum match_kind)i;
		m->words = w->kinds[i];
	}
	if (m->kind == MATCH_SLOW || m->kind == MATCH_TEST ||
	    (m->words.n == 1 && str_eq(m->words.list[0], STR("*"))))
		m->words.n = 0;
	return found == 1;
}

/* Rejects keys that have no meaning for this kind, because the rule would match never or too
 * often. */
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
		{ "killed", "terminated", 1u << MATCH_TERMINATED },
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

static int read_matcher(const struct document *d, const cJSON *node, struct matcher_source *w,
			struct err *err)
{
	struct matcher *m = &w->matcher;

	if (config_object(d, node, CONFIG_TABLE(matcher_keys), w, err) < 0)
		return -1;
	if (!set_kind(w))
		return config_error(d, node, err,
				    "a matcher has just one of event, condition, waiting, "
				    "terminated, phase, refused, deleted, nodes, slow and test");
	if (m->kind == MATCH_SLOW && read_stage(d, config_get(node, "slow"), &m->stage, err) < 0)
		return -1;
	if (m->kind == MATCH_SLOW && !nsec_known(m->over))
		return config_error(d, node, err, "slow needs over: DURATION");
	if (m->kind == MATCH_TEST && read_test(d, config_get(node, "test"), &m->test, err) < 0)
		return -1;
	return check_beside(d, node, m, err);
}

/* like: the common fields of these matchers (rule, purpose). */
static int add_matchers(struct rules *r, const struct document *d, const cJSON *list,
			const struct matcher *like, struct err *err)
{
	size_t n = 0;

	if (list && !cJSON_IsArray(list))
		return config_wrong(d, list, err, "a list of matchers");
	for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
		struct matcher_source w = { .matcher = *like };

		w.matcher.over = NSEC_NONE;
		if (++n > MATCHERS_MAX)
			return config_error(d, item, err, "more than %d matchers", MATCHERS_MAX);
		if (read_matcher(d, item, &w, err) < 0)
			return -1;
		array_reserve(r->matchers, r->matchers_cap, r->n_matchers + 1);
		r->matchers[r->n_matchers++] = w.matcher;
	}
	return 0;
}

const char *const changed_words[] = {
	"named",
	"workload",
	"node",
	"namespace",
	"cluster",
	"scaled",
	"labels",
	"notCreated",
	"last",
	NULL,
	"named, workload, node, namespace, cluster, scaled, labels, notCreated or last"
};

static int read_ties(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	unsigned *ties = ret;

	if (read_bits(d, node, changed_words, ties, err) < 0)
		return -1;
	if (!(*ties & ((1u << TIE_COUNT) - 1)))
		return config_error(d, node, err,
				    "does not say what ties it to the pods: named, workload, node, "
				    "namespace or cluster");
	return 0;
}

struct rule_source {
	struct rule rule;
	const cJSON *changed, *match, *with, *unless;
};

#define TEXT(name, ...) KEY(rule_source, #name, rule.name, TEXT, __VA_ARGS__)
#define PART(name) KEY(rule_source, #name, name, NODE)
#undef READ
#define READ(key, field, reader, ...)                                                              \
	KEY(rule_source, key, rule.field, OTHER, .read = read_##reader, __VA_ARGS__)

/* clang-format off */
static const struct config_key rule_keys[] = {
	TEXT(code, .required = true),
	TEXT(id, .required = true),
	TEXT(summary, .required = true),
	TEXT(advice, .required = true),
	TEXT(upstream),
	TEXT(kubernetes),
	READ("stage", stage, stage, .required = true),
	READ("owner", owner, owner, .required = true),
	PART(changed),
	PART(match),
	PART(with),
	PART(unless),
	READ("scope", scopes, parts),
	READ("about", about, about),
	KEY(rule_source, "symptom", rule.symptom, BOOL),
	KEY(rule_source, "information", rule.information, BOOL),
};
/* clang-format on */

/* A letter, then letters and digits: codes are used in JSON, as anchors and as metric labels. */
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

/* Code and id must both be new, or both belong to the rule that is replaced. */
static int check_names(const struct rules *r, const struct document *d, const cJSON *node,
		       const struct rule *rule, struct err *err)
{
	uint32_t by_code = map_find(&r->codes, rule->code), by_id = map_find(&r->ids, rule->id);

	if (!is_code(rule->code))
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
	return 0;
}

/* Resources with their ties; `workloads` means those without a key of their own. Without
 * `changed` the replaced rule's is kept; otherwise only the pods' workload counts. */
static int read_changed(const struct document *d, const cJSON *node, const struct rule *replaced,
			uint16_t *ret, struct err *err)
{
	struct config_key keys[CHANGED_MAX + 1];
	struct config_table table = { keys, n_write_rows + 1 };
	unsigned ties[CHANGED_MAX + 1] = { 0 };

	assert(n_write_rows <= CHANGED_MAX);
	if (!node && replaced) {
		memcpy(ret, replaced->changed, sizeof(replaced->changed));
		return 0;
	}
	for (size_t i = 0; i <= n_write_rows; i++)
		keys[i] = (struct config_key){
			.name = i < n_write_rows ? write_rows[i].resource : "workloads",
			.kind = CONFIG_OTHER,
			.offset = i * sizeof(*ties),
			.read = read_ties,
		};
	ties[n_write_rows] = node ? 0 : 1u << TIE_WORKLOAD;
	if (node && config_object(d, node, &table, ties, err) < 0)
		return -1;
	for (size_t i = 0; i < n_write_rows; i++)
		ret[i] =
		    (uint16_t)(ties[i] || !write_rows[i].workload ? ties[i] : ties[n_write_rows]);
	return 0;
}

static int add_rule(struct rules *r, const struct document *d, const cJSON *node, struct err *err)
{
	struct rule_source w = { .changed = NULL };
	const struct rule *replaced;
	uint32_t at;

	if (config_object(d, node, CONFIG_TABLE(rule_keys), &w, err) < 0 ||
	    check_names(r, d, node, &w.rule, err) < 0)
		return -1;
	at = map_find(&r->codes, w.rule.code);
	replaced = at == MAP_NONE ? NULL : &r->list[at];
	if (read_changed(d, w.changed, replaced, w.rule.changed, err) < 0)
		return -1;
	if (!w.rule.scopes)
		w.rule.scopes = (1u << SCOPE_COUNT) - 1;
	if (!w.rule.about)
		w.rule.about = 1u << OBJECT_POD;
	at = rules_put(r, &w.rule);
	if (add_matchers(r, d, w.match, &(struct matcher){ .rule = at }, err) < 0 ||
	    add_matchers(r, d, w.with, &(struct matcher){ .rule = at, .tells = true }, err) < 0)
		return -1;
	return add_matchers(r, d, w.unless, &(struct matcher){ .rule = at, .excuse = true }, err);
}

int rules_read(struct rules *r, const char *name, struct str text, struct err *err)
{
	struct config config;
	int result = config_read(str_from(name), text, &r->arena, &config, err);

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
	return result;
}
