/* SPDX-License-Identifier: Apache-2.0 */
#include "input/join.h"

enum join_result join_text(struct join *j, struct text *text)
{
	return JOIN_WHOLE;
}

bool join_end(struct join *j, struct text *ret_text)
{
	return false;
}

void join_free(struct join *j)
{
	buf_free(&j->out);
}
