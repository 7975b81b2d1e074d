/* SPDX-License-Identifier: Apache-2.0 */
#include "page/basis.h"

/* d is a digit; the API server's lumberjack writes this timestamp before the extension. */
static const char stamp[] = "-dddd-dd-ddTdd-dd-dd.ddd";

static bool is_stamp(const char *p)
{
	for (size_t i = 0; i < sizeof(stamp) - 1; i++)
		if (stamp[i] == 'd' ? p[i] < '0' || p[i] > '9' : p[i] != stamp[i])
			return false;
	return true;
}

static struct str without_compression(struct str name)
{
	static const struct str suffixes[] = {
		{ ".gz", 3 }, { ".zst", 4 }, { ".xz", 3 }, { ".bz2", 4 }, { ".lz4", 4 }
	};

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (str_ends(name, suffixes[i]))
			name.n -= suffixes[i].n;
	return name;
}

struct str basis_log_set(struct str name, struct arena *arena)
{
	struct str bare = without_compression(name);

	for (size_t i = 0; i + sizeof(stamp) - 1 <= bare.n; i++)
		if (is_stamp(bare.p + i))
			return arena_printf(arena, STR_FMT STR_FMT, (int)i, bare.p,
					    STR_ARG(str_after(bare, i + sizeof(stamp) - 1)));
	return arena_str(arena, bare);
}

struct str basis_file(const struct basis *b, struct position position)
{
	const struct basis_source *s = b->sources;
	size_t i;

	LOWER_BOUND(i, b->n_sources,
		    s[i].source < position.source ||
			(s[i].source == position.source && s[i].member < position.member));
	if (i < b->n_sources && s[i].source == position.source && s[i].member == position.member)
		return s[i].name;
	return (struct str){ 0 };
}

size_t basis_n_log_sets(const struct basis *b)
{
	struct map sets = { 0 };
	size_t n;

	for (size_t i = 0; i < b->n_sources; i++)
		if (b->sources[i].records)
			map_put(&sets, b->sources[i].log_set, NULL);
	n = sets.n;
	map_free(&sets);
	return n;
}
