/* SPDX-License-Identifier: Apache-2.0 */
/* Checks, normalizes and counts records before they are sent. */
#include "base/hash.h"
#include "base/utf8.h"
#include "kube/audit.h"
#include "kube/kinds.h"

static bool has_nul(struct str s)
{
	return s.n && memchr(s.p, 0, s.n) != NULL;
}

static int compare_nsec(nsec a, nsec b)
{
	return (a > b) - (a < b);
}

/* Written facts come before those only read back; then by kind, subject and time. */
static int fact_order(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int c = (int)y->written - (int)x->written;

	c = c ? c : (int)x->kind - (int)y->kind;
	c = c ? c : str_cmp(x->subject, y->subject);
	c = c ? c : compare_nsec(x->begin, y->begin);
	c = c ? c : compare_nsec(x->at, y->at);
	c = c ? c : str_cmp(x->reason, y->reason);
	c = c ? c : (int)x->truth - (int)y->truth;
	c = c ? c : (x->code > y->code) - (x->code < y->code);
	c = c ? c : (x->count > y->count) - (x->count < y->count);
	c = c ? c : (int)x->precision - (int)y->precision;
	c = c ? c : (int)x->origin - (int)y->origin;
	return c ? c : str_cmp(x->message, y->message);
}

/* A log shipper may have re-serialized the record: the order of its keys must not matter. */
static void canonical_facts(struct fact *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		facts[i].message.n = MIN(facts[i].message.n, (size_t)DECODE_MESSAGE_MAX);
	if (n > 1)
		qsort(facts, n, sizeof(*facts), fact_order);
}

/* Invalid UTF-8 is used, shown as U+FFFD, and reported. */
static void check_text(struct decoder *d, const struct record *r)
{
	bool good = utf8_valid(r->namespace) && utf8_valid(r->name) && utf8_valid(r->actor);

	for (size_t i = 0; i < r->n_facts && good; i++)
		good = utf8_valid(r->facts[i].subject) && utf8_valid(r->facts[i].reason) &&
		       utf8_valid(r->facts[i].message);
	if (good)
		return;
	d->ingest.invalidText++;
	audit_note(d, DECODE_BYTES, NULL, 0);
}

/* Some log shippers replace a body that is too large by a string. */
static bool is_shown(struct str raw)
{
	return raw.n && (raw.p[0] == '{' || raw.p[0] == '[');
}

int audit_emit(struct decoder *d, const struct audit *a, struct record *r, struct err *err)
{
	/* names end with NUL in the sort key; Kubernetes names contain none */
	if (has_nul(r->namespace) || has_nul(r->name) || has_nul(a->cluster)) {
		audit_malformed(d, "a NUL byte in a name", 0);
		return 0;
	}
	check_text(d, r);
	r->cluster = a->cluster;
	r->audit_id = a->audit_id;
	r->audit_stage = a->stage;
	r->verb = a->verb;
	r->uri_hash = hash_str(a->uri, 0);
	r->received = a->received;
	r->completed = a->completed;
	r->origin = a->origin;
	r->status = a->code;
	r->bodies = (is_shown(a->request) ? BODY_REQUEST : 0u) |
		    (is_shown(a->response) ? BODY_RESPONSE : 0u);
	if (!r->node.p)
		r->node = a->node;
	r->position = d->position;
	r->dumped = a->dumped;
	audit_node_clock(d, r);
	canonical_facts((struct fact *)(uintptr_t)r->facts, r->n_facts); /* the line's own list */
	if (d->config.attach)
		r->attached = d->config.attach(d->config.attach_ctx, a, r, &d->arena);
	object_count(&d->ingest, object_row(r->kind)->in_records);
	return d->config.record(d->config.ctx, r, err);
}
