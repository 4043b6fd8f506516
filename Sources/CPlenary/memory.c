// SPDX-License-Identifier: Apache-2.0

#include "CPlenary.h"
#include <malloc.h>

void plenary_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

void plenary_give_memory_back(void) { malloc_trim(0); }
