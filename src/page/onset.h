/* SPDX-License-Identifier: Apache-2.0 */
/* Writes just before a cause began (diagnose/onset.h). */
#pragma once

#include "diagnose/fleet.h"
#include "diagnose/onset.h"
#include "page/basis.h"

/* The section for all groups that have such writes; nothing if there is none. */
void onset_page_fleet(struct page *p, const struct fleet *f, const struct basis *basis);
/* The values of one pod, after its diagnosis. */
void onset_page_pod(struct page *p, const struct onset *onset, const struct basis *basis);
