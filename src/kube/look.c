/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/look.h"

/*
 * Words that stand in every record of their kind, whatever is wrapped around it: quotes may be
 * escaped or missing (YAML), so no word holds any. In order of how often they decide.
 */
static const struct str words[] = {
#define WORD(lit)                                                                                  \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}
	WORD("auditID"),	 /* an audit event */
	WORD("involvedObject"),	 /* an Event */
	WORD("InvolvedObject"),	 /* an Event with the names of Go's fields */
	WORD("regarding"),	 /* an Event of events.k8s.io */
	WORD("containers"),	 /* a Pod, or what makes pods */
	WORD("Containers"),	 /* a Pod with the names of Go's fields */
	WORD("nodeInfo"),	 /* a Node */
	WORD("ownerReferences"), /* a ReplicaSet or Job without a template */
	WORD("protoPayload"),	 /* Cloud Logging */
#undef WORD
};

enum { BINARY_HEAD = 1024 };

/* As a key: in prose the same words are followed by something else. */
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

static bool has_word(struct str head)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (has_key(head, words[i]))
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
	if (*ret_what)
		return LOOK_FOREIGN;
	if (is_binary(head)) {
		*ret_what = "a binary file";
		return LOOK_FOREIGN;
	}
	return LOOK_NOTHING;
}
