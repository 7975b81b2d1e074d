/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of attributes while they grow. */
#include "trace/draft.h"

static struct attribute *add_attribute(struct attribute_list *l, const char *key,
				       enum attribute_type type)
{
	struct attribute *a;

	arena_reserve(l->arena, l->list, l->n, l->cap);
	a = &l->list[l->n++];
	*a = (struct attribute){ .key = str_from(key), .type = type };
	return a;
}

void attribute_text(struct attribute_list *l, const char *key, struct str text)
{
	if (text.n)
		add_attribute(l, key, ATTRIBUTE_TEXT)->text = text;
}

void attribute_time(struct attribute_list *l, const char *key, nsec at)
{
	char text[CLOCK_TEXT];

	attribute_text(l, key, arena_str(l->arena, (struct str){ text, clock_format(at, text) }));
}

void attribute_number(struct attribute_list *l, const char *key, int64_t number)
{
	add_attribute(l, key, ATTRIBUTE_NUMBER)->number = number;
}

void attribute_true(struct attribute_list *l, const char *key, bool truth)
{
	if (truth)
		add_attribute(l, key, ATTRIBUTE_TRUTH)->number = 1;
}

void attribute_texts(struct attribute_list *l, const char *key, const struct str *texts, size_t n)
{
	struct attribute *a;

	if (!n)
		return;
	a = add_attribute(l, key, ATTRIBUTE_TEXTS);
	a->texts = texts;
	a->n_texts = n;
}

void attribute_names(struct attribute_list *l, const char *key, struct str joined)
{
	struct str *names, rest = joined, name;
	size_t n = 0;

	if (!joined.n)
		return;
	for (size_t i = 0; i < joined.n; i++)
		n += joined.p[i] == ',';
	names = arena_array(l->arena, struct str, n + 1);
	n = 0;
	while (str_cut(rest, ',', &name, &rest))
		names[n++] = name;
	names[n++] = rest;
	attribute_texts(l, key, names, n);
}

void attribute_seconds(struct attribute_list *l, const char *key, nsec duration)
{
	if (nsec_known(duration))
		add_attribute(l, key, ATTRIBUTE_SECONDS)->number = duration;
}

/* HOST:PORT/PATH:TAG@DIGEST: the colon of a tag comes after the last slash. */
void attribute_image(struct attribute_list *l, struct str image)
{
	struct str name = image, digest = { 0 }, head, tag, *one;

	if (!image.n)
		return;
	str_cut(image, '@', &name, &digest);
	if (str_cut_last(name, ':', &head, &tag) && !memchr(tag.p, '/', tag.n)) {
		name = head;
		one = arena_new(l->arena, struct str);
		*one = tag;
		attribute_texts(l, "container.image.tags", one, tag.n ? 1 : 0);
	}
	if (digest.n) {
		one = arena_new(l->arena, struct str);
		*one = arena_printf(l->arena, STR_FMT "@" STR_FMT, STR_ARG(name), STR_ARG(digest));
		attribute_texts(l, "container.image.repo_digests", one, 1);
	}
	attribute_text(l, "container.image.name", name);
}

void attribute_evidence(const struct draft *d, struct attribute_list *l, bool start,
			const struct entry *e)
{
	const char *audit_id = start ? "lunettes.start_audit_id" : "lunettes.audit_id";
	const char *evidence = start ? "lunettes.start_evidence" : "lunettes.evidence";

	if (!e)
		return;
	attribute_text(l, audit_id, e->audit_id);
	if (d->settings->place)
		attribute_text(l, evidence,
			       d->settings->place(d->settings->place_ctx, d->arena, e->position));
}
