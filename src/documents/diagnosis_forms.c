/* SPDX-License-Identifier: Apache-2.0 */
/* Which form of a diagnosis is asked for. */
#include "documents/parts.h"

void diagnosis_begin(struct diagnosis_out *o)
{
	switch (o->format) {
	case DIAGNOSIS_JSON:
		o->json = json_writer_of(&o->page.out);
		put_head(&o->json, "DiagnosisReport");
		basis_json(&o->json, o->page.basis);
		put_array(&o->json, "diagnoses");
		break;
	case DIAGNOSIS_CSV:
	case DIAGNOSIS_TSV:
		o->csv = csv_of(&o->page.out, o->format == DIAGNOSIS_TSV);
		if (!o->page.style.no_headers)
			diagnosis_rows_header(o);
		break;
	case DIAGNOSIS_JUNIT:
		junit_begin(o);
		break;
	default:
		break;
	}
}

void diagnosis_put(struct diagnosis_out *o, const struct diagnosed *p)
{
	struct json_writer w;

	switch (o->format) {
	case DIAGNOSIS_PAGE:
		diagnosis_page_pod(&o->page, p);
		break;
	case DIAGNOSIS_JSON:
		diagnosis_json_pod(&o->json, p, o->page.basis);
		break;
	case DIAGNOSIS_JSONL:
		w = json_writer_of(&o->page.out);
		diagnosis_json_pod(&w, p, o->page.basis);
		buf_add_char(&o->page.out, '\n');
		break;
	case DIAGNOSIS_CSV:
	case DIAGNOSIS_TSV:
		diagnosis_rows_pod(o, p);
		break;
	case DIAGNOSIS_JUNIT:
		junit_pod(o, p);
		break;
	}
	o->page.shown++;
}

void diagnosis_end(struct diagnosis_out *o, const struct fleet *totals)
{
	if (o->format == DIAGNOSIS_JSON) {
		json_end_array(&o->json);
		fleet_put_totals(&o->json, totals);
		json_end_object(&o->json);
		buf_add_char(&o->page.out, '\n');
	} else if (o->format == DIAGNOSIS_JUNIT) {
		junit_end(o);
	} else if (o->format == DIAGNOSIS_PAGE) {
		diagnosis_page_end(&o->page);
	}
}

void diagnosis_free(struct diagnosis_out *o)
{
	if (o->format == DIAGNOSIS_JUNIT)
		junit_free(o);
	buf_free(&o->page.out);
}
