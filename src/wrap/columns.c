/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log Analytics tables AKSAudit, AKSAuditAdmin and ArcK8sAudit (learn.microsoft.com, Azure Monitor
 * Logs reference): audit events with a column per key. Queries return objects as such or as
 * strings.
 */
#include "base/buf.h"
#include "wrap/wrapping.h"

static const struct {
	struct str column;
	const char *key;
	bool object;
} columns[] = {
	{ { "AuditId", 7 }, "auditID", false },
	{ { "Level", 5 }, "level", false },
	{ { "Stage", 5 }, "stage", false },
	{ { "RequestUri", 10 }, "requestURI", false },
	{ { "Verb", 4 }, "verb", false },
	{ { "User", 4 }, "user", true },
	{ { "UserAgent", 9 }, "userAgent", false },
	{ { "ObjectRef", 9 }, "objectRef", true },
	{ { "ResponseStatus", 14 }, "responseStatus", true },
	{ { "RequestObject", 13 }, "requestObject", true },
	{ { "ResponseObject", 14 }, "responseObject", true },
	{ { "RequestReceivedTime", 19 }, "requestReceivedTimestamp", false },
	{ { "StageReceivedTime", 17 }, "stageTimestamp", false },
	{ { "Annotations", 11 }, "annotations", true },
};

/* An object in a string, unless the string is "skipped-too-big-size-object" or damaged. */
static struct str object_of(struct str raw, struct arena *arena)
{
	struct str text;
	const char *what;
	size_t at;

	if (raw_text(raw, arena, &text) && text.n && (text.p[0] == '{' || text.p[0] == '[') &&
	    json_check(text, &what, &at))
		return text;
	return raw;
}

struct converted convert_columns(struct str raw, struct arena *arena)
{
	struct buf out = { 0 };
	struct json j = json_of(raw, arena);
	struct str key, value;
	struct converted made = { 0 };

	buf_add_str(&out, STR("{\"apiVersion\":\"audit.k8s.io/v1\""));
	if (json_object(&j))
		while (json_key(&j, &key)) {
			size_t i = 0;

			while (i < ARRAY_SIZE(columns) && !str_eq(columns[i].column, key))
				i++;
			if (i == ARRAY_SIZE(columns)) {
				json_skip(&j);
			} else if (json_raw(&j, &value)) {
				buf_printf(&out, ",\"%s\":", columns[i].key);
				buf_add_str(&out,
					    columns[i].object ? object_of(value, arena) : value);
			}
		}
	buf_add_char(&out, '}');
	made.text = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return made;
}
