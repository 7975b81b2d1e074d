/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/selector.h"

enum {
	VALUE_MAX = 63,	       /* apimachinery: LabelValueMaxLength */
	KEY_MAX = 253 + 1 + 63 /* a DNS subdomain, a slash, a name */
};

#define SHOWN(s) (int)MIN((s).n, 200), (s).p /* of the part that a message quotes */

struct parser {
	struct str whole, rest;
	struct selector *selector;
	struct err *err;
};

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == '/';
}

static int fail(struct parser *p, const char *expected)
{
	size_t column = p->whole.n - p->rest.n + 1;

	if (p->rest.n == 0)
		return err_set(p->err, ERR_USAGE, "the selector '%.*s' ends where %s is expected",
			       SHOWN(p->whole), expected);
	return err_set(p->err, ERR_USAGE,
		       "the selector '%.*s' has '%c' at column %zu where %s is expected",
		       SHOWN(p->whole), p->rest.p[0], column, expected);
}

static void skip_blanks(struct parser *p)
{
	while (p->rest.n && (p->rest.p[0] == ' ' || p->rest.p[0] == '\t'))
		p->rest = str_after(p->rest, 1);
}

static bool skip_token(struct parser *p, struct str token)
{
	skip_blanks(p);
	if (!str_starts(p->rest, token))
		return false;
	p->rest = str_after(p->rest, token.n);
	return true;
}

static struct str take_word(struct parser *p)
{
	struct str word;

	skip_blanks(p);
	word = (struct str){ p->rest.p, 0 };
	while (word.n < p->rest.n && word_char(p->rest.p[word.n]))
		word.n++;
	p->rest = str_after(p->rest, word.n);
	return word;
}

static int take_key(struct parser *p, struct str *ret_key)
{
	struct str key = take_word(p);

	if (key.n == 0)
		return fail(p, "a label's name");
	if (key.n > KEY_MAX)
		return err_set(
		    p->err, ERR_USAGE,
		    "the selector names a label of %zu characters; at most %d are allowed", key.n,
		    KEY_MAX);
	*ret_key = key;
	return 0;
}

static int take_value(struct parser *p, struct selector_term *term)
{
	struct arena *arena = &p->selector->arena;
	struct str value = take_word(p);

	if (value.n > VALUE_MAX || (value.n && memchr(value.p, '/', value.n)))
		return err_set(
		    p->err, ERR_USAGE,
		    "the selector has the value '%.*s', which no label can have: at most "
		    "%d letters, digits, '-', '_' and '.' are allowed",
		    SHOWN(value), VALUE_MAX);
	arena_reserve(arena, term->values, term->n_values, term->cap);
	term->values[term->n_values++] = value;
	return 0;
}

static int take_set(struct parser *p, struct selector_term *term)
{
	if (!skip_token(p, STR("(")))
		return fail(p, "'('");
	do {
		if (take_value(p, term) < 0)
			return -1;
	} while (skip_token(p, STR(",")));
	if (!skip_token(p, STR(")")))
		return fail(p, "',' or ')'");
	if (term->n_values == 1 && term->values[0].n == 0)
		return err_set(p->err, ERR_USAGE,
			       "the selector '%.*s' has an empty set; name at least one value",
			       SHOWN(p->whole));
	return 0;
}

/* The operator after a key; a word such as "in" counts only as a separate word. */
static int take_operator(struct parser *p, struct selector_term *term)
{
	struct parser ahead = *p;
	struct str word;

	if (skip_token(p, STR("!="))) {
		term->operator= SELECTOR_NOT_IN;
		return take_value(p, term);
	}
	if (skip_token(p, STR("==")) || skip_token(p, STR("="))) {
		term->operator= SELECTOR_IN;
		return take_value(p, term);
	}
	word = take_word(&ahead);
	if (str_eq(word, STR("in")) || str_eq(word, STR("notin"))) {
		term->operator= word.n == 2 ? SELECTOR_IN : SELECTOR_NOT_IN;
		*p = ahead;
		return take_set(p, term);
	}
	term->operator= SELECTOR_EXISTS;
	return 0;
}

static int take_term(struct parser *p)
{
	struct selector *s = p->selector;
	struct selector_term term = { 0 };
	bool absent = skip_token(p, STR("!"));

	if (take_key(p, &term.key) < 0)
		return -1;
	if (absent)
		term.operator= SELECTOR_ABSENT;
	else if (take_operator(p, &term) < 0)
		return -1;
	arena_reserve(&s->arena, s->terms, s->n_terms, s->cap);
	s->terms[s->n_terms++] = term;
	return 0;
}

int selector_parse(struct str text, struct selector *ret_selector, struct err *err)
{
	struct selector selector = { 0 };
	struct parser p = { text, text, &selector, err };
	int r = 0;

	skip_blanks(&p);
	if (p.rest.n) {
		do
			r = take_term(&p);
		while (r == 0 && skip_token(&p, STR(",")));
		skip_blanks(&p);
		if (r == 0 && p.rest.n)
			r = fail(&p, "',' or an operator (=, !=, in, notin)");
	}
	if (r < 0) {
		selector_free(&selector);
		return -1;
	}
	*ret_selector = selector;
	return 0;
}

static bool term_match(const struct selector_term *term, const struct selector_label *labels,
		       size_t n)
{
	const struct selector_label *label = NULL;
	bool in = false;

	for (size_t i = 0; i < n && !label; i++)
		if (str_eq(labels[i].key, term->key))
			label = &labels[i];
	for (size_t i = 0; label && i < term->n_values && !in; i++)
		in = str_eq(label->value, term->values[i]);
	switch (term->operator) {
	case SELECTOR_EXISTS:
		return label != NULL;
	case SELECTOR_ABSENT:
		return label == NULL;
	case SELECTOR_IN:
		return in;
	case SELECTOR_NOT_IN:
		return !in;
	}
	return false;
}

bool selector_match(const struct selector *s, const struct selector_label *labels, size_t n)
{
	for (size_t i = 0; i < s->n_terms; i++)
		if (!term_match(&s->terms[i], labels, n))
			return false;
	return true;
}

void selector_free(struct selector *s)
{
	arena_free(&s->arena);
	*s = (struct selector){ 0 };
}
