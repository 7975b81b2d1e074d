/* SPDX-License-Identifier: Apache-2.0 */
/* Objects as dumps hold them (kubectl get -o json, must-gathers, exporters) to records. */
#include "kube/audit.h"

int object_value(struct decoder *d, const struct audit *a, struct str raw, struct err *err)
{
	return 0;
}
