/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pod.h"

Suite *suite_burn(void);
Suite *suite_class(void);
Suite *suite_compare(void);
Suite *suite_condition(void);
Suite *suite_dimension(void);
Suite *suite_findings(void);
Suite *suite_objectives(void);
Suite *suite_outcome(void);
Suite *suite_report(void);
Suite *suite_settings(void);
Suite *suite_time(void);
Suite *suite_verdict(void);
