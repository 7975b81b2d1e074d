/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The meaning of a plain YAML scalar (one without quotes and without a tag), in dumps and in
 * configurations alike, by the core schema of YAML 1.2. null, ~ and nothing are null; true and
 * false are booleans; yes, no, on and off are strings; 0o17 and 0x1f are numbers, 017 is seventeen.
 *
 * Kubernetes (sigs.k8s.io/yaml) reads some of these by YAML 1.1, but quotes every string that
 * either version would read as another type, so its dumps mean the same in both. In handwritten
 * files `no` is more often a word than a boolean.
 */
#pragma once

#include "base/buf.h"

enum plain {
	PLAIN_STRING,
	PLAIN_NULL,
	PLAIN_TRUE,
	PLAIN_FALSE,
	PLAIN_NUMBER,
	PLAIN_ENDLESS,	 /* infinity, or not a number, which JSON cannot express */
	PLAIN_TOO_LARGE, /* of base 8 or 16, with more than 64 bits */
};

enum plain plain_of(struct str s);
/* A number as JSON writes it: decimal, all digits kept. */
void plain_add_number(struct buf *out, struct str number);
