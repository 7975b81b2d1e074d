/* SPDX-License-Identifier: Apache-2.0 */
/* One audit event's top-level keys: which of them are read, and as what. */
#include "kube/audit.h"

static void object_ref(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	a->has_ref = true;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("resource")))
			json_text(j, &a->resource);
		else if (str_eq(key, STR("namespace")))
			json_text(j, &a->namespace);
		else if (str_eq(key, STR("name")))
			json_text(j, &a->name);
		else if (str_eq(key, STR("subresource")))
			json_text(j, &a->subresource);
		else if (str_eq(key, STR("uid")))
			json_text(j, &a->uid);
		else if (str_eq(key, STR("apiGroup")))
			json_text(j, &a->api_group);
		else
			json_skip(j);
	}
}

/* Of several causes the first: evictions have one, and others say the same in the message. */
static void details(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (!str_eq(key, STR("causes")) || json_peek(j) != JSON_ARRAY) {
			json_skip(j);
			continue;
		}
		json_array(j);
		while (json_item(j)) {
			if (json_peek(j) != JSON_OBJECT || a->cause.n) {
				json_skip(j);
				continue;
			}
			json_object(j);
			while (json_key(j, &key))
				if (str_eq(key, STR("message")))
					json_text(j, &a->cause);
				else
					json_skip(j);
		}
	}
}

void audit_status(struct json *j, struct audit *a)
{
	struct str key;
	int64_t code;

	if (!json_object(j))
		return;
	while (json_key(j, &key)) {
		if (str_eq(key, STR("code"))) {
			if (json_i64(j, &code) && code > 0 && code < 1000)
				a->code = (int32_t)code;
		} else if (str_eq(key, STR("message"))) {
			json_text(j, &a->message);
		} else if (str_eq(key, STR("details")) && json_peek(j) == JSON_OBJECT) {
			details(j, a);
		} else {
			json_skip(j);
		}
	}
}

static void user(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("username")))
			json_text(j, &a->username);
		else if (str_eq(key, STR("uid")))
			json_text(j, &a->user_uid);
		else
			json_skip(j);
}

static void impersonated_user(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("username")))
			json_text(j, &a->impersonated);
		else
			json_skip(j);
}

void audit_annotations(struct json *j, struct audit *a)
{
	struct str key, value;
	const char *begin;

	if (json_peek(j) != JSON_OBJECT) {
		json_skip(j);
		return;
	}
	begin = j->p;
	json_object(j);
	while (json_key(j, &key)) {
		if (str_eq(key, STR("cluster")))
			json_text(j, &a->cluster);
		else if (str_eq(key, STR("audit.k8s.io/truncated")))
			a->truncated = json_text(j, &value) && str_eq(value, STR("true"));
		else
			json_skip(j);
	}
	a->annotations = str_from_to(begin, j->p);
}

static void time_value(struct json *j, nsec *ret_at)
{
	struct str text;

	if (json_text(j, &text))
		clock_parse(text, ret_at);
}

static void old_metadata(struct json *j, struct audit *a)
{
	struct str key;

	if (!json_object(j))
		return;
	while (json_key(j, &key))
		if (str_eq(key, STR("creationTimestamp")))
			time_value(j, &a->created);
		else
			json_skip(j);
}

/* A body may be null, a string ("skipped-too-big-size-object"), an array (JSON patch) or an object.
 */
static void raw_body(struct json *j, struct str *ret_raw)
{
	if (json_peek(j) == JSON_NULL)
		json_skip(j);
	else
		json_raw(j, ret_raw);
}

/*
 * One row a top-level key, in the order in which the API server writes them: the walk guesses that
 * the next row comes next, so that an ordinary record costs one comparison a key.
 */
enum key_kind { KEY_TEXT, KEY_TIME, KEY_RAW, KEY_WALK };
static const struct key_row {
	struct str key;
	enum key_kind kind;
	size_t offset;
	void (*walk)(struct json *j, struct audit *a);
} keys[] = {
#define TEXT(name, field)                                                                          \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_TEXT, offsetof(struct audit, field), NULL          \
	}
#define TIME(name, field)                                                                          \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_TIME, offsetof(struct audit, field), NULL          \
	}
#define RAW(name, field)                                                                           \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_RAW, offsetof(struct audit, field), NULL           \
	}
#define WALK(name, fn)                                                                             \
	{                                                                                          \
		{ name, sizeof(name) - 1 }, KEY_WALK, 0, fn                                        \
	}
	TEXT("kind", kind),
	TEXT("apiVersion", api_version),
	WALK("metadata", old_metadata),
	TEXT("level", level),
	TIME("timestamp", timestamp),
	TEXT("auditID", audit_id),
	TEXT("stage", stage),
	TEXT("requestURI", uri),
	TEXT("verb", verb),
	WALK("user", user),
	WALK("impersonatedUser", impersonated_user),
	TEXT("userAgent", user_agent),
	WALK("objectRef", object_ref),
	WALK("responseStatus", audit_status),
	RAW("requestObject", request),
	RAW("responseObject", response),
	TIME("requestReceivedTimestamp", received),
	TIME("stageTimestamp", completed),
	WALK("annotations", audit_annotations),
	RAW("items", items),
	/* OpenShift's collector puts a severity of its own into `level` and the true one here */
	TEXT("k8s_audit_level", real_level),
	TEXT("openshift_audit_level", real_level),
	RAW("openshift", openshift),
#undef TEXT
#undef TIME
#undef RAW
#undef WALK
};

static const struct key_row *key_find(struct str key, size_t guess)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct key_row *row = &keys[(guess + i) % ARRAY_SIZE(keys)];

		if (str_eq(key, row->key))
			return row;
	}
	return NULL;
}

void audit_envelope(struct json *j, struct audit *a)
{
	const struct key_row *row = keys;
	struct str key;

	while (json_key(j, &key)) {
		const struct key_row *found = key_find(key, (size_t)(row - keys));
		char *field;

		if (!found) {
			json_skip(j);
			continue;
		}
		row = found + 1 < keys + ARRAY_SIZE(keys) ? found + 1 : keys;
		field = (char *)a + found->offset;
		switch (found->kind) {
		case KEY_TEXT:
			json_text(j, (struct str *)(void *)field);
			break;
		case KEY_TIME:
			time_value(j, (nsec *)(void *)field);
			break;
		case KEY_RAW:
			raw_body(j, (struct str *)(void *)field);
			break;
		case KEY_WALK:
			found->walk(j, a);
			break;
		}
	}
}
