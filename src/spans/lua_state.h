/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of scripts, where Lua is known. What raises an error of Lua's does not return. */
#pragma once

#include "spans/script.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

struct scripts {
	lua_State *lua;
	struct script **list;
	size_t n, cap;
	size_t used;	    /* bytes, of Lua's */
	int64_t left;	    /* steps of the run at hand */
	struct buf json;    /* what is encoded; here, for errors jump over who would free it */
	struct arena arena; /* of what is decoded */
	struct arena kept;
};

static inline struct scripts *lua_scripts(lua_State *L)
{
	return *(struct scripts **)lua_getextraspace(L);
}

/* Takes so many steps from the run; raises an error when there are none left. */
void lua_spend(lua_State *L, int64_t steps);

/* lua_sandbox.c: pushes the table of globals that all runs see behind their own. */
void lua_push_base(lua_State *L);
/* In the registry, by the address of these: the globals of the run at hand, and how they see the
 * base. */
extern const char lua_env_key, lua_behind_key;
/* Pushes a list of the keys of the table there, in the order of pairs, and gives their number. */
lua_Integer lua_push_keys(lua_State *L, int table);

/* lua_modules.c: what require gives. */
int lua_require(lua_State *L);
/* Pushes the value of a JSON text; false, and what is wrong pushed, if it is none. */
bool lua_push_json(lua_State *L, struct str text);
