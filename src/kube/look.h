/* SPDX-License-Identifier: Apache-2.0 */
/* What looks like an audit log and is none. */
#ifndef LUNETTES_KUBE_LOOK_H
#define LUNETTES_KUBE_LOOK_H

#include "base/str.h"

/* What this line is instead of an audit event of Kubernetes: static; NULL: nothing that is known.
 */
const char *foreign_line(struct str line);

#endif
