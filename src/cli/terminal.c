/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terminal.h"

#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_UNKNOWN = 80, WIDTH_MAX = 10000 };

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* The first of the three variables that is set names the locale, as in setlocale(3). */
static bool locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !locale; i++)
		locale = environment(names[i]);
	return locale && (strcasestr(locale, "UTF-8") || strcasestr(locale, "UTF8"));
}

static unsigned terminal_width(int fd)
{
	struct winsize size;
	const char *columns = environment("COLUMNS");
	uint64_t width;

	if (columns && str_u64(str_from(columns), &width) && width > 0 && width <= WIDTH_MAX)
		return (unsigned)width;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return WIDTH_UNKNOWN;
}

static bool color_wanted(bool is_terminal, enum color_choice color)
{
	const char *term = environment("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return is_terminal && !environment("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

struct terminal terminal_of(int fd, enum color_choice color)
{
	struct terminal t = { .is_terminal = isatty(fd) == 1 };

	t.color = color_wanted(t.is_terminal, color);
	/* The encoding of a pipe's reader is unknown: only a terminal may lack UTF-8. */
	t.ascii = t.is_terminal && !locale_is_utf8();
	t.width = t.is_terminal ? terminal_width(fd) : 0;
	return t;
}
