/* SPDX-License-Identifier: Apache-2.0 */
/* A pod whose deletion is logged: running since 2 s, deleted by a request at 50.3 s. */
#pragma once

#include "scene.h"

/* Created at 0.1 s, bound at 0.2 s; container app runs since 2 s. */
struct scene *dying_scene(const char *containers);
/* What the last record's object shows, deleted since `at`; finalizers NULL: not shown. */
struct fact *dying_shown(struct scene *s, nsec at, int32_t grace, const char *finalizers);
/* Alice's request at 50.3 s. */
void dying_asked(struct scene *s, int32_t grace, const char *finalizers);
/* The kubelet's last request, of which finalizers may keep it from being gone. */
void dying_released(struct scene *s, nsec at, const char *finalizers);
/* A status 0.5 s later shows the end of a container that ran since 2 s. */
void dying_stopped(struct scene *s, const char *container, nsec at);

void dying_check(const struct mark *m, nsec at, enum precision precision);
/* NULL: there is none. */
const struct stage *dying_stage(const struct deletion *d, enum lifecycle_stage stage,
				const char *subject);
void dying_check_stage(const struct deletion *d, enum lifecycle_stage stage, const char *subject,
		       nsec start, nsec end);
