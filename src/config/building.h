/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to config/: a document while it is read. JSON and YAML tell what they meet, in order, and
 * limits and keys that stand twice are found here, once for both.
 */
#ifndef LUNETTES_CONFIG_BUILDING_H
#define LUNETTES_CONFIG_BUILDING_H

#include "base/map.h"
#include "config/document.h"

struct building {
	struct document *document;
	struct config *config;
	struct err *err;
	size_t cap;	 /* of the document's places */
	size_t n_before; /* places of the documents before it */
	struct {
		uint32_t place, n; /* the container; what it holds by now */
		bool object;
		struct map keys;
	} open[CONFIG_DEPTH_MAX];
	size_t depth;
	struct str key; /* of the value that comes next */
	struct spot key_at;
};

void building_begin(struct building *b, struct config *config, const struct document *like,
		    struct err *err);
/* Each returns < 0 with the error set. */
int building_key(struct building *b, struct str key, struct spot at);
/* The place of the value; it lives until the next one is added. */
int building_value(struct building *b, struct spot at, struct str text, struct place **ret_place);
int building_open(struct building *b, bool object); /* the value that was added last */
void building_close(struct building *b);
/* All nodes are known: the document becomes one of the config's. */
void building_end(struct building *b);
void building_abandon(struct building *b);
int building_fail(struct building *b, struct spot at, const char *what);

/* How messages are begun: by the number of a place. */
void config_add_path(struct buf *out, const struct document *d, uint32_t place);
const struct place *config_place(const struct document *d, const cJSON *node);

/* head: file, arena and outer of the documents. Both add to the config. */
int config_read_json(struct config *config, const struct document *head, struct str text,
		     struct err *err);
int config_read_yaml(struct config *config, const struct document *head, struct str text,
		     struct err *err);

struct spot config_spot(struct str text, size_t offset);

#endif
