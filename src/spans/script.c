/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of scripts that do not need Lua. */
#include "spans/script.h"

#include "spans/extract.h"

enum { NO_TEXT = -1 };

/* Upstream's names; text: the raw text behind the global, enum extract_text. */
static const struct {
	const char *name;
	int text;
} globals[] = {
	[SCRIPT_REASON] = { "reason", NO_TEXT },
	[SCRIPT_MESSAGE] = { "message", NO_TEXT },
	[SCRIPT_SPAN_NAME] = { "spanName", NO_TEXT },
	[SCRIPT_VERB] = { "verb", NO_TEXT },
	[SCRIPT_USER_AGENT] = { "userAgent", EXTRACT_USER_AGENT },
	[SCRIPT_REQUEST] = { "requestObjStr", EXTRACT_REQUEST },
	[SCRIPT_RESPONSE] = { "responseObjStr", EXTRACT_RESPONSE },
	[SCRIPT_RESPONSE_TABLE] = { "responseObj", EXTRACT_RESPONSE },
	[SCRIPT_ANNOTATIONS] = { "auditAnnotation", EXTRACT_ANNOTATIONS },
	[SCRIPT_OBJECT] = { "objectJsonStr", EXTRACT_RESPONSE },
};

_Static_assert(ARRAY_SIZE(globals) == SCRIPT_GLOBALS, "a name for every global");

const char *script_global_name(enum script_global global)
{
	return globals[global].name;
}

int script_global_text(enum script_global global)
{
	return globals[global].text;
}

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool script_names(struct str text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.n; i++)
		if (memcmp(text.p + i, word, n) == 0 && (i == 0 || !in_word(text.p[i - 1])) &&
		    (i + n == text.n || !in_word(text.p[i + n])))
			return true;
	return false;
}
