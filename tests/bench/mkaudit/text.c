// SPDX-License-Identifier: Apache-2.0
#include "mkaudit.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t rnd(struct mk *mk)
{
	uint64_t z = (mk->random += 0x9e3779b97f4a7c15u); /* splitmix64 */
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

int below(struct mk *mk, int n)
{
	return (int)(rnd(mk) % (uint64_t)n);
}

/* Between a half and one and a half of the mean, now and then four times it. */
int64_t about(struct mk *mk, int64_t mean)
{
	int64_t t = mean / 2 + (int64_t)(rnd(mk) % (uint64_t)(mean + 1));
	return below(mk, 40) == 0 ? 4 * t : t;
}

const char *uuid(struct mk *mk, char buf[40])
{
	uint64_t a = rnd(mk), b = rnd(mk);
	snprintf(buf, 40, "%08x-%04x-4%03x-a%03x-%012" PRIx64, (unsigned)(a >> 32),
		 (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff, (unsigned)(b >> 52),
		 b & 0xffffffffffffu);
	return buf;
}

void tail_of_name(struct mk *mk, char *buf, int n)
{
	static const char safe[] = "bcdfghjklmnpqrstvwxz2456789"; /* apimachinery's utilrand */
	for (int i = 0; i < n; i++)
		buf[i] = safe[below(mk, (int)sizeof(safe) - 1)];
	buf[n] = '\0';
}

void flush(struct mk *mk)
{
	if (fwrite(mk->text, 1, mk->used, mk->out) != mk->used) {
		fprintf(stderr, "mkaudit: cannot write: %s\n", strerror(errno));
		exit(1);
	}
	mk->written += mk->used;
	mk->used = 0;
}

static void quote(char *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		from[i] = from[i] == '\'' ? '"' : from[i];
}

void put(struct mk *mk, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(mk->text + mk->used, BUFFER - mk->used, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= BUFFER - mk->used)
		abort();
	quote(mk->text + mk->used, (size_t)n);
	mk->used += (size_t)n;
}

void puts_raw(struct mk *mk, const char *s)
{
	size_t n = strlen(s);
	if (n >= BUFFER - mk->used)
		abort();
	memcpy(mk->text + mk->used, s, n);
	mk->used += n;
}

struct stamp whole(int64_t ns)
{
	struct stamp s;
	struct tm tm;
	time_t t = (time_t)(ns / SECOND);
	gmtime_r(&t, &tm);
	strftime(s.text, sizeof(s.text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return s;
}

struct stamp micro(int64_t ns)
{
	struct stamp s = whole(ns);
	snprintf(s.text + 19, sizeof(s.text) - 19, ".%06dZ", (int)(ns % SECOND / 1000));
	return s;
}

const struct caller replicasets = {
	"system:serviceaccount:kube-system:replicaset-controller",
	"kube-controller-manager/v1.32.13 (linux/amd64) "
	"kubernetes/d4b43f3/system:serviceaccount:kube-system:replicaset-controller",
	"'system:serviceaccounts','system:serviceaccounts:kube-system','system:authenticated'",
};
const struct caller scheduler = {
	"system:kube-scheduler",
	"kube-scheduler/v1.32.13 (linux/amd64) kubernetes/d4b43f3/scheduler",
	"'system:authenticated'",
};
const struct caller controllers = {
	"system:kube-controller-manager",
	"kube-controller-manager/v1.32.13 (linux/amd64) kubernetes/d4b43f3/leader-election",
	"'system:authenticated'",
};

void put_head(struct mk *mk, const char *uri, const char *verb, const struct caller *who,
	      const char *ref, int code)
{
	char id[40];
	put(mk,
	    "{'kind':'Event','apiVersion':'audit.k8s.io/"
	    "v1','level':'RequestResponse','auditID':'%s','stage':"
	    "'ResponseComplete','requestURI':'%s','verb':'%s','user':{'username':'%s','groups':[%s]"
	    ",'extra':{"
	    "'authentication.kubernetes.io/"
	    "credential-id':['X509SHA256="
	    "9103477ad4cb842b2d420803ba2a2a1a7811758baebff1e8fd94a5eca040396a']"
	    "}},'sourceIPs':['10.0.0.%d'],'userAgent':'%s','objectRef':{%s},'responseStatus':{'"
	    "metadata':{},'code':%d}",
	    uuid(mk, id), uri, verb, who->user, who->groups, 10 + below(mk, SERVERS), who->agent,
	    ref, code);
}

void put_tail(struct mk *mk, int64_t received, int64_t complete, const char *reason)
{
	put(mk,
	    ",'requestReceivedTimestamp':'%s','stageTimestamp':'%s','annotations':{'authorization."
	    "k8s.io/decision':'allow',"
	    "'authorization.k8s.io/reason':'%s'}}\n",
	    micro(received).text, micro(complete).text, reason);
	if (mk->used > BUFFER - RESERVE)
		flush(mk);
}

struct caller kubelet_of(int node, char user[40])
{
	snprintf(user, 40, "system:node:node-%02d", node);
	return (struct caller){ user, "kubelet/v1.32.13 (linux/amd64) kubernetes/d4b43f3",
				"'system:nodes','system:authenticated'" };
}
