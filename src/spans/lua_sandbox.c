/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The environment of scripts: Lua's libraries without functions that leave the state, show
 * addresses (which differ from run to run), use random numbers, or iterate over tables in the order
 * of a hash with a random seed.
 */
#include "spans/lua_state.h"

#include "base/str.h"

const char lua_env_key = 0, lua_behind_key = 0;
static const char sort_key = 0; /* table.sort, in the registry */

/* Texts without addresses */

static void push_plain(lua_State *L, int at)
{
	int type = lua_type(L, at);

	if (luaL_getmetafield(L, at, "__tostring") != LUA_TNIL) {
		lua_pop(L, 1);
		luaL_tolstring(L, at, NULL);
	} else if (type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN ||
		   type == LUA_TNIL) {
		luaL_tolstring(L, at, NULL);
	} else {
		lua_pushstring(L, lua_typename(L, type));
	}
}

static int plain_tostring(lua_State *L)
{
	luaL_checkany(L, 1);
	push_plain(L, 1);
	return 1;
}

/* Lua's own string.format gets the arguments of %s as texts. */
static int plain_format(lua_State *L)
{
	int top = lua_gettop(L), arg = 1;
	const char *p = luaL_checkstring(L, 1);

	for (; *p; p++) {
		if (*p != '%' || *++p == '%')
			continue;
		p += strspn(p, "-+ #0123456789.");
		arg++;
		if (*p == 'p')
			return luaL_error(L, "%%p: there are no addresses here");
		if (*p == 's' && arg <= top && !lua_isstring(L, arg)) {
			push_plain(L, arg);
			lua_replace(L, arg);
		}
		if (!*p)
			break;
	}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, top, 1);
	return 1;
}

/* Tables in the order of their keys: booleans, numbers, strings, then others in any order */

static int rank_of(lua_State *L, int at)
{
	switch (lua_type(L, at)) {
	case LUA_TBOOLEAN:
		return 0;
	case LUA_TNUMBER:
		return 1;
	case LUA_TSTRING:
		return 2;
	default:
		return 3;
	}
}

static int key_is_less(lua_State *L)
{
	int rank = rank_of(L, 1), other = rank_of(L, 2);
	bool less = rank < other;
	struct str a, b;

	if (rank == other && rank == 0) {
		less = !lua_toboolean(L, 1) && lua_toboolean(L, 2);
	} else if (rank == other && rank == 1) {
		less = lua_compare(L, 1, 2, LUA_OPLT);
	} else if (rank == other && rank == 2) {
		a.p = lua_tolstring(L, 1, &a.n);
		b.p = lua_tolstring(L, 2, &b.n);
		less = str_cmp(a, b) < 0;
	}
	lua_pushboolean(L, less);
	return 1;
}

lua_Integer lua_push_keys(lua_State *L, int table)
{
	lua_Integer n = 0;

	lua_newtable(L);
	lua_pushnil(L);
	while (lua_next(L, table)) {
		lua_pop(L, 1);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, ++n);
		lua_spend(L, 16); /* includes the sort */
	}
	lua_rawgetp(L, LUA_REGISTRYINDEX, &sort_key);
	lua_pushvalue(L, -2);
	lua_pushcfunction(L, key_is_less);
	lua_call(L, 2, 0);
	return n;
}

/* Upvalues: the keys, and how many were returned. Keys that were removed meanwhile are skipped. */
static int next_sorted(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));

	for (;;) {
		if (lua_rawgeti(L, lua_upvalueindex(1), ++i) == LUA_TNIL)
			return 1;
		lua_pushinteger(L, i);
		lua_replace(L, lua_upvalueindex(2));
		lua_pushvalue(L, -1);
		if (lua_rawget(L, 1) != LUA_TNIL)
			return 2;
		lua_pop(L, 2);
	}
}

static int sorted_pairs(lua_State *L)
{
	luaL_checkany(L, 1);
	lua_settop(L, 1);
	if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
		lua_pushvalue(L, 1);
		lua_call(L, 1, 3);
		return 3;
	}
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_push_keys(L, 1);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, next_sorted, 2);
	lua_pushvalue(L, 1);
	return 2;
}

static int sorted_next(lua_State *L)
{
	lua_Integer n, i = 0;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	n = lua_push_keys(L, 1);
	for (; !lua_isnil(L, 2) && i < n; i++) {
		bool same = (lua_rawgeti(L, 3, i + 1), lua_rawequal(L, 2, -1));

		lua_pop(L, 1);
		if (same)
			break;
	}
	if (!lua_isnil(L, 2) && i++ == n)
		return luaL_error(L, "next: no such key");
	if (i == n) {
		lua_pushnil(L);
		return 1;
	}
	lua_rawgeti(L, 3, i + 1);
	lua_pushvalue(L, -1);
	lua_rawget(L, 1);
	return 2;
}

/* Other functions */

/* Finalizers would run outside of the limits, and weak entries depend on the collector. */
static int safe_setmetatable(lua_State *L)
{
	lua_settop(L, 2);
	if (lua_istable(L, 2))
		for (int i = 0; i < 2; i++) {
			lua_pushstring(L, i ? "__mode" : "__gc");
			if (lua_rawget(L, 2) != LUA_TNIL)
				return luaL_error(L, "setmetatable: no %s here",
						  i ? "__mode" : "__gc");
			lua_pop(L, 1);
		}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, 2, 1);
	return 1;
}

/*
 * Lua's own xpcall calls the handler where the error is raised. If that is in the counting hook,
 * hooks are disabled and the handler could run forever. Here it is called after the error.
 */
static int counted_xpcall(lua_State *L)
{
	int top = lua_gettop(L);
	bool good;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_pushvalue(L, 2);
	lua_insert(L, 1); /* the handler, f, the handler, arguments */
	lua_remove(L, 3);
	good = lua_pcall(L, top - 2, LUA_MULTRET, 0) == LUA_OK;
	if (!good)
		lua_pcall(L, 1, 1, 0); /* an error in it becomes its result */
	lua_pushboolean(L, good);
	if (!good) {
		lua_insert(L, -2);
		return 2;
	}
	lua_replace(L, 1);
	return lua_gettop(L);
}

/* Source text only, because Lua does not verify compiled code. */
static int text_load(lua_State *L)
{
	size_t n;
	const char *p = luaL_checklstring(L, 1, &n), *name = luaL_optstring(L, 2, "=load");

	lua_spend(L, (int64_t)n);
	lua_settop(L, 4);
	if (luaL_loadbufferx(L, p, n, name, "t") != LUA_OK) {
		lua_pushnil(L);
		lua_insert(L, -2);
		return 2;
	}
	if (lua_isnil(L, 4))
		lua_rawgetp(L, LUA_REGISTRYINDEX, &lua_env_key);
	else
		lua_pushvalue(L, 4);
	lua_setupvalue(L, -2, 1);
	return 1;
}

static int say_nothing(lua_State *L)
{
	return 0;
}

static int refuse_change(lua_State *L)
{
	return luaL_error(L, "libraries cannot be changed");
}

static void leave_out(lua_State *L, const char *const *names)
{
	for (; *names; names++) {
		lua_pushnil(L);
		lua_setfield(L, -2, *names);
	}
}

/* Replaces the library at the top of the stack by a read-only table. */
static void protect(lua_State *L)
{
	lua_newtable(L);
	lua_newtable(L);
	lua_pushvalue(L, -3);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, refuse_change);
	lua_setfield(L, -2, "__newindex");
	lua_pushboolean(L, false);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_remove(L, -2);
}

/* Replaces a function of the table at the top; the new one has the old one as its upvalue. */
static void wrap(lua_State *L, const char *name, lua_CFunction by)
{
	lua_getfield(L, -1, name);
	lua_pushcclosure(L, by, 1);
	lua_setfield(L, -2, name);
}

static void add_libraries(lua_State *L)
{
	static const struct {
		const char *name;
		lua_CFunction open;
		const char *out[4];
	} rows[] = {
		{ LUA_STRLIBNAME, luaopen_string, { "dump" } },
		{ LUA_TABLIBNAME, luaopen_table, { NULL } },
		{ LUA_MATHLIBNAME, luaopen_math, { "random", "randomseed" } },
		{ LUA_UTF8LIBNAME, luaopen_utf8, { NULL } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		luaL_requiref(L, rows[i].name, rows[i].open, 0);
		leave_out(L, rows[i].out);
		if (rows[i].open == luaopen_string)
			wrap(L, "format", plain_format);
		protect(L);
		lua_setfield(L, -2, rows[i].name);
	}
	/* ("x"):rep(2) uses the library itself, which scripts must not reach */
	lua_pushliteral(L, "");
	lua_getmetatable(L, -1);
	lua_pushboolean(L, false);
	lua_setfield(L, -2, "__metatable");
	lua_pop(L, 2);
}

static void add_alias(lua_State *L, const char *library, const char *of, const char *name)
{
	if (library)
		lua_getfield(L, -1, library);
	lua_getfield(L, -1, of);
	if (library)
		lua_remove(L, -2);
	lua_setfield(L, -2, name);
}

void lua_push_base(lua_State *L)
{
	static const char *const out[] = { "_G",     "collectgarbage", "dofile", "loadfile",
					   "rawset", "warn",	       NULL };
	static const luaL_Reg in[] = {
		{ "tostring", plain_tostring }, { "load", text_load },
		{ "print", say_nothing },	{ "xpcall", counted_xpcall },
		{ "pairs", sorted_pairs },	{ "next", sorted_next },
		{ "require", lua_require },	{ NULL, NULL },
	};

	luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
	leave_out(L, out);
	luaL_setfuncs(L, in, 0);
	wrap(L, "setmetatable", safe_setmetatable);
	add_libraries(L);
	lua_getfield(L, -1, LUA_TABLIBNAME);
	lua_getfield(L, -1, "sort");
	lua_rawsetp(L, LUA_REGISTRYINDEX, &sort_key);
	lua_pop(L, 1);
	/* upstream's Lua is 5.1 */
	add_alias(L, LUA_TABLIBNAME, "unpack", "unpack");
	add_alias(L, NULL, "load", "loadstring");
	lua_newtable(L);
	lua_pushvalue(L, -2);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, false);
	lua_setfield(L, -2, "__metatable");
	lua_rawsetp(L, LUA_REGISTRYINDEX, &lua_behind_key);
}
