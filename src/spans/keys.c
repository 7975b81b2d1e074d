/* SPDX-License-Identifier: Apache-2.0 */
/* The keys for resources and spans of a configuration, see lunettes-spans(5). */
#include "spans/reading.h"

#include "base/mem.h"

#define KEY SPANS_KEY
#define TEXT(of, key, field) SPANS_KEY(of, key, CONFIG_OTHER, field, false)

/* ObjectRef */

struct written_ref {
	struct str resource, api_version;
	const cJSON *ignored[6];
};

static const struct config_key ref_keys[] = {
	TEXT(written_ref, "Resource", resource),
	TEXT(written_ref, "APIVersion", api_version),
	KEY(written_ref, "Namespace", CONFIG_NODE, ignored[0], false),
	KEY(written_ref, "Name", CONFIG_NODE, ignored[1], false),
	KEY(written_ref, "UID", CONFIG_NODE, ignored[2], false),
	KEY(written_ref, "APIGroup", CONFIG_NODE, ignored[3], false),
	KEY(written_ref, "ResourceVersion", CONFIG_NODE, ignored[4], false),
	KEY(written_ref, "Subresource", CONFIG_NODE, ignored[5], false),
};

static int read_ref(struct spans_reading *r, const cJSON *node, struct span_resource *ret,
		    struct err *err)
{
	struct written_ref w = { 0 };

	if (config_object(r->d, node, CONFIG_TABLE(ref_keys), &w, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(w.ignored); i++)
		if (w.ignored[i] && (!cJSON_IsString(w.ignored[i]) || w.ignored[i]->valuestring[0]))
			spans_reading_note(r, w.ignored[i],
					   "has no effect: of ObjectRef only Resource and "
					   "APIVersion count");
	if ((!str_eq(w.resource, STR("pods")) && !str_eq(w.resource, STR("events"))) ||
	    !str_eq(w.api_version, STR("v1")))
		spans_reading_note(r, node,
				   "never begins: only pods and events of v1 have operations");
	ret->resource = arena_str(&r->c->arena, w.resource);
	ret->api_version = arena_str(&r->c->arena, w.api_version);
	return 0;
}

/* LifeFlag */

struct written_life {
	struct str start_name, finish_name;
	const cJSON *start, *finish, *mode;
};

static const struct config_key life_keys[] = {
	KEY(written_life, "StartEvent", CONFIG_NODE, start, true),
	KEY(written_life, "FinishEvent", CONFIG_NODE, finish, false),
	TEXT(written_life, "StartName", start_name),
	TEXT(written_life, "FinishName", finish_name),
	KEY(written_life, "Mode", CONFIG_NODE, mode, false),
};

static int read_life(struct spans_reading *r, const cJSON *node, struct span_resource *ret,
		     struct err *err)
{
	struct written_life w = { 0 };
	struct spans_naming start, finish;

	if (config_object(r->d, node, CONFIG_TABLE(life_keys), &w, err) < 0)
		return -1;
	if (w.mode)
		spans_reading_note(r, w.mode, "has no effect: only spans have a Mode");
	r->whose = "action";
	r->whose_name = ret->action;
	start = (struct spans_naming){ .named = w.start_name.n > 0 };
	finish = (struct spans_naming){ .named = w.finish_name.n > 0 };
	if (spans_read_matchers(r, w.start, &start, &ret->start, err) < 0 ||
	    spans_read_matchers(r, w.finish, &finish, &ret->finish, err) < 0)
		return -1;
	if (!ret->start.n)
		return config_error(r->d, w.start, err, "an action needs an event to start with");
	ret->start_name = arena_str(&r->c->arena, w.start_name);
	ret->finish_name = arena_str(&r->c->arena, w.finish_name);
	return 0;
}

/* ExtraProperties */

struct written_property {
	struct str name;
	const cJSON *path, *fetcher;
	bool metric;
};

static const struct config_key property_keys[] = {
	TEXT(written_property, "Name", name),
	KEY(written_property, "ValueRex", CONFIG_NODE, path, false),
	KEY(written_property, "ValueFetcher", CONFIG_NODE, fetcher, false),
	KEY(written_property, "NeedMetric", CONFIG_BOOL, metric, false),
};

static int read_properties(struct spans_reading *r, const cJSON *node, struct span_resource *ret,
			   struct err *err)
{
	struct span_property *list;
	size_t n = 0;

	if (!node)
		return 0;
	if (!cJSON_IsObject(node))
		return config_wrong(r->d, node, err, "an object of properties by their names");
	list = arena_array(&r->c->arena, struct span_property, (size_t)cJSON_GetArraySize(node));
	for (const cJSON *item = node->child; item; item = item->next, n++) {
		struct written_property w = { 0 };

		if (config_object(r->d, item, CONFIG_TABLE(property_keys), &w, err) < 0)
			return -1;
		if (!w.path && !w.fetcher)
			return config_error(r->d, item, err, "the key \"ValueRex\" is missing");
		if (!item->string[0] || str_eq(str_from(item->string), STR("uid")))
			return config_key_error(r->d, item, err,
						"is no name for a property; expected one that is "
						"not empty and not uid");
		r->whose = "property";
		r->whose_name = str_from(item->string);
		list[n].path = SPANS_NONE;
		if (w.fetcher ? spans_read_script(r, w.fetcher, true, &list[n].fetch, err) < 0
			      : spans_read_path(r, w.path, '#', &list[n].path, err) < 0)
			return -1;
		if (w.fetcher && w.path)
			spans_reading_note(r, w.path,
					   "has no effect: the ValueFetcher beside it gives the "
					   "value");
		list[n].name = arena_str(&r->c->arena, str_from(item->string));
		list[n].metric = w.metric;
	}
	ret->properties = list;
	ret->n_properties = n;
	return 0;
}

/* Spans */

struct written_span {
	struct str name, type, owner, component;
	const cJSON *path, *mode, *start, *end, *direct, *errors, *children;
	bool need_close, omit_empty;
};

static const struct config_key span_keys[] = {
	TEXT(written_span, "Name", name),
	KEY(written_span, "NameRef", CONFIG_NODE, path, false),
	TEXT(written_span, "Type", type),
	TEXT(written_span, "SpanOwner", owner),
	TEXT(written_span, "Component", component),
	KEY(written_span, "Mode", CONFIG_NODE, mode, true),
	KEY(written_span, "StartEvent", CONFIG_NODE, start, false),
	KEY(written_span, "EndEvent", CONFIG_NODE, end, false),
	KEY(written_span, "DirectEvent", CONFIG_NODE, direct, false),
	KEY(written_span, "ErrorEvent", CONFIG_NODE, errors, false),
	KEY(written_span, "Children", CONFIG_NODE, children, false),
	KEY(written_span, "NeedClose", CONFIG_BOOL, need_close, false),
	KEY(written_span, "Omitempty", CONFIG_BOOL, omit_empty, false),
};

/* The spans of one resource, parents first. */
struct span_list {
	struct span_config *list;
	size_t n;
};

static int read_span_matchers(struct spans_reading *r, const struct written_span *w,
			      struct span_config *s, struct err *err)
{
	struct spans_naming naming = { .named = s->path != SPANS_NONE, .timed = s->direct };
	const cJSON *other = s->direct ? (w->start ? w->start : w->end) : w->direct;

	if (other && other->child)
		spans_reading_note(r, other, "has no effect in Mode %s",
				   s->direct ? "direct-info" : "start-finish");
	if (s->direct)
		return spans_read_matchers(r, w->direct, &naming, &s->direct_events, err);
	if (spans_read_matchers(r, w->start, &naming, &s->start, err) < 0)
		return -1;
	return spans_read_matchers(r, w->end, &naming, &s->end, err);
}

static int read_spans(struct spans_reading *r, const cJSON *node, struct span_list *ret,
		      uint32_t parent, struct err *err);

static int read_span(struct spans_reading *r, const cJSON *node, struct span_list *all,
		     uint32_t parent, struct err *err)
{
	static const char *const modes[] = { "start-finish", "direct-info", NULL };
	struct spans_naming errors = { 0 };
	struct written_span w = { 0 };
	struct span_config s = { .parent = parent, .path = SPANS_NONE };
	unsigned mode = 0;
	uint32_t own = (uint32_t)all->n;

	if (all->n == SPANS_LIST_MAX)
		return config_error(r->d, node, err, "more than %d spans", SPANS_LIST_MAX);
	if (config_object(r->d, node, CONFIG_TABLE(span_keys), &w, err) < 0 ||
	    config_read_choice(r->d, w.mode, modes, &mode, err) < 0)
		return -1;
	s.direct = mode == 1;
	r->whose = "span";
	r->whose_name = w.name.n ? w.name : w.type.n ? w.type : config_text(w.path);
	if (w.path && config_text(w.path).n &&
	    spans_read_path(r, w.path, '.', &s.path, err) < 0)
		return -1;
	if (!w.name.n && !w.type.n && s.path == SPANS_NONE)
		return config_error(r->d, node, err, "a span needs Name, NameRef or Type");
	if (read_span_matchers(r, &w, &s, err) < 0 ||
	    spans_read_matchers(r, w.errors, &errors, &s.errors, err) < 0)
		return -1;
	s.name = arena_str(&r->c->arena, w.name);
	s.type = arena_str(&r->c->arena, w.type);
	s.owner = arena_str(&r->c->arena, w.owner);
	s.component = arena_str(&r->c->arena, w.component);
	if (!s.component.n && parent != SPANS_NONE)
		s.component = all->list[parent].component;
	s.need_close = w.need_close;
	s.omit_empty = w.omit_empty;
	all->list[all->n++] = s;
	return w.children ? read_spans(r, w.children, all, own, err) : 0;
}

static int read_spans(struct spans_reading *r, const cJSON *node, struct span_list *ret,
		      uint32_t parent, struct err *err)
{
	unsigned depth = 0;

	for (uint32_t up = parent; up != SPANS_NONE; up = ret->list[up].parent)
		depth++;
	if (depth > SPANS_DEPTH_MAX)
		return config_error(r->d, node, err, "Children in more than %d spans",
				    SPANS_DEPTH_MAX);
	if (!cJSON_IsArray(node))
		return config_wrong(r->d, node, err, "a list of spans");
	for (const cJSON *item = node->child; item; item = item->next)
		if (read_span(r, item, ret, parent, err) < 0)
			return -1;
	return 0;
}

/* Resources */

struct written_resource {
	const cJSON *ref, *action, *life, *spans, *properties;
};

static const struct config_key resource_keys[] = {
	KEY(written_resource, "ObjectRef", CONFIG_NODE, ref, true),
	KEY(written_resource, "ActionType", CONFIG_NODE, action, true),
	KEY(written_resource, "LifeFlag", CONFIG_NODE, life, true),
	KEY(written_resource, "Spans", CONFIG_NODE, spans, false),
	KEY(written_resource, "ExtraProperties", CONFIG_NODE, properties, false),
};

static int read_resource(struct spans_reading *r, const cJSON *node, struct err *err)
{
	struct written_resource w = { 0 };
	struct span_resource of = { 0 };
	struct span_list spans = { .list = arena_array(&r->c->arena, struct span_config,
						       SPANS_LIST_MAX) };

	if (r->c->n_resources == SPANS_RESOURCES_MAX)
		return config_error(r->d, node, err, "more than %d resources", SPANS_RESOURCES_MAX);
	if (config_object(r->d, node, CONFIG_TABLE(resource_keys), &w, err) < 0 ||
	    read_ref(r, w.ref, &of, err) < 0 ||
	    config_read_text(r->d, w.action, &of.action, err) < 0 ||
	    read_life(r, w.life, &of, err) < 0 || read_properties(r, w.properties, &of, err) < 0 ||
	    (w.spans && read_spans(r, w.spans, &spans, SPANS_NONE, err) < 0))
		return -1;
	of.action = arena_str(&r->c->arena, of.action);
	of.spans = spans.list;
	of.n_spans = spans.n;
	array_reserve(r->c->resources, r->c->resources_cap, r->c->n_resources + 1);
	r->c->resources[r->c->n_resources++] = of;
	return 0;
}

int spans_read_resources(struct spans_reading *r, const cJSON *list, struct err *err)
{
	for (const cJSON *item = list->child; item; item = item->next)
		if (read_resource(r, item, err) < 0)
			return -1;
	return 0;
}
