/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/operands.h"

#include "base/mem.h"

#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

/* The default paths in the documentation of kubeadm, kind, RKE2, k3s, Talos, kOps and OpenShift. */
static const char *const places[] = {
	"/var/log/kubernetes/audit/*",
	"/var/log/kubernetes/kube-apiserver-audit*",
	"/var/lib/rancher/rke2/server/logs/audit*",
	"/var/lib/rancher/k3s/server/logs/audit*",
	"/var/log/audit/kube/kube-apiserver*",
	"/var/log/kube-apiserver-audit*",
	"/var/log/kube-apiserver/audit*",
};

static void add_operand(struct operands *o, const char *path, const char *cluster)
{
	array_reserve(o->list, o->cap, o->n + 1);
	o->list[o->n++] = (struct operand){ path, cluster };
}

/* A copy that ends with NUL. */
static const char *kept(struct operands *o, struct str s)
{
	return arena_printf(&o->arena, STR_FMT, STR_ARG(s)).p;
}

static int from_arguments(const struct options *options, struct operands *o, struct err *err)
{
	for (size_t i = 0; i < options->operands.n; i++) {
		const char *path = options->operands.items[i];

		if (pod_pattern_is(str_from(path)))
			return err_set(err, ERR_USAGE,
				       "%s names a pod, and %s takes only files and directories; "
				       "write ./%s for a path%s",
				       path, options->command->name, path,
				       options_has(options->command, "selector")
					   ? ", or choose pods with -n and -l"
					   : "");
		add_operand(o, path, NULL);
	}
	for (size_t i = 0; i < options->n_clusters; i++)
		add_operand(o, options->clusters[i].path, options->clusters[i].name);
	return 0;
}

static void from_environment(struct operands *o)
{
	struct str rest = str_from(getenv("LUNETTES_INPUT")), path;

	while (rest.n) {
		if (!str_cut(rest, ':', &path, &rest)) {
			path = rest;
			rest.n = 0;
		}
		if (path.n)
			add_operand(o, kept(o, path), NULL);
	}
	if (o->n)
		o->taken = "$LUNETTES_INPUT";
}

static void from_stdin(struct operands *o)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode)))
		add_operand(o, "-", NULL);
	if (o->n)
		o->taken = "standard input";
}

static void from_places(struct operands *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		glob_t found = { 0 };

		if (glob(places[i], 0, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc; k++)
				add_operand(o, kept(o, str_from(found.gl_pathv[k])), NULL);
		globfree(&found);
	}
	if (o->n)
		o->taken = "the audit logs of this host";
}

int operands_find(const struct options *options, struct operands *ret_operands, struct err *err)
{
	struct operands *o = ret_operands;

	*o = (struct operands){ 0 };
	if (from_arguments(options, o, err) < 0)
		return -1;
	if (!o->n)
		from_environment(o);
	if (!o->n)
		from_stdin(o);
	if (!o->n)
		from_places(o);
	if (o->n)
		return 0;
	return err_set(
	    err, ERR_INPUT,
	    "nothing to read: name audit logs (lunettes %s audit.log.gz), or pipe one in, "
	    "or set LUNETTES_INPUT; no audit log stands at the usual places of this host",
	    options->command->name);
}

void operands_free(struct operands *o)
{
	arena_free(&o->arena);
	mem_free(o->list);
	*o = (struct operands){ 0 };
}
