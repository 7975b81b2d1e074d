/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/prelude.h"

#include <check.h>

Suite *suite_chrome(void);
Suite *suite_diff(void);
Suite *suite_inspection(void);
Suite *suite_jaeger(void);
Suite *suite_metrics(void);
Suite *suite_otlp(void);
Suite *suite_rows(void);
Suite *suite_slo_json(void);
Suite *suite_slo_line(void);
Suite *suite_story(void);
