/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splits bodies into leaves: what a write sets, as paths with short values. Items of lists are
 * identified by `name` or `key` instead of their index, so that an item has the same path in every
 * body.
 */
#pragma once

#include "json/reader.h"
#include "changes/writes.h"

struct leaves {
	struct arena *arena; /* lives for one line */
	const struct write_row *row;
	struct write_leaf *list;
	size_t n, cap;
	bool cut;
	bool bad; /* the body is damaged and must not be used */
};

/* A complete object, or a merge patch, strategic or not. */
void leaves_object(struct leaves *l, struct str raw);
/* A JSON patch (RFC 6902). */
void leaves_json_patch(struct leaves *l, struct str raw);
/* Sorts by path without duplicates; if there are too many, keeps the most important ones. */
void leaves_finish(struct leaves *l);
