/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a configuration of spans asks of the bodies beside the facts that all records hold: the
 * operations of an audit event in the words of Alipay's Lunettes (FACT_OPERATION), the strings
 * that stand at given paths of a Pod (FACT_VALUES), and for scripts that look into them the raw
 * texts of the request (FACT_REQUEST, FACT_TEXT). Nothing is extracted unless a decoder is given
 * a struct extract; it and all in it must outlive the decoder.
 *
 * A path goes through objects by their keys and through arrays to each of their elements. Keys are
 * met in any case of their letters, as Go's encoding/json does, but those of labels, annotations
 * and nodeSelector. [a,b]field puts the elements' own a and b into the key that tells values of
 * one path apart; [$] puts the element there, and a last step $ is the element itself.
 */
#ifndef LUNETTES_KUBE_EXTRACT_H
#define LUNETTES_KUBE_EXTRACT_H

#include "base/arena.h"
#include "base/err.h"
#include "kube/record.h"

enum {
	EXTRACT_STEPS_MAX = 16,	  /* of a path */
	EXTRACT_PATHS_MAX = 64,	  /* of a configuration */
	EXTRACT_VALUES_MAX = 256, /* of one path in one body */
	EXTRACT_BYTES_MAX = 8192, /* of them, with their keys */
	EXTRACT_DETAILS_MAX = 64, /* of one operation of one request */
	/* Of a raw text; the API server's own limit is six times that, but a Pod has some 10 KiB.
	 */
	EXTRACT_TEXT_MAX = 256 * 1024,
};

/* The raw texts that can be asked for; the code of a FACT_TEXT. */
enum extract_text {
	EXTRACT_USER_AGENT,
	EXTRACT_REQUEST,
	EXTRACT_RESPONSE,
	EXTRACT_ANNOTATIONS,
	EXTRACT_TEXTS
};

struct extract_step {
	struct str field;
	const struct str *keys; /* of [a,b]; "$" is the element */
	size_t n_keys;
	bool exact; /* the key is one of a map, not of a field */
};

struct extract_path {
	const struct extract_step *steps;
	size_t n;
};

struct extract {
	const struct extract_path *paths;
	size_t n_paths;
	const struct str *operations; /* the names that are asked for */
	size_t n_operations;
	const struct str *reasons; /* of Events */
	size_t n_reasons;
	bool all_events; /* whatever their reason */
	bool requests;	 /* FACT_REQUEST of each that writes the pod, and of each Event */
	unsigned texts;	 /* which of them with it: 1u << enum extract_text */
};

/* text: split at sep. False with a message: empty steps, brackets that do not close, too many. */
bool extract_path_parse(struct str text, char sep, struct arena *arena,
			struct extract_path *ret_path, struct err *err);

/*
 * The strings of a raw object at the path: key\0value\0 ..., in their order; the slice lives in
 * the arena. p is never NULL.
 */
struct str extract_values(const struct extract_path *path, struct str raw, struct arena *arena);

struct facts;
struct audit;

/* Facts of one audit event about the pod of the record, or of a dump's object. */
void extract_operations(const struct extract *x, const struct audit *a, const struct record *r,
			struct facts *facts);

#endif
