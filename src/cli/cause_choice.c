/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cause_choice.h"

#include "base/suggest.h"
#include "page/text.h"

enum { CODES_MAX = 512 }; /* of one option: more than there are */

/* Words of --owner and --scope; 0 is any. */
static const enum owner owners[] = { OWNER_NONE, OWNER_PLATFORM, OWNER_USER, OWNER_NONE };

const struct rule *cause_choice_rule(const struct rules *rules, const char *option, struct str name,
				     struct err *err)
{
	const struct rule *rule = rules_find(rules, name);
	struct suggest near = suggest_for(name);
	char offered[2][64]; /* the nearest so far, and the candidate */
	unsigned next = 0;

	for (size_t k = 0; !rule && k < rules_count(rules); k++) {
		struct str code = rules_at(rules, k)->code;

		if (code.n >= sizeof(offered[0]))
			continue;
		memcpy(offered[next], code.p, code.n);
		offered[next][code.n] = 0;
		suggest_offer(&near, offered[next]);
		if (near.best == offered[next])
			next = !next;
	}
	if (!rule)
		err_set(err, ERR_USAGE, "%sthere is no code '%.*s'%s%s%s", option,
			(int)MIN(name.n, 100), name.p,
			near.best ? "; did you mean '" : "; 'lunettes codes' lists them",
			near.best ? near.best : "", near.best ? "'?" : "");
	return rule;
}

/* An empty item, or the end of a pattern, is not a word. */
static bool next_word(struct option_words *w, struct str *ret)
{
	while (option_words_next(w, ret))
		if (ret->n || w->more)
			return true;
	return false;
}

static int read_codes(struct cause_choice *c, const struct rules *rules, struct err *err)
{
	struct option_words words = { .list = &c->options->codes };
	struct str word;

	c->codes = arena_array(&c->arena, const struct rule *, CODES_MAX);
	while (next_word(&words, &word)) {
		if (c->n_codes == CODES_MAX)
			return err_set(err, ERR_USAGE, "option --code: more than %d codes",
				       CODES_MAX);
		c->codes[c->n_codes] = cause_choice_rule(rules, "option --code: ", word, err);
		if (!c->codes[c->n_codes++])
			return -1;
	}
	return 0;
}

static int read_conditions(struct cause_choice *c, const struct rules *rules, struct err *err)
{
	struct option_words words = { .list = &c->options->fail_on };
	struct str word;

	c->conditions = arena_array(&c->arena, struct cause_condition, CODES_MAX);
	while (next_word(&words, &word)) {
		struct cause_condition *one = &c->conditions[c->n_conditions];

		if (c->n_conditions == CODES_MAX)
			return err_set(err, ERR_USAGE, "option --fail-on: more than %d conditions",
				       CODES_MAX);
		*one = (struct cause_condition){ .text = word };
		c->n_conditions++;
		if (str_eq(word, STR("cause")))
			one->any_owner = true;
		else if (str_eq(word, STR("platform")))
			one->owner = OWNER_PLATFORM;
		else if (str_eq(word, STR("user")))
			one->owner = OWNER_USER;
		else if (!(one->rule =
			       cause_choice_rule(rules,
						 "option --fail-on takes cause, platform, user and "
						 "codes; ",
						 word, err)))
			return -1;
	}
	return 0;
}

int cause_choice_begin(struct cause_choice *c, const struct options *options,
		       const struct rules *rules, struct err *err)
{
	*c = (struct cause_choice){ .options = options };
	return read_codes(c, rules, err) < 0 ? -1 : read_conditions(c, rules, err);
}

bool cause_choice_is_narrow(const struct cause_choice *c)
{
	return c->n_codes || c->options->owner || c->options->scope;
}

bool cause_choice_wants(const struct cause_choice *c, const struct diagnosis *d)
{
	const struct cause *cause = d ? d->primary : NULL;
	bool found = !c->n_codes;

	if (!cause_choice_is_narrow(c))
		return true;
	if (!cause || (c->options->owner && cause->owner != owners[c->options->owner]) ||
	    (c->options->scope && cause->scope != (enum scope)(c->options->scope - 1)))
		return false;
	for (size_t i = 0; i < c->n_codes; i++)
		found = found || c->codes[i] == cause->rule;
	return found;
}

void cause_choice_check(struct cause_choice *c, const struct timeline *t, const struct diagnosis *d)
{
	const struct cause *cause = d->primary;

	for (size_t i = 0; cause && i < c->n_conditions; i++) {
		struct cause_condition *one = &c->conditions[i];

		if (one->rule ? one->rule != cause->rule
			      : !one->any_owner && one->owner != cause->owner)
			continue;
		if (!one->pods++)
			one->example = arena_printf(
			    &c->arena, "pod/" STR_FMT "/" STR_FMT, STR_ARG(t->namespace),
			    STR_ARG(t->name.n || !t->generate_name.p ? t->name : t->generate_name));
	}
}

void cause_choice_holds(const struct cause_choice *c, struct buf *text)
{
	for (size_t i = 0; i < c->n_conditions; i++) {
		const struct cause_condition *one = &c->conditions[i];

		if (!one->pods)
			continue;
		buf_printf(
		    text, "lunettes: --fail-on " STR_FMT " holds: %llu pod%s: ", STR_ARG(one->text),
		    (unsigned long long)one->pods, one->pods == 1 ? "" : "s, first");
		text_add_safe(text, one->example, false);
		buf_add_char(text, '\n');
	}
}

void cause_choice_free(struct cause_choice *c)
{
	arena_free(&c->arena);
}
