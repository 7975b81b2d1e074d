/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of scripts without Lua. */
#include "spans/script.h"

/* The names are upstream's. */
static const char *const names[] = {
	[SCRIPT_REASON] = "reason",
	[SCRIPT_MESSAGE] = "message",
	[SCRIPT_SPAN_NAME] = "spanName",
	[SCRIPT_VERB] = "verb",
	[SCRIPT_USER_AGENT] = "userAgent",
	[SCRIPT_REQUEST] = "requestObjStr",
	[SCRIPT_RESPONSE] = "responseObjStr",
	[SCRIPT_RESPONSE_TABLE] = "responseObj",
	[SCRIPT_ANNOTATIONS] = "auditAnnotation",
	[SCRIPT_OBJECT] = "objectJsonStr",
};

_Static_assert(ARRAY_SIZE(names) == SCRIPT_GLOBALS, "a name for every global");

const char *script_global_name(enum script_global global)
{
	return names[global];
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
