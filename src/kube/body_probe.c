/* SPDX-License-Identifier: Apache-2.0 */
/* Probes of a container: which it has, and by when they must have had a result. */
#include "kube/body.h"

/* How a probe is paced, in seconds; what is not set has these values. */
struct pace {
	int64_t delay, period, timeout, successes, failures;
};

enum { PACE_MOST = 1000000 }; /* of each: so that no sum of products overflows */

static struct pace pace_of(struct json *j)
{
	struct pace pace = { .period = 10, .timeout = 1, .successes = 1, .failures = 3 };
	const struct {
		struct str key;
		int64_t *value;
	} keys[] = {
		{ STR("initialDelaySeconds"), &pace.delay },
		{ STR("periodSeconds"), &pace.period },
		{ STR("timeoutSeconds"), &pace.timeout },
		{ STR("successThreshold"), &pace.successes },
		{ STR("failureThreshold"), &pace.failures },
	};
	struct str key;

	json_object(j);
	while (json_key(j, &key)) {
		size_t i = 0;

		while (i < ARRAY_SIZE(keys) && !str_eq(key, keys[i].key))
			i++;
		if (i == ARRAY_SIZE(keys) || json_peek(j) != JSON_NUMBER)
			json_skip(j);
		else if (json_i64(j, keys[i].value))
			*keys[i].value = MAX(0, MIN(*keys[i].value, PACE_MOST));
	}
	return pace;
}

/* A probe that has not succeeded by that time behind the start has failed, and an Event says so. */
void body_probe(struct json *j, struct str key, struct container_spec *c)
{
	bool set = json_peek(j) == JSON_OBJECT;
	struct pace pace = { 0 };
	int64_t tries = 0;

	if (str_eq(key, STR("readinessProbe"))) {
		c->readiness_probe = set;
		pace = set ? pace_of(j) : pace;
		tries = pace.successes;
	} else if (str_eq(key, STR("startupProbe"))) {
		c->startup_probe = set; /* the other one waits for it */
		pace = set ? pace_of(j) : pace;
		tries = pace.failures;
	} else if (str_eq(key, STR("livenessProbe"))) {
		c->liveness_probe = set;
		set = false;
	} else {
		set = false;
	}
	if (!set)
		json_skip(j);
	else
		c->probed_by += (uint64_t)(pace.delay + pace.timeout + tries * pace.period);
}
