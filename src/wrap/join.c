/* SPDX-License-Identifier: Apache-2.0 */
#include "wrap/join.h"

#include "base/mem.h"
#include "json/fields.h"
#include "json/scan.h"
#include "wrap/wrapping.h"

static const char too_many[] = "too much waits for its end";

enum { KEY_MAX = 256 /* relevant bytes of a stream's name */ };

/* A record with some of its pieces. */
struct joining {
	struct buf key, bytes;
	struct scan scan;
	enum scan_result end; /* state of the JSON value in the bytes so far */
	uint64_t line, offset;
	bool too_long;
};

/* A text that may be a piece. */
struct piece {
	char key[KEY_MAX]; /* of its stream */
	size_t key_n;
	struct str prefix, content; /* the prefix is kept before the joined content */
	enum { PIECE_UNKNOWN, PIECE_MORE, PIECE_LAST } kind;
	/* JSON fields; the first two are raw */
	struct str log, message, tag, partial, last, id;
	bool vector;
	bool marked; /* it has a key that pieces have, whatever its value */
};

static void key_add(struct piece *p, struct str part)
{
	size_t n = MIN(part.n, sizeof(p->key) - p->key_n);

	if (n)
		memcpy(p->key + p->key_n, part.p, n);
	p->key_n += n;
}

static void waiting_drop(struct join *j, size_t at)
{
	buf_free(&j->list[at].key);
	buf_free(&j->list[at].bytes);
	j->n--;
	memmove(&j->list[at], &j->list[at + 1], (j->n - at) * sizeof(*j->list));
}

static void waiting_lose(struct join *j, size_t at, const char *why)
{
	assert(j->n_lost < ARRAY_SIZE(j->lost)); /* the caller reads them after each call */
	j->lost[j->n_lost++] = (struct join_lost){ j->list[at].line, j->list[at].offset, why };
	waiting_drop(j, at);
}

/* Sorted by their first pieces. SIZE_MAX: none is waiting. */
static size_t waiting_find(const struct join *j, const struct piece *p)
{
	for (size_t i = 0; i < j->n; i++)
		if (str_eq(buf_str(&j->list[i].key), (struct str){ p->key, p->key_n }))
			return i;
	return SIZE_MAX;
}

static size_t waiting_bytes(const struct join *j)
{
	size_t sum = 0;

	for (size_t i = 0; i < j->n; i++)
		sum += j->list[i].bytes.n;
	return sum;
}

/* Unfinished records share a memory limit. Beyond it the oldest are dropped, but not the current
 * one, which has its own limit. */
static void trim(struct join *j, size_t at)
{
	while (j->n > 1 && waiting_bytes(j) > 2 * j->record_max) {
		waiting_lose(j, at == 0 ? 1 : 0, too_many);
		at -= at > 0;
	}
}

static void append(struct join *j, struct joining *w, struct str content)
{
	size_t used;

	if (w->too_long || content.n > j->record_max - MIN(w->bytes.n, j->record_max)) {
		w->too_long = true;
		buf_free(&w->bytes);
		w->bytes = (struct buf){ 0 };
		return;
	}
	buf_add_str(&w->bytes, content);
	if (w->end == SCAN_MORE)
		w->end = scan_feed(&w->scan, content, &used);
}

/* Handles the first piece. */
static void begin(struct join *j, const struct piece *p, const struct join_line *text)
{
	struct joining *w;

	if (!j->list)
		j->list = mem_alloc(JOIN_WAITING * sizeof(*j->list));
	if (j->n == JOIN_WAITING)
		waiting_lose(j, 0, too_many);
	w = &j->list[j->n++];
	*w = (struct joining){ .line = text->line, .offset = text->offset, .end = SCAN_MORE };
	scan_start(&w->scan);
	buf_add(&w->key, p->key, p->key_n);
	buf_add_str(&w->bytes, p->prefix);
	if (p->prefix.n)
		buf_add(&w->bytes, "F ", 2);
	append(j, w, p->content);
	trim(j, j->n - 1);
}

static enum join_result finish(struct join *j, size_t at, struct join_line *text)
{
	struct joining *w = &j->list[at];
	struct buf spare = j->out;

	if (w->too_long) {
		waiting_lose(j, at, "longer than a record may be (--max-record)");
		return JOIN_WAITS;
	}
	text->line = w->line;
	text->offset = w->offset;
	j->out = w->bytes;
	w->bytes = spare;
	waiting_drop(j, at);
	while (j->out.n && (j->out.p[j->out.n - 1] == '\n' || j->out.p[j->out.n - 1] == '\r'))
		j->out.n--;
	text->bytes = buf_str(&j->out);
	return JOIN_JOINED;
}

/* Does the content begin a JSON value that continues in another piece? */
static bool goes_on(struct str content)
{
	struct scan scan;
	size_t used;

	if (!content.n || content.p[0] != '{')
		return false;
	scan_start(&scan);
	return scan_feed(&scan, content, &used) == SCAN_MORE;
}

static enum join_result take_piece(struct join *j, const struct piece *p, struct join_line *text)
{
	size_t at = waiting_find(j, p);
	bool newline = p->content.n && p->content.p[p->content.n - 1] == '\n';
	bool last = p->kind == PIECE_LAST || (p->kind == PIECE_UNKNOWN && newline);

	if (at == SIZE_MAX) {
		if (last || (p->kind == PIECE_UNKNOWN && !goes_on(p->content)))
			return JOIN_WHOLE;
		begin(j, p, text);
		return JOIN_WAITS;
	}
	append(j, &j->list[at], p->content);
	if (last || (p->kind == PIECE_UNKNOWN && j->list[at].end != SCAN_MORE))
		return finish(j, at, text);
	trim(j, at);
	return JOIN_WAITS;
}

/* CRI: TIME stdout|stderr P|F[:...] CONTENT */

static bool cri_piece(struct str line, struct piece *p)
{
	struct str time, stream, tag, rest;

	if (!str_cut(line, ' ', &time, &rest) || time.n < 20 || time.p[10] != 'T' ||
	    !str_cut(rest, ' ', &stream, &rest) ||
	    (!str_eq(stream, STR("stdout")) && !str_eq(stream, STR("stderr"))))
		return false;
	if (!str_cut(rest, ' ', &tag, &rest)) {
		tag = rest;
		rest = (struct str){ 0 };
	}
	if (tag.n == 0 || (tag.p[0] != 'P' && tag.p[0] != 'F') || (tag.n > 1 && tag.p[1] != ':'))
		return false;
	key_add(p, stream);
	p->kind = tag.p[0] == 'P' ? PIECE_MORE : PIECE_LAST;
	p->prefix = str_from_to(line.p, tag.p);
	p->content = rest;
	return true;
}

/* JSON: Docker's json-file, Fluent Bit, Fluentd, Vector */

/* Container names are part of the stream's key. */
static void add_name(struct json *j, void *object)
{
	struct str text;

	if (json_text(j, &text))
		key_add(object, text);
}

/* Keys that pieces have, whatever their values: "_partial":false may be the last one's. */

static void read_log(struct json *j, void *object)
{
	struct piece *p = object;

	p->marked = true;
	if (json_peek(j) == JSON_STRING)
		json_raw(j, &p->log);
	else
		json_skip(j);
}

static void read_tag(struct json *j, void *object)
{
	struct piece *p = object;

	p->marked = true;
	json_text(j, &p->tag);
}

static void read_partial(struct json *j, void *object)
{
	struct piece *p = object;

	p->marked = true;
	json_text(j, &p->partial);
}

static void read_vector(struct json *j, void *object)
{
	struct piece *p = object;

	p->marked = true;
	json_bool(j, &p->vector);
}

/* clang-format off */
#define NAMES                                                                                      \
	JSON_OTHER("stream", add_name), JSON_OTHER("container_id", add_name),                      \
	JSON_OTHER("container_name", add_name), JSON_OTHER("docker_id", add_name),                 \
	JSON_OTHER("pod_id", add_name), JSON_OTHER("pod_name", add_name),                          \
	JSON_OTHER("namespace_name", add_name), JSON_OTHER("file", add_name),                      \
	JSON_OTHER("host", add_name)
static const struct json_field name_fields[] = { NAMES };
static const struct json_field piece_fields[] = {
	JSON_OTHER("log", read_log),
	JSON_FIELD(RAW, "message", struct piece, message),
	JSON_OTHER("logtag", read_tag),
	JSON_OTHER("partial_message", read_partial),
	JSON_FIELD(TEXT, "partial_last", struct piece, last),
	JSON_FIELD(TEXT, "partial_id", struct piece, id),
	JSON_OTHER("_partial", read_vector),
	JSON_INSIDE("kubernetes", name_fields),
	JSON_INSIDE("docker", name_fields),
	NAMES,
};
#undef NAMES
/* clang-format on */

static bool json_piece(struct str text, struct arena *arena, struct piece *p)
{
	struct json j = json_of(text, arena);

	json_fields(&j, piece_fields, ARRAY_SIZE(piece_fields), p);
	/* a message without any mark of a piece need not be decoded */
	if (!json_end(&j) || !p->marked ||
	    !(raw_text(p->log, arena, &p->content) || raw_text(p->message, arena, &p->content)))
		return false;
	if (p->id.n) {
		p->key_n = 0;
		key_add(p, p->id);
	}
	if (str_eq(p->tag, STR("P")) || p->vector)
		p->kind = PIECE_MORE;
	else if (p->partial.n)
		p->kind = str_eq(p->last, STR("true")) ? PIECE_LAST : PIECE_MORE;
	else if (p->tag.n)
		p->kind = PIECE_LAST;
	return true;
}

enum join_result join_text(struct join *j, struct join_line *text)
{
	static const struct str audit = { "{\"kind\":\"Event\",\"apiVersion\":\"audit", 35 };
	struct str bytes = text->bytes;
	struct piece p = { .kind = PIECE_UNKNOWN };
	enum join_result result = JOIN_WHOLE;
	struct arena arena = { 0 };

	if (!bytes.n || str_starts(bytes, audit))
		return JOIN_WHOLE;
	if (bytes.p[0] >= '0' && bytes.p[0] <= '9')
		return cri_piece(bytes, &p) ? take_piece(j, &p, text) : JOIN_WHOLE;
	if (bytes.p[0] == '{' && json_piece(bytes, &arena, &p))
		result = take_piece(j, &p, text);
	arena_free(&arena);
	return result;
}

void join_end(struct join *j)
{
	while (j->n)
		waiting_lose(j, 0, NULL);
}

bool join_next_lost(struct join *j, struct join_lost *ret_lost)
{
	if (!j->n_lost)
		return false;
	*ret_lost = j->lost[0];
	j->n_lost--;
	memmove(j->lost, j->lost + 1, j->n_lost * sizeof(*j->lost));
	return true;
}

void join_free(struct join *j)
{
	while (j->n)
		waiting_drop(j, 0);
	mem_free(j->list);
	buf_free(&j->out);
}
