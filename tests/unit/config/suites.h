/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "config/schema.h"

#include <check.h>

Suite *suite_json(void);
Suite *suite_schema(void);
Suite *suite_yaml(void);

/* The trees of a text as one line of JSON each, ended by newlines; of a bad one the message. */
struct str trees_of(const char *text, struct buf *out);
