/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "wrap/look.h"

static const struct row {
	struct str head;
	enum look look;
	const char *what; /* a part of it */
} rows[] = {
#define HEAD(lit)                                                                                  \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}
	{ HEAD("{\"kind\":\"Event\",\"auditID\":\"1\"}"), LOOK_OURS, NULL },
	{ HEAD("{\"message\":\"{\\\"auditID\\\":\\\"1\\\"}\"}"), LOOK_OURS, NULL },
	{ HEAD("node-1 {\"auditID\":\"1\"}"), LOOK_OURS, NULL },
	{ HEAD("---\napiVersion: v1\nitems:\n- involvedObject:\n    kind: Pod\n"), LOOK_OURS,
	  NULL },
	{ HEAD("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"), LOOK_OURS, NULL },
	{ HEAD("[{\"spec\":{\"containers\":[]}}]"), LOOK_OURS, NULL },
	{ HEAD("{\"apiVersion\":\"v1\",\"items\":[{\"action\":\"Binding\",\"regarding\":{}}]}"),
	  LOOK_OURS, NULL },
	{ HEAD("{\"insertId\":\"x\",\"protoPayload\":{\"@type\":\"t\"}}"), LOOK_OURS, NULL },
	{ HEAD("[{\"Event\":{\"InvolvedObject\":{\"Kind\":\"Pod\"}}}]"), LOOK_OURS, NULL },
	{ HEAD("# made by kubectl\nkind: Node\nstatus:\n  nodeInfo:\n"), LOOK_OURS, NULL },
	{ HEAD("kind: PersistentVolumeClaim\nspec:\n  accessModes:\n  - ReadWriteOnce\n"),
	  LOOK_OURS, NULL },
	{ HEAD("{\"kind\":\"PersistentVolumeClaimList\",\"items\":[{\"spec\":{\"accessModes\":[]}}]"
	       "}"),
	  LOOK_OURS, NULL },
	{ HEAD("I0109 21:24:54.1 claim {\"accessModes\":[]}"), LOOK_NOTHING, NULL },
	{ HEAD("- metadata:\n    ownerReferences:\n    - kind: Job\n"), LOOK_OURS, NULL },
	{ HEAD("2026-01-01T00:00:00.000000000Z stdout F {\"kind\":\"Event\",\"auditID\":\"1\"}"),
	  LOOK_OURS, NULL },
	{ HEAD("@timestamp,@message\n1,\"{\"\"auditID\"\":\"\"1\"\"}\"\n"), LOOK_OURS, NULL },
	/* a crash left zeros in a log */
	{ HEAD("\0\0\0\0{\"auditID\":\"1\"}\n"), LOOK_OURS, NULL },
	/* a key begins the head's last bytes: nothing is read beyond them */
	{ HEAD("{\"a\":1,\"auditID"), LOOK_NOTHING, NULL },
	{ HEAD("Name: web\nContainers:\n  app:\n"), LOOK_NOTHING, NULL },
	{ HEAD("E0109 syncing InvolvedObject:\"x\""), LOOK_NOTHING, NULL },
	{ HEAD("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), LOOK_FOREIGN, "binary" },
	/* the same words in prose, and in the logs of programs */
	{ HEAD("the auditID of a request"), LOOK_NOTHING, NULL },
	{ HEAD("I0109 21:24:54.1 syncing {\"containers\":[]}"), LOOK_NOTHING, NULL },
	{ HEAD("apiVersion: v1\nkind: ConfigMap\ndata: {}\n"), LOOK_NOTHING, NULL },
	{ HEAD("{\"kind\":\"AdmissionReview\",\"request\":{}}"), LOOK_NOTHING, "AdmissionReview" },
	{ HEAD("type=SYSCALL msg=audit(1.2:3): arch=c000003e\n"), LOOK_NOTHING, "auditd" },
	{ HEAD("\x7f"
	       "ELF\2\1\1\0\0\0"),
	  LOOK_FOREIGN, "binary" },
	{ HEAD(""), LOOK_NOTHING, NULL },
};

START_TEST(test_row)
{
	const char *what;

	ck_assert_int_eq(look_at(rows[_i].head, &what), rows[_i].look);
	if (rows[_i].what)
		ck_assert_ptr_nonnull(strstr(what, rows[_i].what));
	else
		ck_assert_ptr_null(what);
}
END_TEST

TCase *look_tests(void)
{
	TCase *tests = tcase_create("look");

	tcase_add_loop_test(tests, test_row, 0, ARRAY_SIZE(rows));
	return tests;
}
