/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data that a configuration of spans needs from audit events in addition to the usual facts:
 * operations in the terms of Alipay's Lunettes, the strings at given paths of a Pod, and for
 * scripts the raw texts of requests. extract_attach encodes them as bytes, which a decoder attaches
 * to its record; extract_keep reads these bytes for one pod.
 *
 * A path goes through objects by their keys and through arrays to each of their elements. Keys
 * match in any case, as in Go's encoding/json, except those of labels, annotations and
 * nodeSelector. [a,b]field adds the elements' own a and b to the key that distinguishes the values
 * of one path; [$] adds the element, and a last step $ is the element itself.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "kube/envelope.h"

enum {
	EXTRACT_STEPS_MAX = 16,	  /* of a path */
	EXTRACT_PATHS_MAX = 64,	  /* of a configuration */
	EXTRACT_VALUES_MAX = 256, /* of one path in one body */
	EXTRACT_BYTES_MAX = 8192, /* of all values of a path, with their keys */
	EXTRACT_DETAILS_MAX = 64, /* of one operation of one request */
	/* of a raw text; the API server's own limit is six times that, a Pod has about 10 KiB */
	EXTRACT_TEXT_MAX = 256 * 1024,
	EXTRACT_POD_MAX = 20000, /* items of one pod, as TIMELINE_FACTS_MAX */
	EXTRACT_POD_TEXT_MAX =
	    64 * 1024 * 1024, /* bytes of its raw texts; later texts are dropped */
};

/* The raw texts that can be extracted. */
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
	struct str text; /* as written, after its separator */
};

struct extract_words {
	struct str *list;
	size_t n, cap;
};

/* Defines what to extract. It must outlive the decoders; several threads may share it. */
struct extract {
	struct extract_path paths[EXTRACT_PATHS_MAX];
	size_t n_paths;
	struct extract_words operations, reasons; /* by name; of Events */
	bool all_events;			  /* with any reason */
	bool requests;	/* each request that writes the pod, and each Event */
	unsigned texts; /* of these requests: 1u << enum extract_text */
};

bool extract_has(const struct extract_words *words, struct str word);

/* text: the separator, then the path, which it must outlive. False, with a message: invalid. */
bool extract_path_parse(struct str text, struct arena *arena, struct extract_path *ret_path,
			struct err *err);

/* The strings of a raw object at the path: key\0value\0 ..., in the arena. p is never NULL. */
struct str extract_values(const struct extract_path *path, struct str raw, struct arena *arena);

enum extracted_kind {
	EXTRACTED_OPERATION, /* word: upstream's name of it, text: its details, separated by NUL */
	EXTRACTED_EVENT,     /* word: the reason of an Event, text: its message */
	EXTRACTED_REQUEST,   /* input of scripts: word is the verb */
	EXTRACTED_REPORT,    /* the same of the request that wrote an Event */
	EXTRACTED_VALUES,    /* at path `number` of the response: text is key\0value\0 ... */
	EXTRACTED_TEXT,	     /* of that request: text `number`, raw (p == NULL: too long) */
	EXTRACTED_POD,	     /* the same, for a response that is the Pod itself */
};

struct extracted {
	enum extracted_kind kind;
	uint32_t number;
	struct str word, text;
};

static inline bool extracted_is_text(const struct extracted *item)
{
	return item->kind == EXTRACTED_TEXT || item->kind == EXTRACTED_POD;
}

/* A decode_attach, of kube/decode.h: ctx is a struct extract. */
struct str extract_attach(const void *ctx, const struct audit *a, const struct record *r,
			  struct arena *arena);

/* The data that was extracted from one record of a pod. */
struct extract_moment {
	nsec received, completed;
	size_t first, n;	      /* of the items */
	const struct extracted *list; /* these items; of extract_moments */
};

struct pod_extracts {
	struct extracted *items;
	size_t n, cap;
	struct extract_moment *moments;
	size_t n_moments, moments_cap;
	struct str values[EXTRACT_PATHS_MAX]; /* the last of each path */
	size_t text;			      /* bytes of raw texts so far */
	bool cut;			      /* there were more than EXTRACT_POD_MAX */
};

/* A timelines_keep (timeline/builder.h): *state is a struct pod_extracts, without repetitions. */
bool extract_keep(void **state, struct arena *arena, const struct record *r);
/* A copy of the moments, in the order in which the requests were answered. */
struct extract_moment *extract_moments(const struct pod_extracts *all, struct arena *arena);
