/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies to leaves: what a write sets, as paths with short values. Items of lists are named by
 * their `name` or `key`, not by their place, so that the same item has the same path in every body.
 */
#pragma once

#include "json/reader.h"
#include "changes/writes.h"

struct leaves {
	struct arena *arena; /* line */
	const struct write_row *row;
	struct write_leaf *list;
	size_t n, cap;
	bool cut;
	bool bad; /* the body is damaged: nothing of it must be used */
};

/* An object: whole, or a merge patch of it, strategic or not. */
void leaves_object(struct leaves *l, struct str raw);
/* A JSON patch (RFC 6902). */
void leaves_json_patch(struct leaves *l, struct str raw);
/* By path, each once; if too many, the most important ones are kept. */
void leaves_finish(struct leaves *l);
