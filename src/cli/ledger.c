/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "cli/ledger.h"

#include "base/mem.h"

struct ledger_page {
	struct basis_source *list; /* the source itself, then its files in order of their numbers */
	size_t n, cap;
};

struct ledger {
	const struct sources *sources;
	struct ledger_page *pages; /* by rank */
	struct basis_source *all;
	struct arena arena;
	pthread_mutex_t lock;
};

struct ledger *ledger_new(const struct sources *sources)
{
	struct ledger *l = mem_zalloc(sizeof(*l));

	l->sources = sources;
	l->pages = mem_zalloc((sources->n + 1) * sizeof(*l->pages));
	pthread_mutex_init(&l->lock, NULL);
	for (size_t i = 0; i < sources->n; i++) {
		struct ledger_page *page = &l->pages[i];

		array_reserve(page->list, page->cap, 1);
		page->list[page->n++] =
		    (struct basis_source){ .name = sources->list[i].name, .source = (uint32_t)i };
	}
	return l;
}

void ledger_free(struct ledger *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->sources->n; i++)
		mem_free(l->pages[i].list);
	mem_free(l->pages);
	mem_free(l->all);
	arena_free(&l->arena);
	pthread_mutex_destroy(&l->lock);
	mem_free(l);
}

/* Files begin in order, and most notes are about the last one, but some come late. */
static struct basis_source *row_of(struct ledger *l, uint32_t source, uint32_t member)
{
	struct ledger_page *page = &l->pages[source];
	size_t at = page->n;

	while (at > 0 && page->list[at - 1].member > member)
		at--;
	if (at > 0 && page->list[at - 1].member == member)
		return &page->list[at - 1];
	array_reserve(page->list, page->cap, page->n + 1);
	memmove(&page->list[at + 1], &page->list[at], (page->n - at) * sizeof(*page->list));
	page->n++;
	page->list[at] = (struct basis_source){ .source = source, .member = member };
	return &page->list[at];
}

static void name_row(struct ledger *l, struct basis_source *row, struct str name)
{
	if (!row->name.p)
		row->name = arena_str(&l->arena, name);
}

void ledger_file(struct ledger *l, uint32_t source, const struct input_file *file)
{
	struct basis_source *row;

	pthread_mutex_lock(&l->lock);
	row = row_of(l, source, file->member);
	name_row(l, row, file->name);
	row->bytes = file->bytes;
	snprintf(row->form, sizeof(row->form), "%s", file->form);
	pthread_mutex_unlock(&l->lock);
}

void ledger_gain(struct ledger *l, uint32_t source, uint32_t member, const struct ledger_gain *gain)
{
	struct basis_source *row;

	pthread_mutex_lock(&l->lock);
	row = row_of(l, source, member);
	row->records += gain->records;
	row->objects += gain->objects;
	row->wrappers |= gain->wrappers;
	pthread_mutex_unlock(&l->lock);
}

void ledger_damage(struct ledger *l, uint32_t source, uint32_t member, struct str name,
		   const char *damage)
{
	struct basis_source *row;

	pthread_mutex_lock(&l->lock);
	row = row_of(l, source, member);
	name_row(l, row, name);
	row->damage = damage;
	pthread_mutex_unlock(&l->lock);
}

const struct basis_source *ledger_finish(struct ledger *l, size_t *ret_n)
{
	size_t n = 0, at = 0;

	for (size_t i = 0; i < l->sources->n; i++)
		n += l->pages[i].n;
	l->all = mem_realloc(l->all, n + 1, sizeof(*l->all));
	for (size_t i = 0; i < l->sources->n; i++)
		for (size_t k = 0; k < l->pages[i].n; k++) {
			struct basis_source *row = &l->all[at];

			*row = l->pages[i].list[k];
			if (!l->sources->list[i].named && !row->form[0] && !row->damage)
				continue; /* skipped */
			at++;
			row->log_set = basis_log_set(row->name, &l->arena);
		}
	*ret_n = at;
	return l->all;
}
