/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in memory, for those who read them and those who match facts against them. */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "diagnose/pattern.h"
#include "diagnose/rules.h"

/*
 * Tests are functions (tests.h) for what no matcher can say: the name by which rules call each,
 * which lunettes-rules(5) explains, and the function.
 */
#define MATCH_TESTS(X)                                                                             \
	X(noScheduler, no_scheduler)                                                               \
	X(preemptionPending, preemption_pending)                                                   \
	X(kubeletSilent, kubelet_silent)                                                           \
	X(graceOverrun, grace_overrun)                                                             \
	X(stuckTerminating, stuck_terminating)                                                     \
	X(nodeUnreachable, node_unreachable)                                                       \
	X(stopHangs, stop_hangs)                                                                   \
	X(forceDeleted, force_deleted)                                                             \
	X(upgradeFailed, upgrade_failed)                                                           \
	X(provisionerSilent, provisioner_silent)

#define RULE_REPLACED UINT32_MAX /* its rule is written again in a later file */

/* Numbers of matchers that may match what is at hand. */
struct candidates {
	uint32_t *list;
	size_t n, cap;
};

struct rules {
	struct rule *list;
	size_t n, cap;
	struct matcher *matchers; /* the excuses among them */
	size_t n_matchers, matchers_cap;
	struct map codes, ids;
	uint32_t *by_id;  /* numbers of rules in order of their ids; made by rules_finish */
	struct map words; /* kind and word */
	struct candidates *by_words; /* as words */
	size_t by_words_cap;
	struct candidates any[MATCH_KINDS]; /* those that ask for no word */
	struct pattern **patterns;	    /* of the matchers; NULL: none, or not compiled yet */
	struct arena arena;
};

/* The rules that the program carries; the ranks of rules are their numbers. Made by make_tables. */
extern const struct rule builtin_rules[];
extern const size_t n_builtin_rules;
extern const struct matcher builtin_matchers[];
extern const size_t n_builtin_matchers;

/* Adds a rule, or replaces the one with its code, and gives it its rank: its number. */
uint32_t rules_put(struct rules *r, const struct rule *rule);
/* Those that ask for that word; those that ask for none come by rules->any. */
const struct candidates *rules_asking(const struct rules *r, enum match_kind kind, struct str word);
/*
 * The text is what the matcher asks for, or it asks for none. Expressions are compiled when they
 * are first needed: a run needs few of them.
 */
bool rules_find_text(const struct rules *r, const struct matcher *m, struct str text,
		     struct captures *ret);
