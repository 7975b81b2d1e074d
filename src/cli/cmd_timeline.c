#include "cli/commands.h"
int cmd_timeline(const struct options *options) { (void)options; return 0; }
