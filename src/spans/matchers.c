/* SPDX-License-Identifier: Apache-2.0 */
/* Matchers of a configuration of spans, their regular expressions, and paths. */
#include "spans/reading.h"

#include "base/mem.h"
#include "base/suggest.h"

struct written_span_matcher {
	const cJSON *type;
	const cJSON *operation, *reason, *name, *duration, *match, *lua;
};

static const struct config_key matcher_keys[] = {
	SPANS_KEY(written_span_matcher, "Type", CONFIG_NODE, type, true),
	SPANS_KEY(written_span_matcher, "Operation", CONFIG_NODE, operation, false),
	SPANS_KEY(written_span_matcher, "Reason", CONFIG_NODE, reason, false),
	SPANS_KEY(written_span_matcher, "NameRex", CONFIG_NODE, name, false),
	SPANS_KEY(written_span_matcher, "DurationRex", CONFIG_NODE, duration, false),
	SPANS_KEY(written_span_matcher, "MatchRex", CONFIG_NODE, match, false),
	SPANS_KEY(written_span_matcher, "LuaMatcher", CONFIG_NODE, lua, false),
};

int spans_read_text(const struct document *d, const cJSON *node, void *ret, struct err *err)
{
	if (!cJSON_IsString(node))
		return config_wrong(d, node, err, "a string");
	*(struct str *)ret = config_text(node);
	return 0;
}

/* Regular expressions */

static struct pattern *keep_pattern(struct spans_reading *r, struct pattern *p)
{
	array_reserve(r->c->patterns, r->c->patterns_cap, r->c->n_patterns + 1);
	r->c->patterns[r->c->n_patterns++] = p;
	return p;
}

static struct pattern *compiled(struct str text, uint32_t groups, uint32_t *ret_groups,
				struct err *why)
{
	struct pattern *p = pattern_new_go(text, why);

	*ret_groups = p ? pattern_groups(p) : 0;
	if (p && *ret_groups == groups)
		return p;
	pattern_free(p);
	return NULL;
}

/* \\[ as \[: an expression that was escaped once too often. */
static struct str halved(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.n + 1, 1), *p = out;

	for (size_t i = 0; i < text.n; i++) {
		*p++ = text.p[i];
		if (text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == '\\')
			i++;
	}
	return str_from_to(out, p);
}

static int read_rex(struct spans_reading *r, const cJSON *node, uint32_t groups,
		    const struct pattern **ret, struct err *err)
{
	struct str text, half;
	struct err why = { 0 }, other = { 0 };
	uint32_t found, ignored;
	struct pattern *p;

	if (!node)
		return 0;
	if (spans_read_text(r->d, node, &text, err) < 0)
		return -1;
	if (!text.n)
		return 0;
	p = compiled(text, groups, &found, &why);
	if (!p && groups) {
		half = halved(text, r->d->arena);
		p = compiled(half, groups, &ignored, &other);
		if (p)
			spans_reading_note(r, node,
					   "is escaped once too often and has %u groups; read as "
					   "\"" STR_FMT "\"",
					   (unsigned)found, STR_ARG(half));
	}
	if (p) {
		*ret = keep_pattern(r, p);
		return 0;
	}
	if (why.code)
		return config_error(r->d, node, err, "is no regular expression: %s", why.message);
	return config_error(r->d, node, err, "has %u groups, expected %s", (unsigned)found,
			    groups ? "exactly one, in parentheses: what it matches is compared"
				   : "none: it only has to match");
}

/* Names of operations */

/* lunettes-spans(5), OPERATIONS: all operations that an audit event can show. */
static const char *const operations[] = {
	"pod:create:success",
	"pod:delete:success",
	"pod:deleted:success",
	"schedule:binding:success",
	"schedule:default-scheduler:entry",
	"finalizer:add",
	"finalizer:delete",
	"label:add",
	"label:delete",
	"annotation:add",
	"annotation:delete",
	"pod:ip:set",
	"containerReady:set",
	"containerRestartCount:set",
	"containerState:set",
	"condition:Ready:true",
	"condition:ContainersReady:true",
	"condition:Initialized:true",
	"condition:PodScheduled:true",
	"phase:Pending:set",
	"phase:Running:set",
	"phase:Succeeded:set",
	"phase:Failed:set",
};

static bool is_operation(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		if (str_eq(word, str_from(operations[i])))
			return true;
	return str_starts(word, STR("condition:")) ||
	       (str_starts(word, STR("schedule:")) && str_ends(word, STR(":entry")));
}

static void note_unknown(struct spans_reading *r, const cJSON *node, struct str word)
{
	struct suggest near = suggest_for(word);

	if (is_operation(word))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(operations); i++)
		suggest_offer(&near, operations[i]);
	if (near.best)
		spans_reading_note(
		    r, node, "is an operation that no audit event gives; did you mean \"%s\"?",
		    near.best);
	else
		spans_reading_note(r, node, "is an operation that no audit event gives");
}

static int read_word(struct spans_reading *r, const cJSON *node,
		     const struct written_span_matcher *w, struct span_matcher *m, struct err *err)
{
	const cJSON *word = m->event ? w->reason : w->operation;
	struct extract_words *words;
	struct str text = { 0 };

	if (word && spans_read_text(r->d, word, &text, err) < 0)
		return -1;
	if (!text.n)
		return config_error(r->d, node, err, "a matcher of type %s needs the key \"%s\"",
				    m->event ? "event" : "operation",
				    m->event ? "Reason" : "Operation");
	if (!m->event)
		note_unknown(r, word, text);
	m->word = arena_str(&r->c->arena, text);
	words = m->event ? &r->c->extract.reasons : &r->c->extract.operations;
	if (!extract_has(words, text))
		spans_reading_add(r, words, text);
	return 0;
}

/* A script decides alone: the other keys have no effect. */
static int read_script(struct spans_reading *r, const struct written_span_matcher *w,
		       struct span_matcher *m, struct err *err)
{
	const cJSON *others[] = { w->operation, w->reason, w->name, w->match };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i] && !(cJSON_IsString(others[i]) && !config_text(others[i]).n))
			spans_reading_note(r, others[i],
					   "has no effect: the LuaMatcher beside it decides alone");
	r->c->extract.all_events |= m->event;
	return spans_read_script(r, w->lua, false, &m->script, err);
}

static int read_matcher(struct spans_reading *r, const cJSON *node,
			const struct spans_naming *naming, struct span_matcher *ret,
			struct err *err)
{
	static const char *const types[] = { "operation", "event", NULL };
	struct written_span_matcher w = { 0 };
	unsigned type = 0;

	if (config_object(r->d, node, CONFIG_TABLE(matcher_keys), &w, err) < 0 ||
	    config_read_choice(r->d, w.type, types, &type, err) < 0)
		return -1;
	ret->event = type == 1;
	if (naming->timed && ret->event && read_rex(r, w.duration, 1, &ret->duration, err) < 0)
		return -1;
	if (w.lua)
		return read_script(r, &w, ret, err);
	if (read_word(r, node, &w, ret, err) < 0 ||
	    (naming->named && read_rex(r, w.name, 1, &ret->name, err) < 0))
		return -1;
	return read_rex(r, w.match, 0, &ret->match, err);
}

int spans_read_matchers(struct spans_reading *r, const cJSON *list,
			const struct spans_naming *naming, struct span_matchers *ret,
			struct err *err)
{
	struct span_matcher *matchers;
	size_t n = 0;

	if (!list)
		return 0;
	if (!cJSON_IsArray(list))
		return config_wrong(r->d, list, err, "a list of matchers");
	matchers = arena_array(&r->c->arena, struct span_matcher, (size_t)cJSON_GetArraySize(list));
	for (const cJSON *item = list->child; item; item = item->next) {
		if (n == SPANS_MATCHERS_MAX)
			return config_error(r->d, item, err, "more than %d matchers",
					    SPANS_MATCHERS_MAX);
		if (read_matcher(r, item, naming, &matchers[n++], err) < 0)
			return -1;
	}
	*ret = (struct span_matchers){ matchers, n };
	return 0;
}

/* Paths */

int spans_read_path(struct spans_reading *r, const cJSON *node, char sep, uint32_t *ret_path,
		    struct err *err)
{
	struct extract *x = &r->c->extract;
	struct str text, whole;
	struct err why = { 0 };

	if (spans_read_text(r->d, node, &text, err) < 0)
		return -1;
	if (str_starts(text, STR("{")))
		return config_error(r->d, node, err,
				    "is a JSONPath; expected a path such as "
				    "spec%c[name]containers%cname",
				    sep, sep);
	whole = arena_printf(&r->c->arena, "%c" STR_FMT, sep, STR_ARG(text));
	for (*ret_path = 0; *ret_path < x->n_paths; ++*ret_path)
		if (str_eq(x->paths[*ret_path].text, whole))
			return 0;
	if (x->n_paths == EXTRACT_PATHS_MAX)
		return config_error(r->d, node, err, "more than %d different paths",
				    EXTRACT_PATHS_MAX);
	if (!extract_path_parse(whole, &r->c->arena, &x->paths[x->n_paths], &why))
		return config_error(r->d, node, err, "is no path: %s", why.message);
	x->n_paths++;
	return 0;
}
