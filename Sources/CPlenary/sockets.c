// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPlenary.h"
#include <sys/socket.h>

int plenary_accept(int listener, struct sockaddr *address, socklen_t *size) {
    return accept4(listener, address, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
