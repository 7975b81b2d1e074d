/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of this program, with the decoder of kube as the user of wrap. */
#pragma once

#include "../kube/suites.h"

TCase *gke_tests(void);
TCase *join_tests(void);
TCase *look_tests(void);
TCase *unwrap_tests(void);
TCase *wrapper_tests(void);
