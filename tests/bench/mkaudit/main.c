// SPDX-License-Identifier: Apache-2.0
/*
 * mkaudit: writes a synthetic audit log of a given size, for measuring; the same seed gives the
 * same bytes.
 *
 *     mkaudit [--size 1G] [--seed 1] [--profile A|B] [--truth FILE] [-o FILE]
 *
 * Records have Go's field order at level RequestResponse, stage ResponseComplete, with
 * managedFields, as Kubernetes 1.32 writes them. Pods have complete lifecycles (create, binding,
 * status writes, Events, delete) among the usual records: leases, configmaps, endpoint slices,
 * nodes, reviews, gets, lists and watches. In profile A pods and their Events are about a fifth of
 * the bytes, in profile B three fifths.
 *
 * The truth is a table: namespace, name, uid, and the requestReceivedTimestamp and stageTimestamp
 * of the create and of the first status write with Ready=True; empty where the log ends before it.
 * Rejected creates follow as lines that begin with '#'.
 *
 * Templates have ' instead of ", because no text here contains '.
 */
#include "mkaudit.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static void *grow(void *items, size_t *room, size_t size)
{
	*room = *room ? 2 * *room : 1024;
	void *grown = realloc(items, *room * size);
	if (!grown)
		abort();
	return grown;
}

static bool before(struct due a, struct due b)
{
	return a.at != b.at ? a.at < b.at : a.pod < b.pod;
}

static void heap_push(struct mk *mk, struct due due)
{
	if (mk->heap_count == mk->heap_room)
		mk->heap = grow(mk->heap, &mk->heap_room, sizeof(*mk->heap));
	size_t i = mk->heap_count++;
	for (; i && before(due, mk->heap[(i - 1) / 2]); i = (i - 1) / 2)
		mk->heap[i] = mk->heap[(i - 1) / 2];
	mk->heap[i] = due;
}

static struct due heap_pop(struct mk *mk)
{
	struct due top = mk->heap[0], last = mk->heap[--mk->heap_count];
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < mk->heap_count; i = child) {
		if (child + 1 < mk->heap_count && before(mk->heap[child + 1], mk->heap[child]))
			child++;
		if (!before(mk->heap[child], last))
			break;
		mk->heap[i] = mk->heap[child];
	}
	mk->heap[i] = last;
	return top;
}

static void pod_step(struct mk *mk, struct due due)
{
	struct pod *p = &mk->pods[due.pod];
	uint64_t start = mk->written + mk->used;
	p->version += 2;
	int64_t next = pod_write(mk, p, due.at);
	if (next)
		heap_push(mk, (struct due){ next, due.pod });
	mk->pod_bytes += mk->written + mk->used - start;
}

static void pod_begin(struct mk *mk)
{
	char suffix[8];
	if (mk->pod_count == mk->pod_room)
		mk->pods = grow(mk->pods, &mk->pod_room, sizeof(*mk->pods));
	struct pod *p = &mk->pods[mk->pod_count];
	*p = (struct pod){ .workload = below(mk, WORKLOADS),
			   .node = below(mk, NODES),
			   .version = 1000 + below(mk, 1 << 28) };
	struct workload *w = &mk->workloads[p->workload];
	tail_of_name(mk, suffix, 5);
	snprintf(p->name, sizeof(p->name), "%s-%s", w->owner, suffix);
	uuid(mk, p->uid);
	p->broken = below(mk, 200) == 0;
	p->unhealthy = below(mk, 5) == 0;
	if (below(mk, 25) ==
	    0) { /* over its quota; the controller tries again later, with another name */
		uint64_t start = mk->written + mk->used;
		put_create(mk, p, w, mk->now, true);
		mk->refused++;
		mk->pod_bytes += mk->written + mk->used - start;
		return;
	}
	heap_push(mk, (struct due){ mk->now, mk->pod_count++ });
}

static void generate(struct mk *mk)
{
	mk->now = 1794391200LL * SECOND; /* 2026-11-11T10:00:00Z */
	make_workloads(mk);
	while (mk->written + mk->used < mk->limit) {
		mk->now += about(mk, 16 * MSEC) / 1000 * 1000;
		while (mk->heap_count && mk->heap[0].at <= mk->now)
			pod_step(mk, heap_pop(mk));
		put_bulk(mk);
		if ((double)mk->pod_bytes < mk->share * (double)(mk->written + mk->used))
			pod_begin(mk);
	}
	flush(mk);
}

static int write_truth(const struct mk *mk, const char *path)
{
	FILE *f = fopen(path, "w");
	if (!f)
		return -1;
	fprintf(f, "namespace\tname\tuid\tcreated\tcreatedDone\tready\treadyDone\n");
	for (size_t i = 0; i < mk->pod_count; i++) {
		const struct pod *p = &mk->pods[i];
		if (!p->created)
			continue;
		fprintf(f, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", mk->workloads[p->workload].namespace,
			p->name, p->uid, micro(p->created).text, micro(p->created_done).text,
			p->ready ? micro(p->ready).text : "",
			p->ready ? micro(p->ready_done).text : "");
	}
	fprintf(f,
		"# refused creates: %" PRIu64 "\n# pods and Events: %.1f %% of %" PRIu64 " bytes\n",
		mk->refused, 100 * (double)mk->pod_bytes / (double)mk->written, mk->written);
	return fclose(f);
}

static uint64_t parse_size(const char *text)
{
	char *end;
	double n = strtod(text, &end);
	switch (*end) {
	case 'G':
		n *= 1 << 30;
		break;
	case 'M':
		n *= 1 << 20;
		break;
	case 'K':
		n *= 1 << 10;
		break;
	default:
		break;
	}
	return n > 0 ? (uint64_t)n : 0;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: mkaudit [--size 1G] [--seed 1] [--profile A|B] [--truth FILE] [-o FILE]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "size", required_argument, NULL, 'z' },
		{ "seed", required_argument, NULL, 's' },
		{ "profile", required_argument, NULL, 'p' },
		{ "truth", required_argument, NULL, 't' },
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	struct mk mk = { .random = 1, .out = stdout, .limit = 1u << 30, .share = 0.21 };
	const char *truth = NULL;
	for (int c; (c = getopt_long(argc, argv, "o:", options, NULL)) != -1;) {
		switch (c) {
		case 'z':
			mk.limit = parse_size(optarg);
			break;
		case 's':
			mk.random = strtoull(optarg, NULL, 10);
			break;
		case 'p':
			mk.share = strcmp(optarg, "B") == 0 ? 0.58 : 0.21;
			break;
		case 't':
			truth = optarg;
			break;
		case 'o':
			mk.out = fopen(optarg, "w");
			break;
		default:
			return usage();
		}
		if (!mk.out) {
			fprintf(stderr, "mkaudit: cannot write %s: %s\n", optarg, strerror(errno));
			return 1;
		}
	}
	if (!mk.limit || optind != argc)
		return usage();
	mk.text = malloc(BUFFER);
	if (!mk.text)
		abort();
	generate(&mk);
	int failed = fclose(mk.out) != 0 || (truth && write_truth(&mk, truth) != 0);
	if (failed)
		fprintf(stderr, "mkaudit: cannot write: %s\n", strerror(errno));
	for (int i = 0; i < WORKLOADS; i++) {
		free(mk.workloads[i].spec);
		free(mk.workloads[i].fields);
	}
	free(mk.text);
	free(mk.pods);
	free(mk.heap);
	return failed;
}
