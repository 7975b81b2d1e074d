/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multikey quicksort with cached words. The keys share long prefixes (cluster, namespace, pod), so
 * comparing them from the start each time would read the same bytes log2(n) times. Instead, a group
 * of items that are equal up to some depth first finds how many more bytes they all share, loads
 * the next bytes of each into its word, and is split in three by comparing words alone: less,
 * equal, greater. Only the equal part is compared further, so each byte of a key is read about
 * once.
 *
 * A word is seven bytes and, in the lowest byte, how many bytes were left (8: more than seven).
 * That orders a key before its own continuation, also before a continuation of NUL bytes, and makes
 * the members of an equal part alike: either all of them end here or all continue. When all keys
 * end, the values are compared.
 *
 * A group whose words already rise is finished, which is usual for one pod's records, because they
 * arrive in order of time. After too many bad pivots heapsort takes over, so no input is quadratic.
 * The loop continues with the largest of the three parts and recursion handles the others. They
 * have at most half of the items each, so the recursion is at most log2(n) deep.
 */
#include "sort/items.h"

enum {
	WORD_BYTES = 7,
	INSERTION_MAX =
	    20, /* below that, insertion beats partitioning; measured, flat from 12 to 32 */
	NINTHER_MIN = 128,
	AHEAD = 8, /* records to prefetch: they cover a few hundred cycles of latency */
};

struct at {
	size_t depth; /* bytes of the part that the whole group shares */
	bool value;   /* the part: the key, or after equal keys the value */
};

struct parts {
	size_t less, equal, greater;
};

static struct str tail_of(const struct item *item, struct at at)
{
	struct str part = at.value ? item_value(item->record) : item_key(item->record);

	return str_after(part, at.depth);
}

static int compare(const struct item *a, const struct item *b, struct at at)
{
	int c = str_cmp(tail_of(a, at), tail_of(b, at));

	if (c || at.value)
		return c;
	return str_cmp(item_value(a->record), item_value(b->record));
}

static uint64_t word_of(struct str s)
{
	unsigned char be[8] = { 0 };
	uint64_t word;

	if (s.n >= sizeof(be))
		memcpy(be, s.p, sizeof(be));
	else if (s.n)
		memcpy(be, s.p, s.n);
	memcpy(&word, be, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return (word & ~(uint64_t)0xff) | MIN(s.n, (size_t)WORD_BYTES + 1);
}

static size_t common(const char *a, const char *b, size_t max)
{
	size_t n = 0;

	for (uint64_t x, y; n + sizeof(x) <= max; n += sizeof(x)) {
		memcpy(&x, a + n, sizeof(x));
		memcpy(&y, b + n, sizeof(y));
		if (x != y)
			break;
	}
	while (n < max && a[n] == b[n])
		n++;
	return n;
}

static void prefetch(const struct item *items, size_t i, size_t n, size_t depth)
{
	if (i + AHEAD < n)
		__builtin_prefetch(items[i + AHEAD].record + ITEM_HEAD + depth);
}

/* Moves *at past the bytes that all items share. False: all items are equal. */
static bool group_deepen(const struct item *items, size_t n, struct at *at)
{
	for (;;) {
		struct str first = tail_of(&items[0], *at);
		size_t equal = first.n;
		bool same_size = true;

		for (size_t i = 1; i < n; i++) {
			struct str tail;

			prefetch(items, i, n, at->depth);
			tail = tail_of(&items[i], *at);
			same_size &= tail.n == first.n;
			equal = common(first.p, tail.p, MIN(equal, tail.n));
		}
		at->depth += equal;
		if (!same_size || equal < first.n)
			return true;
		if (at->value)
			return false;
		*at = (struct at){ .value = true };
	}
}

/* Fills the words. False: they rise strictly, so the group is already in order. */
static bool group_load(struct item *items, size_t n, struct at at)
{
	uint64_t last = 0; /* in a group that differs no word is 0 twice in a row */
	bool rising = true;

	for (size_t i = 0; i < n; i++) {
		uint64_t word;

		prefetch(items, i, n, at.depth);
		word = word_of(tail_of(&items[i], at));
		rising &= i == 0 || word > last;
		items[i].word = last = word;
	}
	return !rising;
}

static void insertion_sort(struct item *items, size_t n, struct at at)
{
	for (size_t i = 1; i < n; i++) {
		struct item item = items[i];
		size_t j = i;

		for (; j > 0; j--) {
			const struct item *left = &items[j - 1];

			if (left->word < item.word)
				break;
			if (left->word == item.word && compare(left, &item, at) <= 0)
				break;
			items[j] = *left;
		}
		items[j] = item;
	}
}

static void swap(struct item *a, struct item *b)
{
	struct item c = *a;

	*a = *b;
	*b = c;
}

static void sift_down(struct item *items, size_t i, size_t n, struct at at)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= n)
			return;
		if (child + 1 < n && compare(&items[child], &items[child + 1], at) < 0)
			child++;
		if (compare(&items[i], &items[child], at) >= 0)
			return;
		swap(&items[i], &items[child]);
		i = child;
	}
}

static void heap_sort(struct item *items, size_t n, struct at at)
{
	for (size_t i = n / 2; i-- > 0;)
		sift_down(items, i, n, at);
	for (size_t end = n; end-- > 1;) {
		swap(&items[0], &items[end]);
		sift_down(items, 0, end, at);
	}
}

static uint64_t median(uint64_t a, uint64_t b, uint64_t c)
{
	return a < b ? (b < c ? b : MAX(a, c)) : (a < c ? a : MAX(b, c));
}

static uint64_t median_at(const struct item *items, size_t i, size_t step)
{
	return median(items[i].word, items[i + step].word, items[i + 2 * step].word);
}

static uint64_t pivot_of(const struct item *items, size_t n)
{
	size_t step = n / 9;

	if (n < NINTHER_MIN)
		return median(items[0].word, items[n / 2].word, items[n - 1].word);
	return median(median_at(items, 0, step), median_at(items, 3 * step, step),
		      median_at(items, 6 * step, step));
}

static struct parts partition(struct item *items, size_t n)
{
	uint64_t pivot = pivot_of(items, n);
	size_t less = 0, i = 0, end = n;

	while (i < end) {
		uint64_t word = items[i].word;

		if (word < pivot)
			swap(&items[less++], &items[i++]);
		else if (word > pivot)
			swap(&items[i], &items[--end]);
		else
			i++;
	}
	return (struct parts){ less, end - less, n - end };
}

/* Items that are equal up to `at`. loaded: their words hold the bytes after it. */
struct alike {
	struct item *items;
	size_t n;
	struct at at;
	bool loaded;
	unsigned limit; /* bad pivots that are left */
};

static void group_sort(struct alike g);

/* Sorts all parts but the largest, which becomes the group that is left. */
static void parts_sort(struct alike *g, struct parts parts)
{
	struct alike less = *g, equal = *g, greater = *g;

	less.n = parts.less;
	equal.items += parts.less;
	equal.n = parts.equal;
	equal.loaded = false;
	greater.items = equal.items + parts.equal;
	greater.n = parts.greater;
	*g = parts.equal >= MAX(less.n, greater.n) ? equal : less.n >= greater.n ? less : greater;
	if (g->items != less.items)
		group_sort(less);
	if (g->items != equal.items)
		group_sort(equal);
	if (g->items != greater.items)
		group_sort(greater);
}

static void group_sort(struct alike g)
{
	while (g.n > 1) {
		struct parts parts;

		if (!g.loaded) {
			if (!group_deepen(g.items, g.n, &g.at) || !group_load(g.items, g.n, g.at))
				return;
			g.loaded = true;
		}
		if (g.n <= INSERTION_MAX) {
			insertion_sort(g.items, g.n, g.at);
			return;
		}
		parts = partition(g.items, g.n);
		if (MAX(parts.less, parts.greater) > g.n - g.n / 8 && g.limit-- == 0) {
			heap_sort(g.items, g.n, g.at);
			return;
		}
		parts_sort(&g, parts);
	}
}

void items_sort_limited(struct item *items, size_t n, unsigned bad_pivots)
{
	group_sort((struct alike){ .items = items, .n = n, .limit = bad_pivots });
}

void items_sort(struct item *items, size_t n)
{
	unsigned limit = 8;

	for (size_t m = n; m > 1; m /= 2)
		limit++;
	items_sort_limited(items, n, limit);
}
