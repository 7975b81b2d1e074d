/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cJSON as the second opinion: which texts it accepts, and whether our walk returns the same
 * values.
 */
#pragma once

#include "json/reader.h"

#include <cjson/cJSON.h>

/* NULL when cJSON refuses the text or stops before its end. cJSON_Delete is the caller's. */
cJSON *oracle_parse(struct str text);

/* Walks the text and compares every value; false at the first difference. */
bool oracle_same(struct str text, const cJSON *tree);

/*
 * The documented differences, seen from the text.
 * What we refuse and cJSON takes: a byte order mark, control characters, numbers that are not RFC
 * 8259's (01, 1., -.5), \u without four digits (read as 0), more than JSON_DEPTH_MAX levels.
 */
bool oracle_is_lax(struct str text, const char *what, size_t offset);
/*
 * What cJSON refuses and we take: half a pair of surrogates (U+FFFD here), and, where its
 * version has no fix for it, numbers of more than 63 characters. Only a hint that the text has such
 * a thing somewhere.
 */
bool oracle_is_narrow(struct str text);
