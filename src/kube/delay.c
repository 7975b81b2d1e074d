/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/delay.h"

#include "base/mem.h"

enum { OCTAVE = 8, MICROSECOND = 1000 };

/* The first OCTAVE steps are 1 us each; then each power of two has OCTAVE steps. */
static unsigned step_of(nsec delay)
{
	uint64_t v = delay > 0 ? (uint64_t)delay / MICROSECOND : 0;
	unsigned power, step;

	if (v < OCTAVE)
		return (unsigned)v;
	power = 63 - (unsigned)__builtin_clzll(v);
	step = (power - 2) * OCTAVE + (unsigned)(v >> (power - 3) & (OCTAVE - 1));
	return MIN(step, (unsigned)DELAY_STEPS - 1);
}

/* The end of a step. */
static nsec end_of(unsigned step)
{
	unsigned power = step / OCTAVE + 2;

	if (step < OCTAVE)
		return ((nsec)step + 1) * MICROSECOND;
	return ((nsec)(OCTAVE + step % OCTAVE + 1) << (power - 3)) * MICROSECOND;
}

static void widen(struct delays *d, nsec least, nsec most)
{
	d->least = d->n ? MIN(d->least, least) : least;
	d->most = d->n ? MAX(d->most, most) : most;
}

void delays_add(struct delays *d, nsec delay)
{
	if (!d->steps)
		d->steps = mem_zalloc(DELAY_STEPS * sizeof(*d->steps));
	widen(d, delay, delay);
	d->n++;
	d->steps[step_of(delay)]++;
}

void delays_join(struct delays *to, const struct delays *from)
{
	if (!from->n)
		return;
	if (!to->steps)
		to->steps = mem_zalloc(DELAY_STEPS * sizeof(*to->steps));
	widen(to, from->least, from->most);
	to->n += from->n;
	for (unsigned i = 0; i < DELAY_STEPS; i++)
		to->steps[i] += from->steps[i];
}

void delays_free(struct delays *d)
{
	mem_free(d->steps);
	*d = (struct delays){ 0 };
}

nsec delays_quantile(const struct delays *d, unsigned percent)
{
	uint64_t rank = (d->n * percent + 99) / 100, sum = 0;
	unsigned i = 0;

	while (i + 1 < DELAY_STEPS && (sum += d->steps[i]) < rank)
		i++;
	return MIN(end_of(i), MAX(d->most, 0));
}
