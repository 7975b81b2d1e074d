/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A configuration of any bytes. Each value's place must be one of the text; a message must begin
 * with a place; what was read must be within its bounds, and stay so when it is read once more.
 */
#include "slo/settings.h"

#include "config/document.h"
#include "spans/spans.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_message(const struct err *err)
{
	check(err->code == ERR_USAGE);
	check(strncmp(err->message, "f:", 2) == 0 && err->message[2] >= '1' &&
	      err->message[2] <= '9');
}

static size_t count_nodes(const cJSON *node)
{
	size_t n = 1;

	for (const cJSON *child = node->child; child; child = child->next)
		n += count_nodes(child);
	return n;
}

static void check_document(const struct document *d, size_t n_bytes)
{
	check(count_nodes(d->root) == d->n_places && d->places[0].node == d->root);
	for (size_t i = 0; i < d->n_places; i++) {
		const struct place *p = &d->places[i];

		check(p->at.line >= 1 && p->at.column >= 1 && p->at.line <= n_bytes + 1 &&
		      p->at.column <= n_bytes + 1);
		check(i == 0 ? p->parent == UINT32_MAX : p->parent < i);
		check(!p->key.p == !p->key_at.line);
		if (p->key.p)
			check(str_eq(p->key, str_from(p->node->string)));
		if (cJSON_IsString(p->node))
			check(str_eq(p->text, str_from(p->node->valuestring)));
		check(str_eq(config_text(d, p->node), p->text));
	}
}

static void check_inner(const struct document *d)
{
	for (size_t i = 0; i < d->n_places; i++) {
		struct err err = { 0 };
		struct config inner;

		if (!cJSON_IsString(d->places[i].node))
			continue;
		if (config_read_inner(d, d->places[i].node, &inner, &err) < 0)
			check_message(&err);
		else
			config_free(&inner);
	}
}

static void check_config(struct str text)
{
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct config config;

	if (config_read(STR("f"), text, &arena, &config, &err) < 0) {
		check_message(&err);
	} else {
		for (size_t i = 0; i < config.n; i++)
			check_document(config.documents[i], text.n);
		if (config.n)
			check_inner(config.documents[0]);
		config_free(&config);
	}
	arena_free(&arena);
}

static void check_settings(const struct settings *s)
{
	check(s->n_classes >= 2 && !s->classes[CLASS_UNKNOWN].name.p);
	for (size_t i = 0; i < s->n_classes; i++)
		check(s->classes[i].limit > 0 && s->classes[i].cpu_milli >= 0 &&
		      s->classes[i].memory >= 0);
	check(s->deadline_service > 0 && s->deadline_job > 0 && s->post_start_limit > 0);
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		check(s->limits[i] > 0);
	check(s->limits[LIMIT_DELETE] <= s->limits[LIMIT_STALE] &&
	      s->limits[LIMIT_STALE] <= s->limits[LIMIT_TERMINATING]);
	for (size_t i = 0; i < s->n_overrides; i++)
		check(s->overrides[i].deadline > 0 || s->overrides[i].delivery > 0);
	for (size_t i = 0; i < s->n_objectives; i++) {
		const struct objective *o = &s->objectives[i];

		check(o->name.n > 0 && o->window > 0 && o->target_ppm > 0 &&
		      o->target_ppm < 1000000);
		check(o->threshold > 0 || (o->threshold == NSEC_NONE && o->sli == SLI_DELIVERY));
	}
}

/* The same text as a configuration of spans: parents before children, paths that are there. */
static void check_spans(struct str text)
{
	struct err err = { 0 };
	struct span_configuration *c = spans_read(STR("f"), text, &err);

	if (!c) {
		if (!str_starts(str_from(err.message), STR("f: found no")))
			check_message(&err);
		return;
	}
	for (size_t i = 0; i < c->n_resources; i++) {
		const struct span_resource *of = &c->resources[i];

		check(of->start.n > 0 && of->action.n > 0);
		for (size_t k = 0; k < of->n_spans; k++)
			check((of->spans[k].path == SPANS_NONE ||
			       of->spans[k].path < c->extract.n_paths) &&
			      (of->spans[k].parent == SPANS_NONE || of->spans[k].parent < k));
		for (size_t k = 0; k < of->n_properties; k++)
			check(of->properties[k].fetch ||
			      of->properties[k].path < c->extract.n_paths);
	}
	spans_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n };
	struct settings s;
	struct err err = { 0 };

	check_config(text);
	check_spans(text);
	settings_init(&s);
	for (int i = 0; i < 2; i++) {
		if (settings_read(&s, STR("f"), text, &err) < 0) {
			check_message(&err);
			break;
		}
		check_settings(&s);
	}
	settings_free(&s);
	return 0;
}
