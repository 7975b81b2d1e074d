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

/* Finding a place reads the text once more: not for all values of a large one. */
enum { PLACES_MAX = 100 };

/* Calls fn for the first nodes, as they are in the text. */
static size_t each_node(const struct document *d, const cJSON *node, size_t left,
			void (*fn)(const struct document *d, const cJSON *node))
{
	if (left == 0)
		return 0;
	fn(d, node);
	left--;
	for (const cJSON *child = node->child; child; child = child->next)
		left = each_node(d, child, left, fn);
	return left;
}

static void check_node(const struct document *d, const cJSON *node)
{
	struct str text = config_text(node), message;
	struct buf key = { 0 };
	struct err err = { 0 };
	unsigned line = 0, column = 0;

	check(!text.p == !(cJSON_IsString(node) || cJSON_IsNumber(node)));
	check(config_error(d, node, &err, "x") < 0);
	check_message(&err);
	message = str_from(err.message);
	check(str_ends(message, STR(": x")));
	check(sscanf(err.message, "f:%u:%u:", &line, &column) == 2);
	check(line >= 1 && column >= 1 && line <= d->text.n + 1 && column <= d->text.n + 1);
	config_add_key(&key, d, node);
	check(str_starts(buf_str(&key), STR("f:")));
	check(!str_starts(buf_str(&key), STR("f:0:")));
	buf_free(&key);
}

static void check_inner(const struct document *d, const cJSON *node)
{
	struct err err = { 0 };
	struct config inner;

	if (!cJSON_IsString(node))
		return;
	if (config_read_inner(d, node, &inner, &err) < 0)
		check_message(&err);
	else
		config_free(&inner);
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
			each_node(config.documents[i], config.documents[i]->root, PLACES_MAX,
				  check_node);
		if (config.n)
			each_node(config.documents[0], config.documents[0]->root, PLACES_MAX,
				  check_inner);
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
	for (size_t i = 0; i < SLO_COUNT; i++)
		check(s->limits[i] > 0 || i == SLO_CREATE);
	check(s->limits[SLO_DELETE] <= s->delete_stale &&
	      s->delete_stale <= s->delete_terminating);
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
