/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LUNETTES_TESTS_UNIT_DIAGNOSE_BUILTIN_H
#define LUNETTES_TESTS_UNIT_DIAGNOSE_BUILTIN_H

#include "diagnose/rules.h"

/* The rules of the program, ready to be asked; read once. */
const struct rules *builtin(void);

#endif
