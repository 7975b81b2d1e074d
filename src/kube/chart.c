/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/chart.h"

#include "base/mem.h"

enum { WORD_BITS = 64, PAGES_FIRST = 2 };

#define PAGE_EMPTY INT64_MIN

/* Right shifts of negative numbers round down here, which slots require. */
int64_t chart_slot(nsec at, unsigned shift)
{
	return (at / SECOND) >> shift;
}

static size_t page_place(const struct chart *c, int64_t index)
{
	size_t at = (size_t)((uint64_t)index * 0x9e3779b97f4a7c15u >> 20) & (c->cap - 1);

	while (c->pages[at].index != PAGE_EMPTY && c->pages[at].index != index)
		at = (at + 1) & (c->cap - 1);
	return at;
}

static void chart_grow(struct chart *c)
{
	struct chart_page *old = c->pages;
	size_t n = c->cap;

	c->cap = n ? n * 2 : PAGES_FIRST;
	c->pages = mem_realloc(NULL, c->cap, sizeof(*c->pages));
	for (size_t i = 0; i < c->cap; i++)
		c->pages[i] = (struct chart_page){ .index = PAGE_EMPTY };
	for (size_t i = 0; i < n; i++)
		if (old[i].index != PAGE_EMPTY)
			c->pages[page_place(c, old[i].index)] = old[i];
	mem_free(old);
}

static struct chart_page *page_of(struct chart *c, int64_t index)
{
	struct chart_page *page;

	if (c->n_pages * 4 >= c->cap * 3)
		chart_grow(c);
	page = &c->pages[page_place(c, index)];
	if (page->index == PAGE_EMPTY) {
		page->index = index;
		c->n_pages++;
	}
	return page;
}

static void slot_set(struct chart *c, int64_t slot)
{
	unsigned bit = (unsigned)(slot & (CHART_PAGE_SLOTS - 1));

	page_of(c, slot >> 9)->bits[bit / WORD_BITS] |= (uint64_t)1 << bit % WORD_BITS;
}

_Static_assert(CHART_PAGE_SLOTS == 1 << 9, "slot_set divides by it");

void chart_add(struct chart *c, int64_t slot)
{
	c->records++;
	slot_set(c, slot);
}

/* The next set slot of a page, from `from` on. CHART_PAGE_SLOTS if there is none. */
static unsigned next_bit(const struct chart_page *page, unsigned from)
{
	for (unsigned word = from / WORD_BITS; word < ARRAY_SIZE(page->bits); word++) {
		uint64_t bits = page->bits[word];

		if (word == from / WORD_BITS)
			bits &= UINT64_MAX << from % WORD_BITS;
		if (bits)
			return word * WORD_BITS + (unsigned)__builtin_ctzll(bits);
	}
	return CHART_PAGE_SLOTS;
}

void chart_join(struct chart *to, const struct chart *from, unsigned shift)
{
	for (size_t i = 0; i < from->cap; i++) {
		const struct chart_page *page = &from->pages[i];

		if (page->index == PAGE_EMPTY)
			continue;
		for (unsigned b = next_bit(page, 0); b < CHART_PAGE_SLOTS;
		     b = next_bit(page, b + 1))
			slot_set(to, (page->index * CHART_PAGE_SLOTS + (int64_t)b) >> shift);
	}
	to->records += from->records;
}

void chart_free(struct chart *c)
{
	mem_free(c->pages);
	*c = (struct chart){ 0 };
}

/* Silences */

struct silence {
	int64_t from, to; /* slots: the last one before it, the first one after it */
};

/* All silences of one writer in the window. Writes in adjacent slots have no silence between
 * them. */
struct silences {
	struct silence *list;
	size_t n, cap;
	int64_t together; /* number of pairs of adjacent slots */
};

static int by_index(const void *a, const void *b)
{
	const struct chart_page *const *x = a, *const *y = b;

	return ((*x)->index > (*y)->index) - ((*x)->index < (*y)->index);
}

/* The pages sorted by time; the caller frees the list. */
static const struct chart_page **pages_in_order(const struct chart *c)
{
	const struct chart_page **order = mem_alloc((c->n_pages + 1) * sizeof(*order));
	size_t n = 0;

	for (size_t i = 0; i < c->cap; i++)
		if (c->pages[i].index != PAGE_EMPTY)
			order[n++] = &c->pages[i];
	if (n)
		qsort(order, n, sizeof(*order), by_index);
	return order;
}

static void silence_add(struct silences *s, int64_t from, int64_t to)
{
	if (to - from <= 1) {
		s->together += to - from == 1;
		return;
	}
	array_reserve(s->list, s->cap, s->n + 1);
	s->list[s->n++] = (struct silence){ from, to };
}

static void find_silences(const struct chart *c, int64_t first, int64_t last, struct silences *s)
{
	const struct chart_page **order = pages_in_order(c);
	int64_t before = first;

	for (size_t i = 0; i < c->n_pages; i++)
		for (unsigned b = next_bit(order[i], 0); b < CHART_PAGE_SLOTS;
		     b = next_bit(order[i], b + 1)) {
			int64_t slot = order[i]->index * CHART_PAGE_SLOTS + (int64_t)b;

			silence_add(s, before, slot);
			before = slot;
		}
	silence_add(s, before, last);
	mem_free(order);
}

bool chart_ends(const struct chart *c, unsigned shift, nsec *ret_first, nsec *ret_last)
{
	const struct chart_page **order = pages_in_order(c);
	bool any = c->n_pages > 0;

	if (any) {
		const struct chart_page *last = order[c->n_pages - 1];
		unsigned end = 0;

		for (unsigned b = next_bit(last, 0); b < CHART_PAGE_SLOTS;
		     b = next_bit(last, b + 1))
			end = b;
		*ret_first = (order[0]->index * CHART_PAGE_SLOTS + (int64_t)next_bit(order[0], 0)) *
			     (SECOND << shift);
		*ret_last = (last->index * CHART_PAGE_SLOTS + (int64_t)end) * (SECOND << shift);
	}
	mem_free(order);
	return any;
}

static int by_length(const void *a, const void *b)
{
	const struct silence *x = a, *y = b;
	int64_t m = x->to - x->from, n = y->to - y->from;

	if (m != n)
		return m < n ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* Rounded up to whole slots. */
static int64_t slots_in(nsec time, unsigned shift)
{
	return time == INT64_MAX ? INT64_MAX : (time / SECOND + ((int64_t)1 << shift) - 1) >> shift;
}

/* How many of the silences, sorted by length, are usual; chart.h describes the rule. */
static size_t usual(const struct silences *s, const struct chart_window *w)
{
	int64_t window = chart_slot(w->last, w->shift) - chart_slot(w->first, w->shift),
		floor = slots_in(w->floor, w->shift), ceiling = slots_in(w->ceiling, w->shift);
	int64_t sum = s->together, below = s->together, most = 1;
	size_t k = 0;

	for (size_t i = 0; i < s->n; i++) {
		int64_t length = s->list[i].to - s->list[i].from;
		bool busy,
		    known = s->together + (int64_t)i >= CHART_RARE && sum >= window / CHART_SHARE;

		/* nine tenths of the time so far is in silences of at most `most` */
		while (below < sum - sum / 10) {
			most = s->list[k].to - s->list[k].from;
			below += most;
			k++;
		}
		busy = most <= slots_in(CHART_BUSY * SECOND, w->shift) && sum >= window / 2;
		if (length >= ceiling ||
		    (known && length >= floor &&
		     (length - 1) / (busy ? w->busy_factor : w->factor) >= most))
			return i;
		sum += length;
	}
	return s->n;
}

/* The next set slot, from `from` on. INT64_MAX if there is none. */
static int64_t next_slot(const struct chart_page **order, size_t n, int64_t from)
{
	size_t i;

	LOWER_BOUND(i, n, order[i]->index < from >> 9);
	for (; i < n; i++) {
		bool same = order[i]->index == from >> 9;
		unsigned bit =
		    next_bit(order[i], same ? (unsigned)(from & (CHART_PAGE_SLOTS - 1)) : 0);

		if (bit < CHART_PAGE_SLOTS)
			return order[i]->index * CHART_PAGE_SLOTS + (int64_t)bit;
	}
	return INT64_MAX;
}

/* When the writer was given work, sorted. */
struct requests {
	const struct chart_page **order;
	size_t n;
};

/* The writer was given work long before the silence ended. Work given in the slot of its last write
 * is ignored, because that write may have been the reaction. One slot more for the rounding. */
static bool is_unanswered(const struct requests *asked, const struct chart_window *w,
			  const struct silence *s)
{
	int64_t at = next_slot(asked->order, asked->n, s->from + 1);

	return at != INT64_MAX && s->to - at > slots_in(w->patience, w->shift) + 1;
}

/* A silence at either end of the log is unbounded on that side. */
static void add_hole(struct holes *ret, const struct silence *s, nsec width, const nsec ends[2])
{
	struct gap gap = { s->from * width, s->to * width };

	if (s->to * width <= ends[0])
		gap.from = INT64_MIN;
	if (s->from * width >= ends[1])
		gap.to = INT64_MAX;
	holes_add(ret, gap);
}

void chart_holes(const struct chart *c, const struct chart_window *w, struct holes *ret)
{
	int64_t first = chart_slot(w->first, w->shift), last = chart_slot(w->last, w->shift);
	struct requests asked = { .n = 0 };
	struct silences s = { 0 };
	nsec ends[2];
	size_t n;

	if (!chart_ends(c, w->shift, &ends[0], &ends[1]))
		return;
	if (w->asked)
		asked = (struct requests){ pages_in_order(w->asked), w->asked->n_pages };
	find_silences(c, first, last, &s);
	if (s.n)
		qsort(s.list, s.n, sizeof(*s.list), by_length);
	n = usual(&s, w);
	for (size_t i = 0; i < s.n; i++)
		if (i >= n || is_unanswered(&asked, w, &s.list[i]))
			add_hole(ret, &s.list[i], SECOND << w->shift, ends);
	mem_free(s.list);
	mem_free(asked.order);
	holes_unite(ret);
}

/* Holes */

void holes_add(struct holes *h, struct gap gap)
{
	array_reserve(h->list, h->cap, h->n + 1);
	h->list[h->n++] = gap;
}

static int by_from(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

void holes_unite(struct holes *h)
{
	size_t n = 0;

	if (h->n)
		qsort(h->list, h->n, sizeof(*h->list), by_from);
	for (size_t i = 0; i < h->n; i++) {
		if (n && h->list[i].from <= h->list[n - 1].to)
			h->list[n - 1].to = MAX(h->list[n - 1].to, h->list[i].to);
		else
			h->list[n++] = h->list[i];
	}
	h->n = n;
}

void holes_free(struct holes *h)
{
	mem_free(h->list);
	*h = (struct holes){ 0 };
}

const struct gap *holes_next(const struct holes *h, nsec from)
{
	size_t n = h ? h->n : 0, i;

	LOWER_BOUND(i, n, h->list[i].to <= from);
	return i < n ? &h->list[i] : NULL;
}

bool holes_touch(const struct holes *h, nsec from, nsec to)
{
	const struct gap *gap = holes_next(h, from);

	return gap && gap->from < to;
}
