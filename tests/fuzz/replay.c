/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without a fuzzer: over each file that is named and all files below each
 * directory that is named. What libFuzzer once found stays found with every compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void die(const char *path)
{
	perror(path);
	exit(2);
}

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long n;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (n = ftell(file)) < 0)
		die(path);
	rewind(file);
	data = malloc((size_t)n ? (size_t)n : 1); /* exact: reading beyond is seen by ASan */
	if (!data || fread(data, 1, (size_t)n, file) != (size_t)n)
		die(path);
	fclose(file);
	printf("%s\n", path); /* after a crash, the last line names the input */
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, (size_t)n);
	free(data);
	return 1;
}

static int replay(const char *path)
{
	struct dirent **names;
	int count = scandir(path, &names, NULL, alphasort), done = 0;

	if (count < 0)
		return replay_file(path);
	for (int i = 0; i < count; i++) {
		size_t size = strlen(path) + strlen(names[i]->d_name) + 2;
		char *file = malloc(size);

		if (!file)
			die(path);
		snprintf(file, size, "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			done += replay(file);
		free(file);
		free(names[i]);
	}
	free(names);
	return done;
}

int main(int argc, char **argv)
{
	int done = 0;

	for (int i = 1; i < argc; i++)
		done += replay(argv[i]);
	printf("%d inputs\n", done);
	return done ? 0 : 2;
}
