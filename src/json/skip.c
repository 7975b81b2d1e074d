/* SPDX-License-Identifier: Apache-2.0 */
/* Selects the implementation that skips containers; here is the one in portable C. */
#include "json/internal.h"

#include <stdatomic.h>

/* The quote that closes the string at p: the first one after an even number of backslashes. */
static const char *close_quote(const char *p, const char *end)
{
	while (p < end) {
		const char *quote = memchr(p, '"', (size_t)(end - p)), *run = quote;

		if (!quote)
			return NULL;
		while (run > p && run[-1] == '\\')
			run--;
		if ((quote - run) % 2 == 0)
			return quote;
		p = quote + 1;
	}
	return NULL;
}

static const char *skip_scalar(const char *p, const char *end)
{
	size_t depth = 0;

	for (; p < end; p++) {
		char c = *p;

		if (c == '"') {
			p = close_quote(p + 1, end);
			if (!p)
				return NULL;
		} else if ((c | 0x20) == '{') { /* 0x20 is the difference of brackets and braces */
			depth++;
		} else if ((c | 0x20) == '}' && --depth == 0) {
			return p + 1;
		} else if (c == '\\' && end - p > 1 && (p[1] == '"' || p[1] == '\\')) {
			p++; /* invalid, but the other implementations agree: an escaped quote */
		}
	}
	return NULL;
}

static json_skip_fn *supported(enum json_simd which)
{
#ifdef __x86_64__
	if (which == JSON_SIMD_SSE2)
		return json_skip_sse2;
	if (which == JSON_SIMD_AVX2 && __builtin_cpu_supports("avx2") &&
	    __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt"))
		return json_skip_avx2;
#endif
	return which == JSON_SIMD_SCALAR ? skip_scalar : NULL;
}

static json_skip_fn skip_first;

/* The room's only variable: a property of the processor. Threads that race store the same value. */
static _Atomic(json_skip_fn *) skip_chosen = skip_first;

static const char *skip_first(const char *p, const char *end)
{
	json_skip_use(JSON_SIMD_AUTO);
	return json_skip_container(p, end);
}

bool json_skip_use(enum json_simd which)
{
	json_skip_fn *fn = NULL;

	if (which != JSON_SIMD_AUTO)
		fn = supported(which);
	else
		for (int best = JSON_SIMD_AVX2; !fn; best--)
			fn = supported((enum json_simd)best);
	if (!fn)
		return false;
	atomic_store_explicit(&skip_chosen, fn, memory_order_relaxed);
	return true;
}

const char *json_skip_container(const char *p, const char *end)
{
	return atomic_load_explicit(&skip_chosen, memory_order_relaxed)(p, end);
}
