/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scene.h"

Suite *suite_containers(void);
Suite *suite_coverage(void);
Suite *suite_created(void);
Suite *suite_deleted(void);
Suite *suite_deletion(void);
Suite *suite_gone(void);
Suite *suite_upgrade(void);
Suite *suite_claims(void);
Suite *suite_dumps(void);
Suite *suite_folding(void);
Suite *suite_images(void);
Suite *suite_lifecycle(void);
Suite *suite_lives(void);
Suite *suite_many(void);
Suite *suite_node(void);
Suite *suite_ready(void);
Suite *suite_refused(void);
Suite *suite_regained(void);
Suite *suite_running(void);
Suite *suite_scheduling(void);
Suite *suite_sight(void);
Suite *suite_silence(void);
Suite *suite_stages(void);
Suite *suite_workload(void);
