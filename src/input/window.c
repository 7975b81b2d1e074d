/* SPDX-License-Identifier: Apache-2.0 */
#include "input/window.h"

#include "base/mem.h"

void window_open(struct window *w, struct files *files, size_t block_size)
{
	*w = (struct window){
		.files = files,
		.record_max = files->config.record_max,
		.block_size = block_size ? block_size : INPUT_BLOCK,
	};
}

void window_begin(struct window *w)
{
	if (!w->block)
		w->block = mem_alloc_pages(w->block_size);
	w->p = w->end = w->block;
	w->later = w->later_end = NULL;
	w->offset = w->files->skipped;
	w->line = 1;
	w->over = w->faulty = false;
}

void window_close(struct window *w)
{
	mem_free(w->block);
	buf_free(&w->carry);
}

bool window_more(struct window *w)
{
	ssize_t got;

	if (w->later) {
		w->p = w->later;
		w->end = w->later_end;
		w->later = NULL;
		if (w->p < w->end)
			return true;
	}
	if (w->over)
		return false;
	got = files_read(w->files, w->block, w->block_size, &w->fault);
	if (got <= 0) {
		w->over = true;
		w->faulty = got < 0;
		return false;
	}
	w->p = w->block;
	w->end = w->block + got;
	return true;
}

void window_back(struct window *w, struct str bytes, const char *to, bool collected)
{
	w->offset -= bytes.n - (size_t)(to - bytes.p);
	if (collected) {
		w->later = w->p;
		w->later_end = w->end;
		w->end = bytes.p + bytes.n;
	}
	w->p = to;
}
