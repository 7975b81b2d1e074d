/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "cli/notes.h"

#include "base/mem.h"
#include "page/text.h"

/* One row per kind: the text of a single note, and of its count. */
struct note_row {
	const char *what;    /* after "file:line: " */
	const char *summary; /* after the count */
	const char *damage;  /* of the source as a whole; NULL: none */
	bool skipped;	     /* input was skipped, which matters to --strict */
	bool quiet;	     /* shown only with -v; the basis counts it */
	bool replaced;	     /* a note's own text replaces `what` */
};

static const struct note_row input_rows[] = {
	[INPUT_CANNOT_OPEN] = { "cannot be opened", "files could not be opened", "cannot be opened",
				true },
	[INPUT_READ_ERROR] = { "cannot be read on", "files could not be read to their end",
			       "read error", true },
	[INPUT_TRUNCATED] = { "the compressed data ends too early; what came before it was used",
			      "compressed files end too early", "truncated", true },
	[INPUT_CORRUPT] = { "the compressed data is damaged; what came before it was used",
			    "compressed files are damaged", "corrupt", true },
	[INPUT_OVERSIZE] = { "longer than a record may be (--max-record) and dropped",
			     "records were longer than --max-record", NULL, true },
	[INPUT_BOMB] = { "expands beyond --max-ratio; the rest was dropped",
			 "files expand beyond --max-ratio", "expands too much", true },
	[INPUT_UNSUPPORTED] = { "a format that is not read",
				"files are of a format that is not read", "unsupported format",
				true },
	[INPUT_TOO_DEEP] = { "nested too deep (of archives --max-depth is the limit)",
			     "directories or archives are nested too deep", NULL, true },
	[INPUT_ENTRIES] = { "more files than --max-entries; the rest was left out",
			    "archives hold more files than --max-entries", "too many files", true },
	[INPUT_MALFORMED] = { "YAML that cannot be read", "YAML documents cannot be read", NULL,
			      true },
	[INPUT_PARTIAL] = { "a record that came in pieces is not whole",
			    "records that came in pieces are not whole", NULL, true },
	[INPUT_FOREIGN] = { "not a file for lunettes", "files are of another kind", NULL, false },
	[INPUT_PASSED_OVER] = { "passed over: nothing of Kubernetes at its beginning",
				"files were passed over", NULL, false, .quiet = true },
};

static const struct note_row decode_rows[] = {
	[DECODE_MALFORMED] = { "not JSON", "lines are not JSON", NULL, true },
	[DECODE_TORN] = { "the last line is not whole; perhaps it is still being written",
			  "last lines are not whole", NULL, true },
	[DECODE_RECOVERED] = { "another record begins behind a torn one; it was used",
			       "records were found behind torn ones", NULL, false },
	[DECODE_FOREIGN] = { "JSON, but not an audit event", "JSON texts are not audit events",
			     NULL, true, .replaced = true },
	[DECODE_BYTES] = { "bytes that are not UTF-8; they are shown as U+FFFD",
			   "records hold bytes that are not UTF-8", NULL, true },
	[DECODE_JUMP] = { "the records go back in time here: a clock was set back, or another log "
			  "begins",
			  "files go back in time", NULL, true },
	[DECODE_MIXED] = { "the records of another cluster begin here; name each with --cluster",
			   "signs of more than one cluster", NULL, true },
	[DECODE_UNTIMED] = { "an audit event without a time; it was not used",
			     "audit events have no time", NULL, true },
};

enum { N_INPUT = ARRAY_SIZE(input_rows), KINDS = N_INPUT + ARRAY_SIZE(decode_rows) };

struct note {
	uint32_t source, member; /* rank; UINT32_MAX: it has none */
	uint64_t line;
	char *name; /* owned; NULL: the basis knows it */
	char text[200];
};

struct note_list {
	uint64_t count;
	struct note *shown; /* the first ones by (source, line, text) */
	size_t n, cap;
};

struct notes {
	pthread_mutex_t lock;
	struct note_list lists[KINDS];
	size_t shown_max;
	bool verbose, skipped;
	struct arena arena; /* of unread */
	struct basis_unread *unread;
	size_t n_unread, unread_cap;
};

static const struct note_row *row_of(size_t kind)
{
	return kind < N_INPUT ? &input_rows[kind] : &decode_rows[kind - N_INPUT];
}

struct notes *notes_new(bool verbose)
{
	struct notes *n = mem_zalloc(sizeof(*n));

	pthread_mutex_init(&n->lock, NULL);
	n->verbose = verbose;
	n->shown_max = verbose ? NOTES_SHOWN_VERBOSE : NOTES_SHOWN;
	return n;
}

void notes_free(struct notes *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < KINDS; i++) {
		for (size_t k = 0; k < n->lists[i].n; k++)
			mem_free(n->lists[i].shown[k].name);
		mem_free(n->lists[i].shown);
	}
	mem_free(n->unread);
	arena_free(&n->arena);
	pthread_mutex_destroy(&n->lock);
	mem_free(n);
}

static int note_order(const struct note *a, const struct note *b)
{
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->name && b->name && strcmp(a->name, b->name) != 0)
		return strcmp(a->name, b->name);
	return strcmp(a->text, b->text);
}

/* Owns the note's name from now on. */
static void add_note(struct notes *n, size_t kind, const struct note *note)
{
	struct note_list *list = &n->lists[kind];
	size_t at;

	pthread_mutex_lock(&n->lock);
	list->count++;
	n->skipped = n->skipped || row_of(kind)->skipped;
	for (at = list->n; at > 0 && note_order(note, &list->shown[at - 1]) < 0; at--)
		;
	if (at < n->shown_max) {
		array_reserve(list->shown, list->cap, list->n + 1);
		memmove(&list->shown[at + 1], &list->shown[at], (list->n - at) * sizeof(*note));
		list->shown[at] = *note;
		if (list->n == n->shown_max)
			mem_free(list->shown[list->n].name);
		else
			list->n++;
	} else {
		mem_free(note->name);
	}
	pthread_mutex_unlock(&n->lock);
}

static char *name_copy(struct str name)
{
	char *copy = mem_alloc(name.n + 1);

	memcpy(copy, name.p, name.n);
	copy[name.n] = 0;
	return copy;
}

/* Damaged and skipped files were read, and a dangling link hides nothing. */
static bool is_unread(const struct input_note *in)
{
	return in->kind == INPUT_READ_ERROR ||
	       (in->kind == INPUT_CANNOT_OPEN && (in->named || !in->dangling));
}

static void add_unread(struct notes *n, const struct input_note *in)
{
	pthread_mutex_lock(&n->lock);
	array_reserve(n->unread, n->unread_cap, n->n_unread + 1);
	n->unread[n->n_unread++] = (struct basis_unread){
		arena_str(&n->arena, in->name),
		arena_printf(&n->arena, "%s", in->detail ? in->detail : "").p,
	};
	pthread_mutex_unlock(&n->lock);
}

const char *notes_input(struct notes *n, uint32_t source, const struct input_note *in)
{
	struct note note = { .source = source, .member = in->member, .line = in->line };

	snprintf(note.text, sizeof(note.text), "%s", in->detail ? in->detail : "");
	/* the basis does not list skipped files */
	if (source == UINT32_MAX || in->member || in->kind == INPUT_PASSED_OVER)
		note.name = name_copy(in->name);
	add_note(n, in->kind, &note);
	if (is_unread(in))
		add_unread(n, in);
	return input_rows[in->kind].damage;
}

void notes_decode(struct notes *n, const struct decode_note *in)
{
	struct note note = { .source = in->position.source,
			     .member = in->position.member,
			     .line = in->position.line };

	if (in->what && in->kind >= DECODE_FOREIGN)
		snprintf(note.text, sizeof(note.text), "%s", in->what);
	else if (in->what)
		snprintf(note.text, sizeof(note.text), "%s at byte %zu of the record", in->what,
			 in->offset);
	add_note(n, N_INPUT + (size_t)in->kind, &note);
}

static void print_note(const struct note *note, const struct note_row *row,
		       const struct basis *basis, struct buf *out)
{
	struct position at = { .source = note->source, .member = note->member };
	struct str name = note->name ? str_from(note->name) : basis_file(basis, at);

	buf_printf(out, "lunettes: ");
	text_add_safe(out, name, false);
	if (note->line)
		buf_printf(out, ":%llu", (unsigned long long)note->line);
	buf_printf(out, ": ");
	if (!note->text[0] || !row->replaced)
		buf_printf(out, "%s%s", row->what, note->text[0] ? ": " : "");
	text_add_safe(out, str_from(note->text), false);
	buf_add_char(out, '\n');
}

void notes_print(const struct notes *n, const struct basis *basis, struct buf *out)
{
	for (size_t kind = 0; kind < KINDS; kind++) {
		const struct note_list *list = &n->lists[kind];

		if (row_of(kind)->quiet && !n->verbose)
			continue;
		for (size_t i = 0; i < list->n; i++)
			print_note(&list->shown[i], row_of(kind), basis, out);
		if (list->count > list->n)
			buf_printf(out, "lunettes: ... %llu %s in all (-v shows more)\n",
				   (unsigned long long)list->count, row_of(kind)->summary);
	}
}

uint64_t notes_count(const struct notes *n, enum input_note_kind kind)
{
	return n->lists[kind].count;
}

bool notes_skipped(const struct notes *n)
{
	return n->skipped;
}

static int by_name(const void *a, const void *b)
{
	const struct basis_unread *x = a, *y = b;
	int r = str_cmp(x->name, y->name);

	return r ? r : strcmp(x->reason, y->reason);
}

const struct basis_unread *notes_unread(struct notes *n, size_t *ret_n)
{
	if (n->n_unread)
		qsort(n->unread, n->n_unread, sizeof(*n->unread), by_name);
	*ret_n = n->n_unread;
	return n->unread;
}
