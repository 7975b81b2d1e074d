/* SPDX-License-Identifier: Apache-2.0 */
#include "wrap/look.h"

/*
 * Keys that all records of a kind contain, in any wrapper. Quotes may be escaped or missing (YAML),
 * so they are not part of the words. The most frequent come first. To add a kind of file: a row
 * here with a key that no other file has, and a case in tests/unit/wrap/test_look.c.
 */
static const struct {
	struct str key;
	bool document; /* only in JSON or YAML files, because programs log such words, too */
} words[] = {
#define WORD(lit)                                                                                  \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}
	{ WORD("auditID"), false },	   /* an audit event */
	{ WORD("involvedObject"), false }, /* an Event */
	{ WORD("InvolvedObject"), true },  /* an Event with Go's field names */
	{ WORD("regarding"), false },	   /* an Event of events.k8s.io */
	{ WORD("protoPayload"), false },   /* Cloud Logging */
	{ WORD("containers"), true },	   /* a Pod, or an object with a pod template */
	{ WORD("Containers"), true },	   /* a Pod with Go's field names */
	{ WORD("accessModes"), true },	   /* a PersistentVolumeClaim, or a volume */
	{ WORD("nodeInfo"), true },	   /* a Node */
	{ WORD("ownerReferences"), true }, /* a ReplicaSet or Job without a template */
#undef WORD
};

enum { BINARY_HEAD = 1024 };

/* Is it followed by a quote, an escape or a colon, as a key is and a word in prose is not? */
static bool has_key(struct str head, struct str word)
{
	const char *end = head.p + head.n, *at = head.p;

	while (at < end && (at = memmem(at, (size_t)(end - at), word.p, word.n)) != NULL) {
		at += word.n;
		if (at < end && strchr("\"'\\:", *at) && *at)
			return true;
	}
	return false;
}

/* JSON, or YAML as written by Kubernetes' tools. */
static bool is_document(struct str head)
{
	static const struct str begins[] = {
		{ "{", 1 },	{ "[", 1 },  { "---", 3 }, { "apiVersion:", 11 }, { "items:", 6 },
		{ "kind:", 5 }, { "- ", 2 }, { "#", 1 },   { "metadata:", 9 }
	};

	head = str_trim(head);
	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (str_starts(head, begins[i]))
			return true;
	return false;
}

static bool has_word(struct str head)
{
	bool document = is_document(head);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if ((document || !words[i].document) && has_key(head, words[i].key))
			return true;
	return false;
}

static bool is_binary(struct str head)
{
	return head.n && memchr(head.p, 0, MIN(head.n, (size_t)BINARY_HEAD)) != NULL;
}

enum look look_at(struct str head, const char **ret_what)
{
	struct str line = head, rest;

	*ret_what = NULL;
	if (has_word(head))
		return LOOK_OURS;
	str_cut(head, '\n', &line, &rest);
	*ret_what = foreign_line(line);
	if (*ret_what || !is_binary(head))
		return LOOK_NOTHING;
	*ret_what = "a binary file";
	return LOOK_FOREIGN;
}
