/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema.h"

#include "base/suggest.h"

static bool is_key(const struct config_key *key, struct str name)
{
	struct str own = str_from(key->name);

	return key->any_case ? str_eq_fold(own, name) : str_eq(own, name);
}

/* "a, b or c", of the table's keys or of words. */
static void add_choice(struct buf *out, const char *word, size_t i, size_t n)
{
	buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", word);
}

static int unknown(const struct document *d, const cJSON *node, const struct config_table *table,
		   struct err *err)
{
	struct suggest near = suggest_for(str_from(node->string));
	struct buf text = { 0 };

	for (size_t i = 0; i < table->n; i++)
		suggest_offer(&near, table->keys[i].name);
	if (near.best) {
		buf_printf(&text, "did you mean \"%s\"?", near.best);
	} else {
		buf_printf(&text, "expected ");
		for (size_t i = 0; i < table->n; i++)
			add_choice(&text, table->keys[i].name, i, table->n);
	}
	config_key_error(d, node, err, "unknown key; " STR_FMT, STR_ARG(buf_str(&text)));
	buf_free(&text);
	return -1;
}

static int read_bool(const struct document *d, const cJSON *node, bool *ret, struct err *err)
{
	if (!cJSON_IsBool(node))
		return config_wrong(d, node, err, "true or false");
	*ret = cJSON_IsTrue(node);
	return 0;
}

static int read_count(const struct document *d, const cJSON *node, uint32_t *ret, struct err *err)
{
	int64_t value;

	if (!cJSON_IsNumber(node) || !config_decimal(config_text(node), 0, &value) ||
	    value < 0 || value > UINT32_MAX)
		return config_wrong(d, node, err, "a whole number from 0 to %u", UINT32_MAX);
	*ret = (uint32_t)value;
	return 0;
}

int config_read_text(const struct document *d, const cJSON *node, struct str *ret, struct err *err)
{
	if (!cJSON_IsString(node) || config_text(node).n == 0)
		return config_wrong(d, node, err, "a string that is not empty");
	*ret = config_text(node);
	return 0;
}

int config_read_texts(const struct document *d, const cJSON *node, struct config_texts *ret,
		      struct err *err)
{
	struct str *list;
	size_t n = 0;

	if (!cJSON_IsArray(node))
		return config_wrong(d, node, err, "a list of strings");
	list = arena_array(d->arena, struct str, (size_t)cJSON_GetArraySize(node));
	for (const cJSON *item = node->child; item; item = item->next)
		if (config_read_text(d, item, &list[n++], err) < 0)
			return -1;
	*ret = (struct config_texts){ list, n };
	return 0;
}

int config_read_duration(const struct document *d, const cJSON *node, nsec *ret, struct err *err)
{
	nsec value;

	if (!cJSON_IsString(node) || !duration_parse(config_text(node), &value) || value <= 0)
		return config_wrong(d, node, err,
				    "a duration above 0, such as \"90s\", \"1m30s\" or \"30d\"");
	if (value > CONFIG_DURATION_MAX)
		return config_wrong(d, node, err, "a duration of at most ten years");
	*ret = value;
	return 0;
}

int config_read_choice(const struct document *d, const cJSON *node, const char *const *choices,
		       unsigned *ret, struct err *err)
{
	struct suggest near = suggest_for(config_text(node));
	struct buf text = { 0 };
	unsigned n = 0;

	for (; choices[n]; n++) {
		if (cJSON_IsString(node) && str_eq(str_from(choices[n]), config_text(node))) {
			*ret = n;
			return 0;
		}
		suggest_offer(&near, choices[n]);
	}
	for (size_t i = 0; i < n; i++)
		add_choice(&text, choices[i], i, n);
	if (cJSON_IsString(node) && near.best && n > 1)
		buf_printf(&text, "; did you mean \"%s\"?", near.best);
	config_wrong(d, node, err, STR_FMT, STR_ARG(buf_str(&text)));
	buf_free(&text);
	return -1;
}

static int read_value(const struct document *d, const cJSON *node, const struct config_key *key,
		      void *ret, struct err *err)
{
	switch (key->kind) {
	case CONFIG_TEXT:
		return config_read_text(d, node, ret, err);
	case CONFIG_TEXTS:
		return config_read_texts(d, node, ret, err);
	case CONFIG_BOOL:
		return read_bool(d, node, ret, err);
	case CONFIG_COUNT:
		return read_count(d, node, ret, err);
	case CONFIG_DURATION:
		return config_read_duration(d, node, ret, err);
	case CONFIG_NODE:
		*(const cJSON **)ret = node;
		return 0;
	case CONFIG_OTHER:
		return key->read(d, node, ret, err);
	case CONFIG_UNREAD:
		return 0;
	}
	return 0;
}

static const struct config_key *find(const struct config_table *table, struct str name)
{
	for (size_t i = 0; i < table->n; i++)
		if (is_key(&table->keys[i], name))
			return &table->keys[i];
	return NULL;
}

int config_object(const struct document *d, const cJSON *node, const struct config_table *table,
		  void *ret, struct err *err)
{
	uint64_t seen = 0, given = 0;

	assert(table->n <= CONFIG_KEYS_MAX);
	if (!cJSON_IsObject(node))
		return config_wrong(d, node, err, "an object");
	for (const cJSON *child = node->child; child; child = child->next) {
		const struct config_key *key = find(table, str_from(child->string));
		uint64_t bit = key ? UINT64_C(1) << (key - table->keys) : 0;

		if (seen & bit)
			return config_key_error(
			    d, child, err, "this key stands twice, whatever the case of letters");
		if (!key)
			return unknown(d, child, table, err);
		if (!cJSON_IsNull(child) &&
		    read_value(d, child, key, (char *)ret + key->offset, err) < 0)
			return -1;
		seen |= bit;
		given |= cJSON_IsNull(child) ? 0 : bit;
	}
	for (size_t i = 0; i < table->n; i++)
		if (table->keys[i].required && !(given >> i & 1))
			return config_error(d, node, err, "the key \"%s\" is missing",
					    table->keys[i].name);
	return 0;
}

/* The exponent after a mantissa: e3, E-2; false when there is none or it is out of range. */
static bool exponent(struct str s, int *ret_ten)
{
	int64_t value = 0;

	if (s.n == 0) {
		*ret_ten = 0;
		return true;
	}
	if (s.n < 2 || (s.p[0] != 'e' && s.p[0] != 'E'))
		return false;
	s = str_after(s, s.n > 2 && s.p[1] == '+' ? 2 : 1);
	if (!str_i64(s, &value) || value < -60 || value > 60)
		return false;
	*ret_ten = (int)value;
	return true;
}

bool config_decimal(struct str s, int digits, int64_t *ret_value)
{
	bool minus = s.n && s.p[0] == '-', point = false, any = false;
	int64_t value = 0;
	int ten = digits, more;
	size_t i = 0;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_after(s, 1);
	for (; i < s.n && ((s.p[i] == '.' && !point) || (s.p[i] >= '0' && s.p[i] <= '9')); i++) {
		if (s.p[i] == '.') {
			point = true;
			continue;
		}
		any = true;
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
		    __builtin_add_overflow(value, (int64_t)(s.p[i] - '0'), &value))
			return false;
		ten -= point;
	}
	if (!any || !exponent(str_after(s, i), &more))
		return false;
	for (ten += more; ten > 0 && value; ten--)
		if (__builtin_mul_overflow(value, (int64_t)10, &value))
			return false;
	for (; ten < 0 && value; ten++, value /= 10)
		if (value % 10)
			return false;
	*ret_value = minus ? -value : value;
	return true;
}
