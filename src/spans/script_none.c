/* SPDX-License-Identifier: Apache-2.0 */
/* Replaces lua.c where the program is built without Lua: there are no scripts. */
#include "spans/script.h"

struct scripts *scripts_new(void)
{
	return NULL;
}

struct script *scripts_add(struct scripts *s, struct str text, struct str place, unsigned globals,
			   struct err *err)
{
	err_set(err, ERR_USAGE, "the program was built without Lua");
	return NULL;
}

/* There are no scripts, so these have nothing to do. */
/* clang-format off */
void scripts_free(struct scripts *s) { }
bool script_test(struct script *script, const struct script_input *in) { return false; }
bool script_text(struct script *script, const struct script_input *in, struct arena *arena,
		 struct str *ret_text) { return false; }
void scripts_notes(const struct scripts *s, struct buf *out) { }
/* clang-format on */

const char *spans_features(void)
{
	return "spans without Lua (scripts of their configuration are refused)";
}
