/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the Lua files of spans/. A function that raises a Lua error does not return. */
#pragma once

#include "spans/script.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

struct scripts {
	lua_State *lua;
	struct script **list;
	size_t n, cap;
	size_t used;	    /* bytes of Lua's memory */
	int64_t left;	    /* steps left in the current run */
	struct buf json;    /* output of the encoder; here, because errors skip cleanup */
	struct arena arena; /* of decoded values */
	struct arena kept;
};

static inline struct scripts *lua_scripts(lua_State *L)
{
	return *(struct scripts **)lua_getextraspace(L);
}

/* Subtracts steps from the run; raises an error when there are none left. */
void lua_spend(lua_State *L, int64_t steps);

/* lua_sandbox.c: pushes the table of globals that all runs share and cannot change. */
void lua_push_base(lua_State *L);
/* Keys in the registry, by their address: the run's globals, and their metatable. */
extern const char lua_env_key, lua_behind_key;
/* Pushes a list of the keys of that table, in the order of pairs, and returns their number. */
lua_Integer lua_push_keys(lua_State *L, int table);

/* lua_modules.c: the function require. */
int lua_require(lua_State *L);
/* Pushes the value of a JSON text; false, and the error pushed, if it is invalid. */
bool lua_push_json(lua_State *L, struct str text);
