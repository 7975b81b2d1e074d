/* SPDX-License-Identifier: Apache-2.0 */
#include "input/yaml.h"

#include "base/mem.h"

#include <yaml.h>

struct yaml {
	struct stream *from;
};

bool yaml_is(struct str head)
{
	return false;
}

struct yaml *yaml_open(struct stream *from, size_t record_max, yaml_note *note, void *ctx)
{
	struct yaml *y = mem_zalloc(sizeof(*y));

	y->from = from;
	return y;
}

int yaml_next(struct yaml *y, struct text *ret_text, struct stream_fault *fault)
{
	return 0;
}

void yaml_close(struct yaml *y)
{
	mem_free(y);
}
