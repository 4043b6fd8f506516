// SPDX-License-Identifier: Apache-2.0
// What Swift cannot reach by itself: CRC32C by the CPU's instruction, and Linux calls that the
// Glibc module leaves out.
#ifndef CPLENARY_H
#define CPLENARY_H
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/statfs.h>

/// CRC32C (Castagnoli) of `count` bytes, continuing from `seed`; 0 starts a new sum.
uint32_t plenary_crc32c(uint32_t seed, const void *bytes, size_t count);

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC; -1 and errno as accept(2).
int plenary_accept(int listener, struct sockaddr *address, socklen_t *size);

/// At most `count` arenas of malloc, for a process that has one thread yet (mallopt(3), M_ARENA_MAX).
void plenary_limit_arenas(int count);

/// Gives the system whole pages that lie free in any arena (malloc_trim(3)). Each arena is locked while it is walked.
void plenary_give_memory_back(void);

#endif
