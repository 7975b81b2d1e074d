/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts of a configuration of spans: compiles them and selects the texts to keep for them. */
#include "spans/reading.h"

static const struct config_key script_keys[] = {
	{ .name = "Scripts", .kind = CONFIG_NODE, .any_case = true, .required = true },
};

enum { FETCHED = 1u << SCRIPT_OBJECT, MATCHED = (1u << SCRIPT_OBJECT) - 1 };

/* Notes the globals in its text that are undefined there. */
static void note_others(struct spans_reading *r, const cJSON *node, struct str text,
			unsigned globals)
{
	for (unsigned i = 0; i < SCRIPT_GLOBALS; i++) {
		const char *name = script_global_name((enum script_global)i);

		if (!(globals & 1u << i) && script_names(text, name))
			spans_reading_note(r, node, "names %s, which only a %s has", name,
					   i == SCRIPT_OBJECT ? "ValueFetcher" : "LuaMatcher");
	}
}

static int refuse_without_lua(const struct spans_reading *r, const cJSON *node, bool fetcher,
			      struct err *err)
{
	struct buf name = { 0 };

	config_add_quoted(&name, r->whose_name);
	config_error(r->d, node, err,
		     "a script in Lua, of the %s " STR_FMT
		     ": this program was built without Lua; say it with %s",
		     r->whose, STR_ARG(buf_str(&name)),
		     fetcher ? "ValueRex" : "Operation or Reason, NameRex and MatchRex");
	buf_free(&name);
	return -1;
}

static int refuse_delivery(const struct spans_reading *r, const cJSON *node, struct err *err)
{
	struct buf name = { 0 };

	config_add_quoted(&name, r->whose_name);
	config_error(r->d, node, err,
		     "get_pod_slo_time of the module delivery, in a script of the %s " STR_FMT
		     ", is not there: of it this program has only finish_upgrade",
		     r->whose, STR_ARG(buf_str(&name)));
	buf_free(&name);
	return -1;
}

int spans_read_script(struct spans_reading *r, const cJSON *node, bool fetcher, struct script **ret,
		      struct err *err)
{
	unsigned globals = fetcher ? FETCHED : MATCHED;
	const cJSON *written = NULL;
	struct err why = { 0 };
	struct buf place = { 0 };
	struct str text;

	if (config_object(r->d, node, CONFIG_TABLE(script_keys), &written, err) < 0 ||
	    config_read_text(r->d, written, &text, err) < 0)
		return -1;
	if (!r->c->scripts)
		r->c->scripts = scripts_new();
	if (!r->c->scripts)
		return refuse_without_lua(r, node, fetcher, err);
	if (script_names(text, "get_pod_slo_time"))
		return refuse_delivery(r, written, err);
	note_others(r, written, text, globals);
	config_add_key(&place, r->d, written);
	*ret = scripts_add(r->c->scripts, text, buf_str(&place), globals, &why);
	buf_free(&place);
	if (!*ret)
		return config_error(r->d, written, err, "is no script in Lua: %s", why.message);
	for (unsigned i = 0; i < SCRIPT_GLOBALS; i++) {
		int needed = script_global_text((enum script_global)i);

		if ((*ret)->globals & 1u << i && needed >= 0)
			r->c->extract.texts |= 1u << needed;
	}
	return 0;
}
