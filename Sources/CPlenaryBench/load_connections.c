// SPDX-License-Identifier: Apache-2.0
// The load's connections: sockets, TLS, lines.
#define _GNU_SOURCE
#include "load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

void load_put(struct load_connection *c, const char *bytes, int count)
{
    if (c->outputCount + count > c->outputCapacity) {
        c->outputCapacity = (c->outputCount + count) * 2;
        c->output = realloc(c->output, c->outputCapacity);
    }
    memcpy(c->output + c->outputCount, bytes, count);
    c->outputCount += count;
}

void load_putf(struct load_connection *c, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    load_put(c, line, count < (int)sizeof line ? count : (int)sizeof line - 1);
}

static void watch(struct load *l, struct load_connection *c, int waitsForOutput)
{
    if (c->waitsForOutput == waitsForOutput || c->phase == phaseLost) return;
    unsigned events = EPOLLIN | (waitsForOutput ? EPOLLOUT : 0);
    struct epoll_event e = { .events = events, .data.u32 = c - l->connections };
    epoll_ctl(l->pollSet, EPOLL_CTL_MOD, c->fd, &e);
    c->waitsForOutput = waitsForOutput;
}

static void end(struct load_connection *c, enum phase phase)
{
    if (c->tls) SSL_free(c->tls);
    c->tls = NULL;
    close(c->fd);
    c->fd = -1;
    c->phase = phase;
}

void load_lose(struct load *l, struct load_connection *c, const char *reason)
{
    if (c->phase == phaseLost) return;
    load_fail("connection %d lost in phase %d: %s", (int)(c - l->connections), c->phase, reason);
    end(c, phaseLost);
    l->lostCount++;
}

static int wants_more(SSL *tls, int result)
{
    int e = SSL_get_error(tls, result);
    return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE;
}

void load_flush(struct load *l, struct load_connection *c)
{
    int done = 0;
    while (done < c->outputCount && c->phase >= phaseRegistering && c->phase != phaseLost) {
        int k;
        if (c->tls) {
            ERR_clear_error();
            k = SSL_write(c->tls, c->output + done, c->outputCount - done);
            if (k <= 0 && wants_more(c->tls, k)) break;
        } else {
            k = send(c->fd, c->output + done, c->outputCount - done, MSG_NOSIGNAL);
            if (k < 0 && errno == EAGAIN) break;
        }
        if (k <= 0) return load_lose(l, c, "cannot write");
        done += k;
    }
    memmove(c->output, c->output + done, c->outputCount - done);
    c->outputCount -= done;
    if (c->phase >= phaseRegistering) watch(l, c, c->outputCount > 0);
}

int load_connect(struct load *l, int index)
{
    struct load_connection *c = &l->connections[index];
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) return load_fail("socket: %s", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    // Several sources, so that there are ports enough.
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002u + index % 8) };
    if (bind(c->fd, (void *)&a, sizeof a)) return load_fail("bind: %s", strerror(errno));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons(l->options.port);
    if (connect(c->fd, (void *)&a, sizeof a) && errno != EINPROGRESS)
        return load_fail("connect: %s", strerror(errno));
    c->phase = phaseConnecting;
    c->waitsForOutput = 1;
    c->restCount = c->outputCount = 0;
    c->since = nanoseconds();
    struct epoll_event e = { .events = EPOLLIN | EPOLLOUT, .data.u32 = index };
    epoll_ctl(l->pollSet, EPOLL_CTL_ADD, c->fd, &e);
    return 0;
}

static void say_hello(struct load *l, struct load_connection *c)
{
    const char *capabilities = l->options.capabilities;
    c->phase = phaseRegistering;
    if (capabilities) load_putf(c, "CAP LS 302\r\n");
    char kind = c->publisher >= 0 ? 'p' : 's';
    int number = l->options.firstNumber + (int)(c - l->connections);
    load_putf(c, "NICK %c%d\r\nUSER u 0 * :load\r\n", kind, number);
    if (capabilities) load_putf(c, "CAP REQ :%s\r\nCAP END\r\n", capabilities);
    load_flush(l, c);
}

// A handshake that is all that was wanted.
static void finish_handshake(struct load *l, struct load_connection *c)
{
    l->messages++;
    histogram_add(&l->latencies, nanoseconds() - c->since);
    if (c->tls) SSL_shutdown(c->tls);
    end(c, phaseNone);
}

static void shake_hands(struct load *l, struct load_connection *c)
{
    ERR_clear_error();
    int k = SSL_connect(c->tls);
    if (k == 1) {
        if (l->handshakeOnly) finish_handshake(l, c); else say_hello(l, c);
        return;
    }
    int e = SSL_get_error(c->tls, k);
    if (e == SSL_ERROR_WANT_READ) watch(l, c, 0);
    else if (e == SSL_ERROR_WANT_WRITE) watch(l, c, 1);
    else load_lose(l, c, "handshake");
}

static void connected(struct load *l, struct load_connection *c)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) return load_lose(l, c, strerror(error));
    if (!l->context) {
        if (l->handshakeOnly) finish_handshake(l, c); else say_hello(l, c);
        return;
    }
    c->tls = SSL_new(l->context);
    SSL_set_fd(c->tls, c->fd);
    SSL_set_connect_state(c->tls);
    c->phase = phaseHandshake;
    shake_hands(l, c);
}

// Lines whose last bytes are one of our bodies are messages; all others are read word by word.
static void split(struct load *l, struct load_connection *c, char *p, int count)
{
    const char *end = p + count;
    char *lineEnd;
    int body = l->options.bodyByteCount;
    while ((lineEnd = memchr(p, '\n', end - p))) {
        char *e = lineEnd > p && lineEnd[-1] == '\r' ? lineEnd - 1 : lineEnd;
        if (e - p >= body && e[-body] == 'L' && e[1 - body] == '!') load_message(l, c, e - body);
        else if (e > p) load_line(l, c, p, e);
        if (c->phase == phaseLost) return;
        p = lineEnd + 1;
    }
    int rest = end - p;
    if (rest > c->restCapacity) {
        c->restCapacity = rest + 256;
        c->rest = realloc(c->rest, c->restCapacity);
    }
    if (rest) memcpy(c->rest, p, rest);
    c->restCount = rest;
}

static void receive(struct load *l, struct load_connection *c)
{
    do {
        int k, kept = c->restCount;
        if (kept) memcpy(l->buffer, c->rest, kept);
        if (c->tls) {
            ERR_clear_error();
            k = SSL_read(c->tls, l->buffer + kept, bufferByteCount - kept);
            if (k <= 0 && wants_more(c->tls, k)) return;
        } else {
            k = recv(c->fd, l->buffer + kept, bufferByteCount - kept, 0);
            if (k < 0 && errno == EAGAIN) return;
        }
        if (k <= 0) return load_lose(l, c, "closed by the server");
        l->now = nanoseconds();
        l->byteCount += k;
        split(l, c, l->buffer, kept + k);
    } while (c->tls && c->phase != phaseLost);
}

void load_poll(struct load *l, uint64_t until)
{
    static struct epoll_event events[1024];
    uint64_t now = nanoseconds(), wait = until > now ? until - now : 0;
    struct timespec limit = { wait / 1000000000ull, wait % 1000000000ull };
    int count = epoll_pwait2(l->pollSet, events, 1024, &limit, NULL);
    for (int i = 0; i < count; i++) {
        struct load_connection *c = &l->connections[events[i].data.u32];
        if (c->phase == phaseLost || c->phase == phaseNone) continue;
        if (c->phase == phaseConnecting) {
            connected(l, c);
        } else if (c->phase == phaseHandshake) {
            shake_hands(l, c);
        } else {
            if (events[i].events & ~EPOLLOUT) receive(l, c);
            if (c->phase != phaseLost && (events[i].events & EPOLLOUT)) load_flush(l, c);
        }
    }
    for (int i = 0, n = l->finishedCount; i < n; i++) load_pump(l, &l->publishers[l->finished[i]]);
    l->finishedCount = 0;
}

static void make_context(struct load *l)
{
    l->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(l->context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_mode(l->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                     | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(l->context, 1);
    SSL_CTX_set_session_cache_mode(l->context, SSL_SESS_CACHE_OFF);
}

struct load *load_make(const struct load_options *options, int connections)
{
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    // Waits end when they should and not up to 50 us later.
    prctl(PR_SET_TIMERSLACK, 1ul);
    struct load *l = calloc(1, sizeof *l);
    l->options = *options;
    l->pollSet = epoll_create1(EPOLL_CLOEXEC);
    l->buffer = malloc(bufferByteCount);
    l->connectionCount = connections;
    l->connections = calloc(connections, sizeof *l->connections);
    for (int i = 0; i < connections; i++) {
        l->connections[i].fd = -1;
        l->connections[i].publisher = -1;
    }
    if (options->isTLS) make_context(l);
    return l;
}

int load_connect_all(struct load *l)
{
    uint64_t end = nanoseconds() + 120000000000ull;
    while (l->readyCount < l->connectionCount) {
        if (l->lostCount) return -1;
        if (nanoseconds() > end)
            return load_fail("%d of %d ready in time", l->readyCount, l->connectionCount);
        while (l->startedCount < l->connectionCount && l->startedCount - l->readyCount < l->options.inFlight)
            if (load_connect(l, l->startedCount++)) return -1;
        load_poll(l, nanoseconds() + 100000000);
    }
    return 0;
}

int load_barrier(struct load *l)
{
    l->pongsMissing = 0;
    for (int i = 0; i < l->connectionCount; i++) {
        struct load_connection *c = &l->connections[i];
        if (c->phase != phaseReady) continue;
        c->waitsForPong = 1;
        l->pongsMissing++;
        load_putf(c, "PING :barrier\r\n");
        load_flush(l, c);
    }
    uint64_t end = nanoseconds() + 60000000000ull;
    while (l->pongsMissing > 0) {
        if (l->lostCount) return -1;
        if (nanoseconds() > end) return load_fail("%d PONGs are missing", l->pongsMissing);
        load_poll(l, nanoseconds() + 100000000);
    }
    return 0;
}

void load_close(struct load *l)
{
    for (int i = 0; i < l->connectionCount; i++) {
        struct load_connection *c = &l->connections[i];
        if (c->fd >= 0) end(c, phaseNone);
        free(c->rest);
        free(c->output);
    }
    for (int i = 0; i < l->publisherCount; i++) free(l->publishers[i].missing);
    if (l->context) SSL_CTX_free(l->context);
    close(l->pollSet);
    free(l->publishers);
    free(l->finished);
    free(l->connections);
    free(l->buffer);
    free(l);
}
