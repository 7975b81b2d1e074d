/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/configure.h"

#include "config/document.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The file that is read unless one is named; empty: there is no such place. */
static void add_default(struct buf *out)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");

	/* a relative path is to be ignored, says the XDG Base Directory Specification */
	if (xdg && xdg[0] == '/')
		buf_printf(out, "%s/lunettes/config.json", xdg);
	else if (home && home[0] == '/')
		buf_printf(out, "%s/.config/lunettes/config.json", home);
}

/* One byte more than is allowed is read, so that it is seen to be too much. */
static int read_all(int fd, const char *name, struct buf *out, struct err *err)
{
	while (out->n <= CONFIG_BYTES_MAX) {
		ssize_t n;

		buf_reserve(out, 64 * KIB);
		n = read(fd, out->p + out->n, 64 * KIB);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, ERR_USAGE, "the configuration %s cannot be read", name);
		if (n == 0)
			break;
		out->n += (size_t)n;
	}
	return 0;
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

/* may_miss: it is no fault if there is no such file. */
static int read_file(const char *name, bool may_miss, struct settings *settings, struct err *err)
{
	struct buf text = { 0 };
	int fd = open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0 && may_miss && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 && may_miss && errno == EACCES) { /* as with sudo: $HOME is another user's */
		note_unopened(settings, name);
		return 0;
	}
	if (fd < 0)
		return err_sys(err, ERR_USAGE, "the configuration %s cannot be opened", name);
	r = read_all(fd, name, &text, err);
	close(fd);
	if (r == 0)
		r = settings_read(settings, str_from(name), buf_str(&text), err);
	buf_free(&text);
	return r;
}

int configure(const struct options *options, struct settings *settings, struct err *err)
{
	const char *environment = getenv("LUNETTES_CONFIG");
	struct buf name = { 0 };
	int r = 0;

	if (options->config)
		return read_file(options->config, false, settings, err);
	if (environment && *environment)
		return read_file(environment, false, settings, err);
	add_default(&name);
	buf_add_char(&name, 0);
	if (name.n > 1)
		r = read_file(name.p, true, settings, err);
	buf_free(&name);
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
