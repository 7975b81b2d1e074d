/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "diagnose/rules.h"

/* The rules of the program, ready to be asked; read once. */
const struct rules *builtin(void);
