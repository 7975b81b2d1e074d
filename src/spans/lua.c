/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts through liblua. All calls that may raise an error run under lua_pcall. */
#include "spans/lua_state.h"

#include "base/mem.h"

enum { HOOK_STEP = 100 }; /* instructions between two checks of the limit */

/* Name of chunks, which makes Lua's messages begin with "line:3: ". */
#define CHUNK "=line"

static void *allocate(void *ctx, void *p, size_t before, size_t size)
{
	struct scripts *s = ctx;

	before = p ? before : 0; /* otherwise it is the type of the new object */
	if (size > before) {
		if (size - before > SCRIPT_MEMORY_MAX - s->used)
			return NULL;
		s->left -= (int64_t)((size - before) / SCRIPT_STEP_BYTES);
	}
	s->used = s->used - before + size;
	if (size)
		return mem_realloc(p, size, 1);
	mem_free(p);
	return NULL;
}

static void count(lua_State *L, lua_Debug *ar)
{
	lua_spend(L, lua_gethookcount(L));
}

/* Once the limit is reached every further instruction fails, even if a script catches the error. */
void lua_spend(lua_State *L, int64_t steps)
{
	struct scripts *s = lua_scripts(L);

	s->left -= steps;
	if (s->left > 0)
		return;
	s->left = 0;
	lua_sethook(L, count, LUA_MASKCOUNT, 1);
	lua_pushfstring(L, "more than %d instructions", SCRIPT_STEPS_MAX);
	lua_error(L);
}

static void begin_run(struct scripts *s)
{
	s->left = SCRIPT_STEPS_MAX;
	lua_sethook(s->lua, count, LUA_MASKCOUNT, HOOK_STEP);
}

/* The message of an error as one line of printable ASCII; it may contain text of the log. */
static struct str message_of(struct scripts *s, int status)
{
	static const char line[] = "line:";
	struct str text = STR("an error that is no text");
	size_t n;
	char *p;

	if (status == LUA_ERRMEM)
		text = arena_printf(&s->kept, "more than %d MiB of memory",
				    SCRIPT_MEMORY_MAX / (int)MIB);
	else if (lua_type(s->lua, -1) == LUA_TSTRING)
		text.p = lua_tolstring(s->lua, -1, &text.n);
	n = MIN(text.n, SCRIPT_MESSAGE_MAX);
	p = arena_alloc(&s->kept, n + 4, 1);
	for (size_t i = 0; i < n; i++)
		p[i] = text.p[i] >= ' ' && text.p[i] <= '~' ? text.p[i] : '?';
	if (text.n > n) {
		memcpy(p + n, "...", 3);
		n += 3;
	}
	if (str_starts((struct str){ p, n }, STR("line:")))
		p[sizeof(line) - 2] = ' ';
	return (struct str){ p, n };
}

/* Making */

static int make(lua_State *L)
{
	lua_push_base(L);
	return 0;
}

struct scripts *scripts_new(void)
{
	struct scripts *s = mem_zalloc(sizeof(*s));

	s->left = SCRIPT_STEPS_MAX;
	s->lua = lua_newstate(allocate, s);
	assert(s->lua);
	*(struct scripts **)lua_getextraspace(s->lua) = s;
	lua_pushcfunction(s->lua, make);
	if (lua_pcall(s->lua, 0, 0, 0) != LUA_OK)
		assert(!"the libraries fit into the memory");
	return s;
}

void scripts_free(struct scripts *s)
{
	if (!s)
		return;
	lua_close(s->lua);
	mem_free(s->list);
	buf_free(&s->json);
	arena_free(&s->arena);
	arena_free(&s->kept);
	mem_free(s);
}

/* The arguments and results of one call. */
struct call {
	struct script *script;
	struct str text; /* of the script, to compile it */
	const struct script_input *in;
	bool want_text, truth;
	struct arena *arena;
	struct str result; /* p == NULL: none */
};

static int compile(lua_State *L)
{
	struct call *c = lua_touserdata(L, 1);

	if (luaL_loadbufferx(L, c->text.p ? c->text.p : "", c->text.n, CHUNK, "t") != LUA_OK)
		return lua_error(L);
	c->script->number = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

static int protected(struct scripts *s, lua_CFunction f, struct call *c)
{
	begin_run(s);
	lua_pushcfunction(s->lua, f);
	lua_pushlightuserdata(s->lua, c);
	return lua_pcall(s->lua, 1, 0, 0);
}

struct script *scripts_add(struct scripts *s, struct str text, struct str place, unsigned globals,
			   struct err *err)
{
	struct script *script = arena_new(&s->kept, struct script);
	struct call c = { .script = script, .text = text };
	int status;

	*script = (struct script){ .of = s, .place = arena_str(&s->kept, place) };
	for (unsigned i = 0; i < SCRIPT_GLOBALS; i++)
		if (globals & 1u << i &&
		    script_names(text, script_global_name((enum script_global)i)))
			script->globals |= 1u << i;
	status = protected(s, compile, &c);
	if (status != LUA_OK) {
		err_set(err, ERR_USAGE, STR_FMT, STR_ARG(message_of(s, status)));
		lua_settop(s->lua, 0);
		return NULL;
	}
	array_reserve(s->list, s->cap, s->n + 1);
	s->list[s->n++] = script;
	return script;
}

/* Running */

static void push_globals(lua_State *L, const struct call *c)
{
	for (unsigned i = 0; i < SCRIPT_GLOBALS; i++) {
		struct str text = c->in->texts[i];

		if (!(c->script->globals & 1u << i))
			continue;
		if (i != SCRIPT_RESPONSE_TABLE) {
			lua_pushlstring(L, text.n ? text.p : "", text.n);
		} else if (!lua_push_json(L, text)) {
			lua_pop(L, 1);
			lua_pushnil(L);
		}
		lua_setfield(L, -2, script_global_name((enum script_global)i));
	}
}

/* The globals of this run, which take precedence over the common ones. */
static void push_env(lua_State *L, const struct call *c)
{
	lua_newtable(L);
	lua_rawgetp(L, LUA_REGISTRYINDEX, &lua_behind_key);
	lua_setmetatable(L, -2);
	lua_pushvalue(L, -1);
	lua_setfield(L, -2, "_G");
	push_globals(L, c);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &lua_env_key);
}

static int run(lua_State *L)
{
	struct call *c = lua_touserdata(L, 1);
	size_t n;
	const char *p;

	lua_settop(L, 0);
	lua_rawgeti(L, LUA_REGISTRYINDEX, c->script->number);
	push_env(L, c);
	lua_setupvalue(L, 1, 1);
	lua_call(L, 0, LUA_MULTRET);
	if (lua_gettop(L) == 0)
		return 0;
	c->truth = lua_toboolean(L, -1);
	if (!c->want_text || !(lua_isstring(L, -1) || lua_isboolean(L, -1)))
		return 0;
	p = luaL_tolstring(L, -1, &n);
	c->result = n ? arena_str(c->arena, (struct str){ p, n }) : STR("");
	return 0;
}

static bool runs_well(struct script *script, struct call *c)
{
	struct scripts *s = script->of;
	int status;

	for (unsigned i = 0; i < SCRIPT_GLOBALS; i++)
		if (script->globals & 1u << i && !c->in->texts[i].p) {
			script->shortened++;
			break;
		}
	status = protected(s, run, c);
	if (status != LUA_OK && script->failures++ == 0)
		script->first = message_of(s, status);
	lua_settop(s->lua, 0);
	arena_reset(&s->arena);
	return status == LUA_OK;
}

bool script_test(struct script *script, const struct script_input *in)
{
	struct call c = { .script = script, .in = in };

	return runs_well(script, &c) && c.truth;
}

bool script_text(struct script *script, const struct script_input *in, struct arena *arena,
		 struct str *ret_text)
{
	struct call c = { .script = script, .in = in, .want_text = true, .arena = arena };

	if (!runs_well(script, &c) || !c.result.p)
		return false;
	*ret_text = c.result;
	return true;
}

void scripts_notes(const struct scripts *s, struct buf *out)
{
	for (size_t i = 0; s && i < s->n; i++) {
		const struct script *script = s->list[i];

		if (script->failures)
			buf_printf(out,
				   "lunettes: " STR_FMT " failed in %llu run%s, which count%s as "
				   "false; first: " STR_FMT "\n",
				   STR_ARG(script->place), (unsigned long long)script->failures,
				   script->failures == 1 ? "" : "s",
				   script->failures == 1 ? "s" : "", STR_ARG(script->first));
		if (script->shortened)
			buf_printf(out,
				   "lunettes: " STR_FMT " saw texts as empty in %llu run%s: they "
				   "are longer than 256 KiB, or the pod has more than 64 MiB\n",
				   STR_ARG(script->place), (unsigned long long)script->shortened,
				   script->shortened == 1 ? "" : "s");
	}
}

const char *spans_features(void)
{
	return LUA_RELEASE;
}
