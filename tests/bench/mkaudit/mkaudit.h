// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of mkaudit, see main.c. Text lives for a line, all else for the run. */
#ifndef MKAUDIT_H
#define MKAUDIT_H
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SECOND 1000000000LL
#define MSEC 1000000LL

enum { NODES = 60, WORKLOADS = 220, NAMESPACES = 24, SERVERS = 3 };

struct workload {
	char namespace[24], name[40], owner[56], owner_uid[40], image[64];
	bool job;
	int containers;
	int64_t pull, warm_up; /* means */
	char *spec, *fields;   /* rendered once */
};

enum step {
	CREATE,
	BIND,
	SCHEDULED,
	GET_1,
	STATUS_CREATING,
	PULLING,
	PULLED,
	CREATED,
	STARTED,
	GET_2,
	STATUS_RUNNING,
	UNHEALTHY,
	GET_3,
	STATUS_READY,
	PULL_FAILED,
	BACK_OFF,
	DELETE,
	KILLING,
	GET_4,
	STATUS_ENDED,
	DELETE_LAST,
	GONE,
};

struct pod {
	char name[64], uid[40];
	int workload, node, version;
	bool broken, unhealthy;
	enum step step;
	int64_t created, created_done, ready, ready_done, started, deleted, event;
	int back_offs;
};

struct due {
	int64_t at;
	size_t pod;
};

struct mk {
	uint64_t random;
	FILE *out;
	char *text;
	size_t used;
	uint64_t written, pod_bytes, limit;
	double share;
	int64_t now;
	struct workload workloads[WORKLOADS];
	struct pod *pods;
	size_t pod_count, pod_room;
	struct due *heap;
	size_t heap_count, heap_room;
	uint64_t refused;
};

/* text.c: chance, and the text of records. */
/* One record's text grows at mk->text + mk->used; there is always room, because no record exceeds
 * the buffer's reserve. */
enum { BUFFER = 4 << 20, RESERVE = 1 << 20 };

struct stamp {
	char text[32];
};

struct caller {
	const char *user, *agent, *groups;
};

extern const struct caller replicasets, scheduler, controllers;

uint64_t rnd(struct mk *mk);
int below(struct mk *mk, int n);
int64_t about(struct mk *mk, int64_t mean);
const char *uuid(struct mk *mk, char buf[40]);
void tail_of_name(struct mk *mk, char *buf, int n);
void flush(struct mk *mk);
__attribute__((format(printf, 2, 3))) void put(struct mk *mk, const char *format, ...);
void puts_raw(struct mk *mk, const char *s);
struct stamp whole(int64_t ns);
struct stamp micro(int64_t ns);
struct caller kubelet_of(int node, char user[40]);
void put_head(struct mk *mk, const char *uri, const char *verb, const struct caller *who,
	      const char *ref, int code);
void put_tail(struct mk *mk, int64_t received, int64_t complete, const char *reason);

/* workloads.c */
void make_workloads(struct mk *mk);

/* pods.c: the records of a pod's life. */
void put_create(struct mk *mk, struct pod *p, const struct workload *w, int64_t now, bool refused);
/* Writes the record of the pod's step and returns when its next one is due, 0 if there is none. */
int64_t pod_write(struct mk *mk, struct pod *p, int64_t now);

/* bulk.c: a record of what else fills a log. */
void put_bulk(struct mk *mk);
#endif
