/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of a form of pages. All text is safe for a terminal, but not escaped yet. */
#pragma once

#include "page/page.h"

struct page_form {
	void (*head)(struct page *p, struct str name, struct str rest, bool sentence);
	void (*title)(struct page *p, const char *whose, struct str title);
	void (*subtitle)(struct page *p, const char *title);
	void (*paragraph)(struct page *p, struct str text, enum page_place place);
	void (*item)(struct page *p, struct str text, unsigned level, unsigned lines);
	void (*value)(struct page *p, struct str text, const char *key, enum page_wrap wrap);
	void (*table)(struct page *p, const struct table *t);
	void (*log)(struct page *p, const struct page_log *log);
	void (*evidence)(struct page *p, const struct page_evidence *list, size_t n, nsec day);
	void (*drawing)(struct page *p, struct str lines);
	void (*hint)(struct page *p, struct str text, enum page_place place);
	void (*join)(struct page *p, struct str written);
	void (*gap)(struct page *p);
	bool brief;
};

extern const struct page_form page_terminal, page_markdown;

/* The collected text, safe; valid until more is collected. */
struct str page_gathered(struct page *p);
