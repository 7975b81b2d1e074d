/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/diagnosis.h"

static void put_page(struct diagnosis_out *o, const struct diagnosed *p)
{
	diagnosis_page_pod(&o->page, p);
}

static void end_page(struct diagnosis_out *o, const struct fleet *totals)
{
	diagnosis_page_end(&o->page);
}

const struct diagnosis_form diagnosis_as_page = { .put = put_page, .end = end_page };

void diagnosis_begin(struct diagnosis_out *o)
{
	if (o->form->begin)
		o->form->begin(o);
}

void diagnosis_put(struct diagnosis_out *o, const struct diagnosed *p)
{
	o->form->put(o, p);
	o->page.shown++;
}

void diagnosis_end(struct diagnosis_out *o, const struct fleet *totals)
{
	if (o->form->end)
		o->form->end(o, totals);
}

void diagnosis_free(struct diagnosis_out *o)
{
	if (o->form && o->form->free)
		o->form->free(o);
	buf_free(&o->page.out);
}
