/* SPDX-License-Identifier: Apache-2.0 */
/* The modules for require: json, as in upstream's scripts, and delivery. */
#include "spans/lua_state.h"

#include "json/reader.h"
#include "json/writer.h"

#include <math.h>

enum { ENCODE_DEPTH_MAX = JSON_WRITER_DEPTH - 1 };

/* Decoding: objects and arrays are tables, null is nil */

static void push_value(lua_State *L, struct json *j);

static void push_object(lua_State *L, struct json *j)
{
	struct str key;

	lua_newtable(L);
	json_object(j);
	while (json_key(j, &key)) {
		lua_pushlstring(L, key.n ? key.p : "", key.n);
		push_value(L, j);
		lua_rawset(L, -3);
	}
}

static void push_array(lua_State *L, struct json *j)
{
	lua_newtable(L);
	json_array(j);
	for (lua_Integer i = 1; json_item(j); i++) {
		push_value(L, j);
		lua_rawseti(L, -2, i);
	}
}

static void push_number(lua_State *L, struct json *j)
{
	struct str text;
	char copy[64];

	if (!json_number(j, &text) || text.n >= sizeof(copy)) {
		lua_pushnil(L);
		return;
	}
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	if (!lua_stringtonumber(L, copy))
		lua_pushnil(L);
}

static void push_value(lua_State *L, struct json *j)
{
	struct str text = { 0 };
	bool truth = false;

	lua_spend(L, 4);
	luaL_checkstack(L, 8, "JSON");
	switch (json_peek(j)) {
	case JSON_OBJECT:
		push_object(L, j);
		break;
	case JSON_ARRAY:
		push_array(L, j);
		break;
	case JSON_NUMBER:
		push_number(L, j);
		break;
	case JSON_STRING:
		json_text(j, &text);
		lua_pushlstring(L, text.n ? text.p : "", text.n);
		break;
	case JSON_BOOL:
		json_bool(j, &truth);
		lua_pushboolean(L, truth);
		break;
	default:
		json_skip(j);
		lua_pushnil(L);
	}
}

bool lua_push_json(lua_State *L, struct str text)
{
	struct scripts *s = lua_scripts(L);
	struct json j = json_of(text, &s->arena);

	lua_spend(L, (int64_t)text.n / SCRIPT_STEP_BYTES);
	push_value(L, &j);
	if (json_end(&j))
		return true;
	lua_pop(L, 1);
	lua_pushfstring(L, "%s at offset %d", j.what, (int)json_offset(&j));
	return false;
}

static int decode(lua_State *L)
{
	struct str text;

	text.p = luaL_checklstring(L, 1, &text.n);
	if (lua_push_json(L, text))
		return 1;
	lua_pushnil(L);
	lua_insert(L, -2);
	return 2;
}

/* Encoding */

static void put_value(lua_State *L, struct json_writer *w, int at);

/* A table is an array if its keys are 1 to n. So is the empty one, as upstream. */
static bool is_array(lua_State *L, int at, lua_Integer *ret_n)
{
	lua_Integer n = 0, strings = 0;

	lua_pushnil(L);
	while (lua_next(L, at)) {
		lua_pop(L, 1);
		lua_spend(L, 1);
		strings += lua_type(L, -1) == LUA_TSTRING;
		n++;
	}
	*ret_n = n;
	if (strings == n && n)
		return false;
	for (lua_Integer i = 1; i <= n; i++) {
		if (lua_rawgeti(L, at, i) == LUA_TNIL)
			luaL_error(L, "json: keys are neither all strings nor 1 to n");
		lua_pop(L, 1);
	}
	return true;
}

/* In the order of pairs. */
static void put_object(lua_State *L, struct json_writer *w, int at)
{
	lua_Integer n = lua_push_keys(L, at);
	int keys = lua_gettop(L);
	struct str key;

	json_begin_object(w);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, keys, i);
		key.p = lua_tolstring(L, -1, &key.n); /* all are strings */
		json_put_key_str(w, key);
		lua_rawget(L, at);
		put_value(L, w, lua_gettop(L));
		lua_settop(L, keys);
	}
	json_end_object(w);
	lua_settop(L, keys - 1);
}

static void put_table(lua_State *L, struct json_writer *w, int at)
{
	lua_Integer n;

	if (w->depth >= ENCODE_DEPTH_MAX)
		luaL_error(L, "json: more than %d tables in one another", ENCODE_DEPTH_MAX);
	if (!is_array(L, at, &n)) {
		put_object(L, w, at);
		return;
	}
	json_begin_array(w);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, at, i);
		put_value(L, w, lua_gettop(L));
		lua_pop(L, 1);
	}
	json_end_array(w);
}

/* Whole numbers without a point, others with the digits that distinguish them. */
static void put_number(lua_State *L, struct json_writer *w, int at)
{
	lua_Integer whole;
	double value;
	char text[40];

	if (lua_isinteger(L, at) || lua_tointegerx(L, at, NULL)) {
		whole = lua_tointeger(L, at);
		json_put_i64(w, whole);
		return;
	}
	value = lua_tonumber(L, at);
	if (!isfinite(value))
		luaL_error(L, "json: a number that is not finite");
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	json_put_raw(w, str_from(text));
}

static void put_value(lua_State *L, struct json_writer *w, int at)
{
	struct str text;

	lua_spend(L, 4 + (int64_t)(lua_type(L, at) == LUA_TSTRING ? lua_rawlen(L, at) / 16 : 0));
	luaL_checkstack(L, 16, "JSON");
	if (w->out->n > SCRIPT_MEMORY_MAX / 2) /* the last text may exceed it */
		luaL_error(L, "json: more than %d MiB", SCRIPT_MEMORY_MAX / 2 / (int)MIB);
	switch (lua_type(L, at)) {
	case LUA_TNIL:
		json_put_null(w);
		break;
	case LUA_TBOOLEAN:
		json_put_bool(w, lua_toboolean(L, at));
		break;
	case LUA_TNUMBER:
		put_number(L, w, at);
		break;
	case LUA_TSTRING:
		text.p = lua_tolstring(L, at, &text.n);
		json_put_str(w, text);
		break;
	case LUA_TTABLE:
		put_table(L, w, at);
		break;
	default:
		luaL_error(L, "json: a %s", luaL_typename(L, at));
	}
}

static int encode(lua_State *L)
{
	struct scripts *s = lua_scripts(L);
	struct json_writer w;

	luaL_checkany(L, 1);
	buf_reset(&s->json);
	w = json_writer_of(&s->json);
	put_value(L, &w, 1);
	lua_pushlstring(L, s->json.p, s->json.n);
	return 1;
}

/* delivery: the pod in responseObj is ready, or has no such condition */

static bool field_is(lua_State *L, int at, const char *key, const char *value)
{
	bool same;

	lua_pushstring(L, key);
	lua_rawget(L, at);
	same = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), value) == 0;
	lua_pop(L, 1);
	return same;
}

static bool enter(lua_State *L, const char *key)
{
	lua_pushstring(L, key);
	lua_rawget(L, -2);
	return lua_istable(L, -1);
}

static int finish_upgrade(lua_State *L)
{
	bool finished = true;

	lua_settop(L, 1);
	if (lua_istable(L, 1) && enter(L, "status") && enter(L, "conditions"))
		for (lua_Integer i = 1; lua_rawgeti(L, 3, i) == LUA_TTABLE; i++) {
			if (field_is(L, 4, "type", "Ready") && !field_is(L, 4, "status", "True"))
				finished = false;
			lua_spend(L, 4);
			lua_settop(L, 3);
		}
	lua_pushboolean(L, finished);
	return 1;
}

int lua_require(lua_State *L)
{
	static const luaL_Reg json[] = { { "decode", decode },
					 { "encode", encode },
					 { NULL, NULL } };
	static const luaL_Reg delivery[] = { { "finish_upgrade", finish_upgrade }, { NULL, NULL } };
	struct str name = str_from(luaL_checkstring(L, 1));

	if (!str_eq(name, STR("json")) && !str_eq(name, STR("delivery")))
		return luaL_error(L, "there is no module '%s', only json and delivery", name.p);
	lua_newtable(L);
	luaL_setfuncs(L, str_eq(name, STR("json")) ? json : delivery, 0);
	return 1;
}
