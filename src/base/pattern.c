/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pattern.h"

bool pattern_match(struct str pattern, struct str name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, retry = 0;

	/* Only the last star can need another try: everything before it has matched for good. */
	while (n < name.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			retry = n;
		} else if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == name.p[n])) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++retry;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}
