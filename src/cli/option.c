/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option.h"

#include "base/clock.h"
#include "base/suggest.h"
#include "cli/when.h"

enum { SHOWN_MAX = 100 }; /* bytes of a bad value that a message shows */

#define SHOWN(s) (int)MIN((s).n, (size_t)SHOWN_MAX), (s).p, (s).n > SHOWN_MAX ? "..." : ""

static const char *const kind_names[] = {
	[OPTION_FLAG] = "flag",		[OPTION_STRING] = "string", [OPTION_SIZE] = "size",
	[OPTION_DURATION] = "duration", [OPTION_TIME] = "time",	    [OPTION_CHOICE] = "choice",
	[OPTION_COUNT] = "count",	[OPTION_LIST] = "list",
};

const char *option_kind_name(enum option_kind kind)
{
	return kind_names[kind];
}

const char *option_choice(const struct option_row *row, size_t i, unsigned *ret_commands)
{
	*ret_commands = ~0u;
	if (row->choice_at)
		return row->choice_at(i, ret_commands);
	return row->choices ? row->choices[i] : NULL;
}

bool option_has_choice(const struct option_row *row, size_t choice, unsigned commands)
{
	unsigned takers;

	return option_choice(row, choice, &takers) && (takers & commands);
}

void option_choices_add(struct buf *out, const struct option_row *row, unsigned commands)
{
	size_t n = 0, shown = 0;
	const char *choice;
	unsigned takers;

	for (size_t i = 0; option_choice(row, i, &takers); i++)
		n += (takers & commands) != 0;
	for (size_t i = 0; (choice = option_choice(row, i, &takers)); i++) {
		if (!(takers & commands))
			continue;
		if (shown++)
			buf_add_str(out, shown < n ? STR(", ") : STR(" or "));
		buf_add_str(out, str_from(choice));
	}
}

struct option_wording option_wording_of(const struct option_row *row, unsigned command)
{
	for (const struct option_wording *w = row->wordings; w && w->commands; w++)
		if (w->commands & command)
			return *w;
	return (struct option_wording){ row->commands, row->shown_default, row->help };
}

/* The command that is known so far, for a message: "slo " and its mask; otherwise "" and all. */
static unsigned command_so_far(const struct option_parser *p, struct buf *ret_name)
{
	const char *name = "";
	unsigned command = 0;

	if (p->command_of && p->operands.n)
		command = p->command_of(p->operands.items[0], &name);
	buf_printf(ret_name, "%s%s", name, command ? " " : "");
	return command ? command : ~0u;
}

void option_list_add(struct option_list *list, struct arena *arena, const char *item)
{
	arena_reserve(arena, list->items, list->n, list->cap);
	list->items[list->n++] = item;
}

bool option_words_next(struct option_words *w, struct str *ret_word)
{
	if (!w->more && w->item == w->list->n)
		return false;
	if (!w->more)
		w->rest = str_from(w->list->items[w->item++]);
	*ret_word = w->rest;
	w->more = str_cut(w->rest, ',', ret_word, &w->rest);
	return true;
}

bool option_size_parse(struct str text, uint64_t *ret_bytes)
{
	static const struct {
		struct str suffix;
		unsigned shift;
	} units[] = {
		{ { "KiB", 3 }, 10 }, { { "MiB", 3 }, 20 }, { { "GiB", 3 }, 30 },
		{ { "Ki", 2 }, 10 },  { { "Mi", 2 }, 20 },  { { "Gi", 2 }, 30 },
		{ { "K", 1 }, 10 },   { { "M", 1 }, 20 },   { { "G", 1 }, 30 },
	};
	unsigned shift = 0;
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(units) && !shift; i++) {
		if (str_ends(text, units[i].suffix)) {
			text.n -= units[i].suffix.n;
			shift = units[i].shift;
		}
	}
	if (!str_u64(text, &value) || value > UINT64_MAX >> shift)
		return false;
	*ret_bytes = value << shift;
	return true;
}

static void size_format(struct buf *out, uint64_t bytes)
{
	static const char suffixes[] = { 'K', 'M', 'G' };
	int unit = -1;

	while (unit < 2 && bytes && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	buf_printf(out, "%llu", (unsigned long long)bytes);
	if (unit >= 0)
		buf_add_char(out, suffixes[unit]);
}

static void duration_show(struct buf *out, uint64_t duration)
{
	char text[DURATION_TEXT];

	buf_add(out, text, duration_format((nsec)duration, text));
}

/* The form of the option's value, as the end of a message: "expected ...". */
static void expected(struct buf *out, const struct option_row *row, unsigned commands)
{
	void (*show)(struct buf *, uint64_t) = NULL;

	switch (row->kind) {
	case OPTION_SIZE:
		buf_add_str(out, STR("a size such as 64M or 1GiB, "));
		show = size_format;
		break;
	case OPTION_DURATION:
		buf_add_str(out, STR("a duration such as 90s or 1h30m, "));
		show = duration_show;
		break;
	case OPTION_COUNT:
		buf_printf(out, "a whole number from %llu to %llu", (unsigned long long)row->min,
			   (unsigned long long)row->max);
		break;
	case OPTION_CHOICE:
		option_choices_add(out, row, row->commands & commands ? commands : row->commands);
		break;
	case OPTION_TIME:
		buf_add_str(out, STR(WHEN_EXPECTED));
		break;
	default:
		break;
	}
	if (show) {
		buf_add_str(out, STR("from "));
		show(out, row->min);
		buf_add_str(out, STR(" to "));
		show(out, row->max);
	}
}

static int value_error(const struct option_parser *p, const struct option_row *row,
		       struct str value, struct err *err)
{
	struct suggest suggest = suggest_for(value);
	struct buf text = { 0 }, name = { 0 };
	unsigned commands = command_so_far(p, &name), takers;
	const char *choice;

	expected(&text, row, commands);
	for (size_t i = 0; (choice = option_choice(row, i, &takers)); i++)
		if (takers & commands)
			suggest_offer(&suggest, choice);
	if (suggest.best)
		buf_printf(&text, "; did you mean '%s'?", suggest.best);
	err_set(err, ERR_USAGE, "option --%s does not take '%.*s%s'; expected " STR_FMT, row->name,
		SHOWN(value), STR_ARG(buf_str(&text)));
	buf_free(&text);
	buf_free(&name);
	return -1;
}

static bool choice_parse(const struct option_row *row, struct str text, unsigned *ret_choice)
{
	const char *choice;
	unsigned takers;

	for (unsigned i = 0; (choice = option_choice(row, i, &takers)); i++) {
		if (str_eq(text, str_from(choice))) {
			*ret_choice = i;
			return true;
		}
	}
	return false;
}

static bool in_range(const struct option_row *row, uint64_t value)
{
	return value >= row->min && value <= row->max;
}

/* The row's kind is the type of the value: the only place that trusts the table's offsets. */
static int value_set(struct option_parser *p, const struct option_row *row, const char *text,
		     struct err *err)
{
	void *place = (char *)p->values + row->offset;
	struct str value = str_from(text);
	uint64_t number;
	nsec duration;
	bool ok = true;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)place = true;
		break;
	case OPTION_STRING:
		*(const char **)place = text;
		break;
	case OPTION_LIST:
		option_list_add(place, p->arena, text);
		break;
	case OPTION_TIME:
		ok = when_parse(value, place);
		break;
	case OPTION_CHOICE:
		ok = choice_parse(row, value, place);
		break;
	case OPTION_DURATION:
		ok = duration_parse(value, &duration) && in_range(row, (uint64_t)duration);
		if (ok)
			*(nsec *)place = duration;
		break;
	case OPTION_SIZE:
	case OPTION_COUNT:
		ok = row->kind == OPTION_SIZE ? option_size_parse(value, &number)
					      : str_u64(value, &number);
		ok = ok && in_range(row, number);
		if (ok)
			*(uint64_t *)place = number;
		break;
	}
	if (!ok)
		return value_error(p, row, value, err);
	p->seen |= UINT64_C(1) << (row - p->rows);
	return 0;
}

static const struct option_row *find_long(const struct option_parser *p, struct str name)
{
	for (size_t i = 0; i < p->n_rows; i++)
		if (str_eq(name, str_from(p->rows[i].name)))
			return &p->rows[i];
	return NULL;
}

static const struct option_row *find_short(const struct option_parser *p, char c)
{
	for (size_t i = 0; i < p->n_rows; i++)
		if (c && p->rows[i].short_name == c)
			return &p->rows[i];
	return NULL;
}

static int unknown_long(const struct option_parser *p, struct str name, struct err *err)
{
	struct suggest suggest = suggest_for(name);
	struct buf command = { 0 };
	unsigned commands = command_so_far(p, &command);

	for (size_t i = 0; i < p->n_rows; i++)
		if (!p->rows[i].hidden && (commands == ~0u || (p->rows[i].commands & commands)))
			suggest_offer(&suggest, p->rows[i].name);
	if (suggest.best)
		err_set(err, ERR_USAGE, "there is no option '--%.*s%s'; did you mean '--%s'?",
			SHOWN(name), suggest.best);
	else
		err_set(err, ERR_USAGE,
			"there is no option '--%.*s%s'; 'lunettes " STR_FMT "--help' lists them",
			SHOWN(name), STR_ARG(buf_str(&command)));
	buf_free(&command);
	return -1;
}

static int unknown_short(const struct option_parser *p, const char *arg, const char *at,
			 struct err *err)
{
	bool alone = at == arg + 1 && !at[1];
	struct buf command = { 0 }, shown = { 0 };

	command_so_far(p, &command);
	if (alone || *at <= ' ' || *at > '~')
		buf_printf(&shown, "'%.40s'", arg);
	else
		buf_printf(&shown, "'-%c', as in '%.40s'", *at, arg);
	err_set(err, ERR_USAGE,
		"there is no option " STR_FMT "; 'lunettes " STR_FMT "--help' lists them",
		STR_ARG(buf_str(&shown)), STR_ARG(buf_str(&command)));
	buf_free(&command);
	buf_free(&shown);
	return -1;
}

static int value_missing(const struct option_row *row, struct err *err)
{
	return err_set(err, ERR_USAGE, "option --%s needs a value: --%s %s", row->name, row->name,
		       row->argument);
}

/* One argument that begins with two dashes; *i advances when the next argument is its value. */
static int parse_long(struct option_parser *p, const char *const *args, size_t n_args, size_t *i,
		      struct err *err)
{
	struct str whole = str_after(str_from(args[*i]), 2), name = whole, tail;
	const struct option_row *row;
	const char *value = NULL;

	if (str_cut(whole, '=', &name, &tail))
		value = tail.p;
	row = find_long(p, name);
	if (!row)
		return unknown_long(p, name, err);
	if (row->kind == OPTION_FLAG) {
		if (value)
			return err_set(err, ERR_USAGE,
				       "option --%s takes no value, but '%.*s%s' was given",
				       row->name, SHOWN(tail));
		return value_set(p, row, NULL, err);
	}
	if (!value && *i + 1 < n_args)
		value = args[++*i];
	return value ? value_set(p, row, value, err) : value_missing(row, err);
}

/* -namespace would be -n "amespace": never intended, and it silently selects nothing. */
static int single_dash(const struct option_parser *p, struct str word, struct err *err)
{
	struct str name = word, tail;

	str_cut(word, '=', &name, &tail);
	if (name.n < 3 || !find_long(p, name))
		return 0;
	return err_set(err, ERR_USAGE,
		       "there is no option '-" STR_FMT "'; did you mean '--" STR_FMT "'?",
		       STR_ARG(name), STR_ARG(name));
}

/* An argument that begins with one dash: bundled flags, perhaps followed by one with a value. */
static int parse_short(struct option_parser *p, const char *const *args, size_t n_args, size_t *i,
		       struct err *err)
{
	const char *arg = args[*i];

	if (single_dash(p, str_from(arg + 1), err) < 0)
		return -1;
	for (const char *c = arg + 1; *c; c++) {
		const struct option_row *row = find_short(p, *c);
		const char *value = c + 1;

		if (!row)
			return unknown_short(p, arg, c, err);
		if (row->kind == OPTION_FLAG) {
			value_set(p, row, NULL, err);
			continue;
		}
		if (!*value)
			value = *i + 1 < n_args ? args[++*i] : NULL;
		return value ? value_set(p, row, value, err) : value_missing(row, err);
	}
	return 0;
}

int option_parse(struct option_parser *p, const char *const *args, size_t n_args, struct err *err)
{
	bool options = true;
	int r = 0;

	assert(p->n_rows <= OPTION_ROWS_MAX);
	for (size_t i = 0; i < n_args && r == 0; i++) {
		const char *arg = args[i];

		if (!options || arg[0] != '-' || !arg[1])
			option_list_add(&p->operands, p->arena, arg);
		else if (strcmp(arg, "--") == 0)
			options = false;
		else if (arg[1] == '-')
			r = parse_long(p, args, n_args, &i, err);
		else
			r = parse_short(p, args, n_args, &i, err);
	}
	return r;
}
