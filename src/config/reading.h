/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to config/: the two languages. Each makes trees of a text and finds the position of a
 * value for an error message.
 */
#pragma once

#include "config/document.h"

/* The position of a value. */
struct location {
	struct spot key_at, at; /* of its key, line 0: it has none; of the value itself */
	/* Where the first line of an inner text is in the file, if unchanged; otherwise line 0. */
	struct spot body;
};

/* head: everything of the documents but their trees. Both add to the config. */
int config_read_json(struct config *config, const struct document *head, struct err *err);
int config_read_yaml(struct config *config, const struct document *head, struct err *err);
/* The position of the value that is preceded by `before` others. */
struct location config_find_json(const struct document *d, size_t rank);
struct location config_find_yaml(const struct document *d, size_t rank);

/* root: the tree, which the config now owns. */
void config_add_document(struct config *config, const struct document *head, cJSON *root);
/* Sets the text of a node to a copy in the arena. */
void config_keep_text(struct arena *arena, cJSON *node, struct str text);
cJSON *config_node(cJSON *node); /* which cJSON made; memory never runs out */

struct spot config_spot(struct str text, size_t offset);
int config_fail(const struct document *d, struct spot at, struct err *err, const char *what);
/* Reports a key that its object already has. */
int config_twice(const struct document *d, const cJSON *first, const cJSON *node, struct err *err);
