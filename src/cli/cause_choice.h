/* SPDX-License-Identifier: Apache-2.0 */
/* Which causes a user selects, and which of them decide the exit status. */
#pragma once

#include "cli/options.h"
#include "diagnose/diagnose.h"

/* A word of --fail-on: any cause, the causes of an owner, or those of a code. */
struct cause_condition {
	struct str text;
	const struct rule *rule; /* NULL: of any code */
	bool any_owner;
	enum owner owner;
	uint64_t pods; /* pods for which it is true */
	struct str example;
};

struct cause_choice {
	const struct options *options;
	const struct rule **codes; /* any of these; none: any cause */
	size_t n_codes;
	struct cause_condition *conditions;
	size_t n_conditions;
	struct arena arena;
};

/* An unknown code is an error that suggests the nearest name. The rules must outlive the choice. */
int cause_choice_begin(struct cause_choice *c, const struct options *options,
		       const struct rules *rules, struct err *err);
/* Whether the user selected anything that pods without a cause cannot match. */
bool cause_choice_is_narrow(const struct cause_choice *c);
bool cause_choice_wants(const struct cause_choice *c, const struct diagnosis *d);
/* Notes which conditions are true of the pod, which was selected. */
void cause_choice_check(struct cause_choice *c, const struct timeline *t,
			const struct diagnosis *d);
/* Which conditions are true, one line each. */
void cause_choice_holds(const struct cause_choice *c, struct buf *text);
void cause_choice_free(struct cause_choice *c);
/* The code or id of that name; an unknown one is an error that suggests the nearest name. */
const struct rule *cause_choice_rule(const struct rules *rules, const char *option, struct str name,
				     struct err *err);
