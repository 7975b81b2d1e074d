/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kubernetes quantities ("500m", "0.5", "2", "128Mi", "1e3", "1G") with the suffixes of
 * resource.Quantity. Rounded up to thousandths or units like Quantity.MilliValue and .Value;
 * saturating.
 */
#pragma once

#include "base/str.h"

bool quantity_milli(struct str text, int64_t *ret_milli); /* cpu: thousandths of a core */
bool quantity_value(struct str text, int64_t *ret_value); /* memory: bytes */
