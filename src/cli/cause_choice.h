/* SPDX-License-Identifier: Apache-2.0 */
/* Which causes a user asks for, and which decide the exit status. */
#pragma once

#include "cli/options.h"
#include "diagnose/diagnose.h"

/* A word of --fail-on: any cause, those of an owner, or those of a code. */
struct cause_condition {
	struct str text;
	const struct rule *rule; /* NULL: of any code */
	bool any_owner;
	enum owner owner;
	uint64_t pods; /* for which it is true */
	struct str example;
};

struct cause_choice {
	const struct options *options;
	const struct rule **codes; /* any of; none: any */
	size_t n_codes;
	struct cause_condition *conditions;
	size_t n_conditions;
	struct arena arena;
};

/* A word that is no code: an error with the nearest name. The rules must outlive the choice. */
int cause_choice_begin(struct cause_choice *c, const struct options *options,
		       const struct rules *rules, struct err *err);
/* Whether anything was asked for that pods without a cause do not have. */
bool cause_choice_is_narrow(const struct cause_choice *c);
bool cause_choice_wants(const struct cause_choice *c, const struct diagnosis *d);
/* Notes the conditions that are true of the pod, which is wanted. */
void cause_choice_check(struct cause_choice *c, const struct timeline *t,
			const struct diagnosis *d);
/* Which conditions are true, a line each. */
void cause_choice_holds(const struct cause_choice *c, struct buf *text);
void cause_choice_free(struct cause_choice *c);
/* The code or id of that name; an unknown one is an error with the nearest name. */
const struct rule *cause_choice_rule(const struct rules *rules, const char *option, struct str name,
				     struct err *err);
