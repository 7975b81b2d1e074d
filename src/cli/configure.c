/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/configure.h"

#include "cli/small_file.h"

#include <errno.h>
#include <unistd.h>

/* The default file; empty: there is none. */
static void add_default(struct buf *out)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");

	/* the XDG Base Directory Specification requires to ignore a relative path */
	if (xdg && xdg[0] == '/')
		buf_printf(out, "%s/lunettes/config.json", xdg);
	else if (home && home[0] == '/')
		buf_printf(out, "%s/.config/lunettes/config.json", home);
}

static void note_unopened(struct settings *settings, const char *name)
{
	struct str *notes = arena_array(&settings->arena, struct str, 1);

	notes[0] = arena_printf(&settings->arena,
				"the configuration %s cannot be opened: Permission denied; "
				"the defaults hold",
				name);
	settings->notes = notes;
	settings->n_notes = 1;
}

/* may_miss: a missing file is no error. */
static int read_file(const char *name, bool may_miss, struct settings *settings, struct err *err)
{
	struct buf text = { 0 };
	int r;

	/* as with sudo, where $HOME is another user's */
	if (may_miss && access(name, R_OK) < 0 && errno == EACCES) {
		note_unopened(settings, name);
		return 0;
	}
	r = small_file_read("the configuration", name, may_miss, &text, err);
	if (r > 0)
		r = settings_read(settings, str_from(name), buf_str(&text), err);
	buf_free(&text);
	return r;
}

/* A file that was named, or NULL. */
static const char *named(const struct options *options)
{
	const char *environment = getenv("LUNETTES_CONFIG");

	return options->config ? options->config : environment && *environment ? environment : NULL;
}

bool configure_path(const struct options *options, struct buf *ret_path)
{
	if (named(options))
		buf_add_str(ret_path, str_from(named(options)));
	else
		add_default(ret_path);
	buf_add_char(ret_path, 0);
	return ret_path->n > 1;
}

int configure(const struct options *options, struct settings *settings, struct err *err)
{
	struct buf path = { 0 };
	int r = 0;

	if (configure_path(options, &path))
		r = read_file(path.p, !named(options), settings, err);
	buf_free(&path);
	return r;
}

void configure_notes(const struct options *options, const struct settings *settings,
		     struct buf *out)
{
	if (options->verbose && settings->file.p)
		buf_printf(out, "lunettes: the configuration is " STR_FMT "\n",
			   STR_ARG(settings->file));
	for (size_t i = 0; i < settings->n_notes; i++)
		buf_printf(out, "lunettes: " STR_FMT "\n", STR_ARG(settings->notes[i]));
}
