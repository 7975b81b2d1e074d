/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the files of operands. */
#include "input/input.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

struct found {
	struct source source;
	dev_t dev;
	ino_t ino;
	bool is_file; /* dev and ino identify a file across its names */
};

/* The directories above: a link to one of them would cause endless recursion. */
struct parent {
	const struct parent *up;
	dev_t dev;
	ino_t ino;
};

struct walk {
	const struct input_config *config;
	struct arena *arena; /* of the result */
	struct str cluster;
	struct found *list;
	size_t n, cap;
};

static void walk_note(const struct walk *w, enum input_note_kind kind, struct str name, bool named,
		      const char *detail)
{
	struct input_note note = { .kind = kind, .name = name, .named = named, .detail = detail };

	if (w->config->note)
		w->config->note(w->config->ctx, &note);
}

/* Copies of /var/log are full of dangling links. A file that was deleted meanwhile is reported. */
static void note_unreachable(const struct walk *w, const char *path, bool named)
{
	struct input_note note = { .kind = INPUT_CANNOT_OPEN,
				   .name = str_from(path),
				   .named = named,
				   .detail = strerror(errno) };
	bool nowhere = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
	struct stat link;

	note.dangling = !named && nowhere && lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
	if (w->config->note)
		w->config->note(w->config->ctx, &note);
}

static void walk_add(struct walk *w, const char *path, const struct stat *st, bool named)
{
	struct found *f;

	array_reserve(w->list, w->cap, w->n + 1);
	f = &w->list[w->n++];
	*f = (struct found){
		.source = {
			.name = str_from(path),
			.path = path,
			.cluster = w->cluster,
			.named = named,
		},
	};
	if (st && S_ISREG(st->st_mode)) {
		f->source.size = (uint64_t)st->st_size;
		f->dev = st->st_dev;
		f->ino = st->st_ino;
		f->is_file = true;
	}
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct names {
	struct str *list;
	size_t n, cap;
};

static int read_names(struct walk *w, const char *path, struct names *ret_names)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	int error;

	if (!dir)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		struct str name = str_from(entry->d_name);

		if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
			continue;
		array_reserve(ret_names->list, ret_names->cap, ret_names->n + 1);
		ret_names->list[ret_names->n++] = arena_str(w->arena, name);
	}
	error = errno;
	closedir(dir);
	errno = error;
	if (ret_names->n > 0)
		qsort(ret_names->list, ret_names->n, sizeof(*ret_names->list), by_text);
	return error ? -1 : 0;
}

static bool is_loop(const struct parent *p, const struct stat *st)
{
	for (; p; p = p->up)
		if (p->dev == st->st_dev && p->ino == st->st_ino)
			return true;
	return false;
}

static void walk_path(struct walk *w, const char *path, const struct parent *up, int depth);

/* Recursive, but never deeper than INPUT_DEPTH_MAX. */
static void walk_dir(struct walk *w, const char *path, const struct stat *st,
		     const struct parent *up, int depth)
{
	struct parent here = { up, st->st_dev, st->st_ino };
	struct str name = str_from(path);
	struct names names = { 0 };

	if (depth > INPUT_DEPTH_MAX) {
		walk_note(w, INPUT_TOO_DEEP, name, false, "directories are nested too deep");
		return;
	}
	if (read_names(w, path, &names) < 0)
		walk_note(w, INPUT_CANNOT_OPEN, name, depth == 0, strerror(errno));
	for (size_t i = 0; i < names.n; i++) {
		const char *slash = str_ends(name, STR("/")) ? "" : "/";
		struct str below =
		    arena_printf(w->arena, "%s%s" STR_FMT, path, slash, STR_ARG(names.list[i]));

		walk_path(w, below.p, &here, depth + 1);
	}
	mem_free(names.list);
}

/* depth 0: an operand. Inside directories sockets, devices and FIFOs are ignored. */
static void walk_path(struct walk *w, const char *path, const struct parent *up, int depth)
{
	struct stat st;

	if (stat(path, &st) < 0)
		note_unreachable(w, path, depth == 0);
	else if (!S_ISDIR(st.st_mode) && (depth == 0 || S_ISREG(st.st_mode)))
		walk_add(w, path, &st, depth == 0);
	else if (S_ISDIR(st.st_mode) && !is_loop(up, &st))
		walk_dir(w, path, &st, up, depth);
}

static void walk_operand(struct walk *w, const struct operand *operand)
{
	w->cluster = arena_str(w->arena, str_from(operand->cluster));
	if (strcmp(operand->path, "-") == 0) {
		walk_add(w, "-", NULL, true);
		w->list[w->n - 1].source.name = STR("<stdin>");
		w->list[w->n - 1].source.is_stdin = true;
		return;
	}
	walk_path(w, arena_printf(w->arena, "%s", operand->path).p, NULL, 0);
}

static int by_name(const void *a, const void *b)
{
	const struct source *x = &((const struct found *)a)->source;
	const struct source *y = &((const struct found *)b)->source;
	int r = str_cmp(x->name, y->name);

	return r ? r : str_cmp(x->cluster, y->cluster);
}

/* Sorts names of one file in one cluster next to each other, in the order of names. */
static int by_file(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int r;

	if (x->is_file != y->is_file)
		return x->is_file ? 1 : -1;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	r = str_cmp(x->source.cluster, y->source.cluster);
	return r ? r : by_name(a, b);
}

static bool is_twin(const struct found *a, const struct found *b)
{
	if (!str_eq(a->source.cluster, b->source.cluster))
		return false;
	if (a->is_file && b->is_file)
		return a->dev == b->dev && a->ino == b->ino;
	return str_eq(a->source.name, b->source.name);
}

/* A file with several names (links, a/../b) is read once, under the first of them. */
static void drop_twins(struct walk *w)
{
	size_t kept = 0;

	qsort(w->list, w->n, sizeof(*w->list), by_file);
	for (size_t i = 0; i < w->n; i++) {
		if (kept > 0 && is_twin(&w->list[kept - 1], &w->list[i]))
			w->list[kept - 1].source.named |= w->list[i].source.named;
		else
			w->list[kept++] = w->list[i];
	}
	w->n = kept;
	qsort(w->list, w->n, sizeof(*w->list), by_name);
}

int sources_find(const struct operand *operands, size_t n, const struct input_config *config,
		 struct sources *ret_sources, struct err *err)
{
	struct sources found = { 0 };
	struct walk w = { .config = config, .arena = &found.arena };

	for (size_t i = 0; i < n; i++)
		walk_operand(&w, &operands[i]);
	if (w.n == 0) {
		arena_free(&found.arena);
		mem_free(w.list);
		return err_set(err, ERR_INPUT, "there is nothing to read: no file was found");
	}
	drop_twins(&w);
	found.list = mem_alloc(w.n * sizeof(*found.list));
	for (size_t i = 0; i < w.n; i++)
		found.list[i] = w.list[i].source;
	found.n = found.cap = w.n;
	mem_free(w.list);
	*ret_sources = found;
	return 0;
}

void sources_free(struct sources *s)
{
	mem_free(s->list);
	arena_free(&s->arena);
	*s = (struct sources){ 0 };
}
