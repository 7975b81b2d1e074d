/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs.h"

#include "base/mem.h"
#include "cli/configure.h"
#include "json/reader.h"
#include "wrap/look.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path may be longer than a message. */
#define PATH_FMT "'%.140s'"

/* Kinds */

static bool any_of(struct str key, const char *const *names)
{
	for (; *names; names++)
		if (str_eq(key, str_from(*names)))
			return true;
	return false;
}

/* The next value is an object with one of these keys. */
static bool has_key(struct json *j, const char *const *names)
{
	struct str key;

	if (json_peek(j) == JSON_OBJECT && json_object(j))
		for (; json_key(j, &key); json_skip(j))
			if (any_of(key, names))
				return true;
	return false;
}

/* One message per line, or one document. */
static bool is_otlp(struct json *j)
{
	static const char *const names[] = { "resourceSpans", "resource_spans", NULL };
	struct str key;

	return json_object(j) && json_key(j, &key) && any_of(key, names) &&
	       json_peek(j) == JSON_ARRAY;
}

/* A response of Jaeger's API, which its interface saves and opens. */
static bool is_jaeger(struct json *j)
{
	static const char *const beside[] = { "total", "limit", "offset", "errors", NULL };
	static const char *const names[] = { "traceID", "spans", "processes", NULL };
	struct str key;

	if (!json_object(j))
		return false;
	for (; json_key(j, &key); json_skip(j)) {
		if (str_eq(key, STR("data")) && json_peek(j) == JSON_ARRAY && json_array(j))
			return !json_item(j) ? !j->bad : has_key(j, names);
		if (!any_of(key, beside))
			return false;
	}
	return false;
}

/* Both forms of the Trace Event Format: an object, or an array of events. */
static bool is_chrome(struct json *j)
{
	static const char *const beside[] = { "displayTimeUnit",
					      "otherData",
					      "metadata",
					      "stackFrames",
					      "samples",
					      "schemaVersion",
					      "systemTraceEvents",
					      "controllerTraceDataKey",
					      NULL };
	static const char *const names[] = { "ph", NULL };
	struct str key;

	if (json_peek(j) == JSON_ARRAY)
		return json_array(j) && json_item(j) && has_key(j, names);
	if (!json_object(j))
		return false;
	for (; json_key(j, &key); json_skip(j)) {
		if (str_eq(key, STR("traceEvents")))
			return json_peek(j) == JSON_ARRAY;
		if (!any_of(key, beside))
			return false;
	}
	return false;
}

static const struct {
	const char *name; /* with its article */
	bool (*is)(struct json *beginning);
} kinds[FILE_KINDS] = {
	[FILE_OTLP] = { "an OTLP trace", is_otlp },
	[FILE_JAEGER] = { "a Jaeger trace", is_jaeger },
	[FILE_CHROME] = { "a Chrome trace", is_chrome },
};

bool outputs_is_kind(enum file_kind kind, struct str head)
{
	struct arena arena = { 0 };
	struct json j = json_of(head, &arena);
	bool is = kinds[kind].is(&j);

	arena_free(&arena);
	return is;
}

/* The file of a path */

struct file_place {
	struct stat st;
	bool exists;
	char *folder; /* real path of a missing file's folder; NULL: there is none */
	const char *name;
};

static void look_up(const char *path, struct file_place *ret)
{
	int fd = target_descriptor(path);
	const char *slash = strrchr(path, '/');
	char *folder;

	*ret = (struct file_place){ .name = slash ? slash + 1 : path };
	ret->exists = (fd >= 0 ? fstat(fd, &ret->st) : stat(path, &ret->st)) == 0;
	if (ret->exists || fd >= 0)
		return;
	folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	ret->folder = folder ? realpath(folder, NULL) : NULL;
	free(folder);
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_same_place(const struct file_place *a, const struct file_place *b)
{
	if (a->exists || b->exists)
		return a->exists && b->exists && is_same_file(&a->st, &b->st) &&
		       !S_ISCHR(a->st.st_mode);
	return a->folder && b->folder && strcmp(a->folder, b->folder) == 0 &&
	       strcmp(a->name, b->name) == 0;
}

/* Files to protect */

struct check {
	const struct output *output;
	struct file_place place;
};

static int would_replace(const struct check *c, const char *what, struct str name, struct err *err)
{
	char other[160] = ""; /* its name there, if it differs */

	if (!c->output->option)
		return err_set(err, ERR_USAGE,
			       "standard output is redirected to '%.*s', which is %s; redirect it "
			       "to another file",
			       (int)MIN(name.n, 140), name.p, what);
	if (!str_eq(name, str_from(c->output->path)))
		snprintf(other, sizeof(other), " (%.*s)", (int)MIN(name.n, 140), name.p);
	return err_set(err, ERR_USAGE,
		       "option --%s would replace " PATH_FMT ", which is %s%s; name another file",
		       c->output->option, c->output->path, what, other);
}

/* An empty file may be replaced: the shell creates one for `lunettes slo logs/ > logs/result`. */
static int check_inputs(const struct check *checks, size_t n, const struct sources *inputs,
			struct err *err)
{
	struct stat st;
	bool any = false;

	for (size_t k = 0; k < n; k++)
		any = any || (checks[k].place.exists && S_ISREG(checks[k].place.st.st_mode));
	for (size_t i = 0; any && i < inputs->n; i++) {
		const struct source *s = &inputs->list[i];

		if ((s->is_stdin ? fstat(STDIN_FILENO, &st) : stat(s->path, &st)) < 0 ||
		    !S_ISREG(st.st_mode) || (!s->named && !st.st_size))
			continue;
		for (size_t k = 0; k < n; k++)
			if (checks[k].place.exists && is_same_file(&checks[k].place.st, &st))
				return would_replace(&checks[k], "also an input", s->name, err);
	}
	return 0;
}

static int check_user_file(const struct check *checks, size_t n, const char *what, const char *path,
			   struct err *err)
{
	struct stat st;

	if (!path || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	for (size_t k = 0; k < n; k++)
		if (checks[k].place.exists && is_same_file(&checks[k].place.st, &st))
			return would_replace(&checks[k], what, str_from(path), err);
	return 0;
}

/* Files that the user wrote by hand. */
static int check_user_files(const struct check *checks, size_t n, const struct options *o,
			    struct err *err)
{
	struct buf config = { 0 };
	int r = 0;

	if (options_has(o->command, "config") && configure_path(o, &config))
		r = check_user_file(checks, n, "the configuration", config.p, err);
	for (size_t i = 0; r == 0 && i < o->rules.n; i++)
		r = check_user_file(checks, n, "a file of --rules", o->rules.items[i], err);
	if (r == 0)
		r = check_user_file(checks, n, "the file of --span-config", o->span_config, err);
	buf_free(&config);
	return r;
}

static int check_each_other(const struct check *checks, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (is_same_place(&checks[i].place, &checks[k].place))
				return err_set(err, ERR_USAGE,
					       "options --%s and --%s would write the same file",
					       checks[k].output->option, checks[i].output->option);
	return 0;
}

/* Its first bytes; < 0: it cannot be read. */
static ssize_t read_head(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t n = 0;
	ssize_t got = fd < 0 ? -1 : 1;

	while (got > 0 && n < size) {
		got = read(fd, to + n, size - n);
		n += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	return got < 0 ? -1 : (ssize_t)n;
}

/* The user opened the descriptor, which is written at its offset: nothing is replaced. */
static int check_kind(const struct check *c, struct err *err)
{
	char *head;
	const char *ignored;
	ssize_t n;
	bool same, log;

	if (!c->place.exists || !S_ISREG(c->place.st.st_mode) || !c->place.st.st_size ||
	    target_descriptor(c->output->path) >= 0)
		return 0;
	head = mem_alloc(INPUT_LOOK_SIZE);
	n = read_head(c->output->path, head, INPUT_LOOK_SIZE);
	same = n >= 0 && outputs_is_kind(c->output->kind, (struct str){ head, (size_t)n });
	log = n >= 0 && look_at((struct str){ head, (size_t)n }, &ignored) == LOOK_OURS;
	mem_free(head);
	if (same)
		return 0;
	return err_set(err, ERR_USAGE,
		       "option --%s would replace " PATH_FMT ", which is not %s%s; %s, or add "
		       "--force to replace it",
		       c->output->option, c->output->path, kinds[c->output->kind].name,
		       log ? " but looks like a Kubernetes log" : "",
		       log ? "the name of the file to write comes first, then those to read"
			   : "name another file");
}

int outputs_check(const struct output *outputs, size_t n, const struct options *options,
		  const struct sources *inputs, struct err *err)
{
	struct arena arena = { 0 };
	struct check *checks = arena_array(&arena, struct check, n);
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		checks[i].output = &outputs[i];
		look_up(outputs[i].path, &checks[i].place);
	}
	if (check_each_other(checks, n, err) < 0 || check_inputs(checks, n, inputs, err) < 0 ||
	    check_user_files(checks, n, options, err) < 0)
		r = -1;
	for (size_t i = 0; r == 0 && !options->force && i < n; i++)
		r = check_kind(&checks[i], err);
	for (size_t i = 0; i < n; i++)
		free(checks[i].place.folder);
	arena_free(&arena);
	return r;
}
