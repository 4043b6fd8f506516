// SPDX-License-Identifier: Apache-2.0
// The reference: the least that a server can do and still fan a line out to a channel. One thread,
// epoll, one recv a readable connection, one write and fdatasync a round, one send a member and
// round. It keeps no state that a chat server needs, checks nothing and is not a server to run.
#define _GNU_SOURCE
#include "raw_server.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { connectionLimit = 65536, roundEventLimit = 512 };

static struct raw_connection connections[connectionLimit];
static struct raw_channel *channels[connectionLimit], *dirty[connectionLimit];
static int channelCount, dirtyCount, poll_set;
static unsigned round_number = 1;
static SSL_CTX *context;
static char received[1 << 17];
static struct raw_options options;
static struct raw_log logged = { .descriptor = -1 };

void raw_append(struct raw_bytes *bytes, const char *source, int count)
{
    if (bytes->count + count > bytes->capacity) {
        bytes->capacity = (bytes->count + count) * 2;
        bytes->start = realloc(bytes->start, bytes->capacity);
    }
    memcpy(bytes->start + bytes->count, source, count);
    bytes->count += count;
}

static void watch_output(int fd, int isWaiting)
{
    struct raw_connection *c = &connections[fd];
    if (c->waitsForOutput == isWaiting) return;
    struct epoll_event e = { .events = EPOLLIN | (isWaiting ? EPOLLOUT : 0), .data.fd = fd };
    epoll_ctl(poll_set, EPOLL_CTL_MOD, fd, &e);
    c->waitsForOutput = isWaiting;
}

static void part(struct raw_channel *h, int fd)
{
    for (int i = 0; i < h->memberCount; i++) {
        if (h->members[i] != fd) continue;
        h->members[i] = h->members[--h->memberCount];
        return;
    }
}

static void drop(int fd)
{
    struct raw_connection *c = &connections[fd];
    if (!c->isOpen) return;
    if (c->channel) part(c->channel, fd);
    for (int i = 0; c->isInSeveral && i < connectionLimit; i++) if (channels[i]) part(channels[i], fd);
    if (c->tls) SSL_free(c->tls);
    free(c->input.start);
    free(c->output.start);
    memset(c, 0, sizeof *c);
    close(fd);
}

static int wants_more(SSL *tls, int result)
{
    int e = SSL_get_error(tls, result);
    return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE;
}

// Bytes that were taken; -1 when the connection is gone.
static int push(int fd, const char *p, int count)
{
    struct raw_connection *c = &connections[fd];
    int done = 0;
    while (done < count) {
        int k;
        if (c->tls) {
            ERR_clear_error();
            k = SSL_write(c->tls, p + done, count - done);
            if (k <= 0) return wants_more(c->tls, k) ? done : -1;
        } else {
            k = send(fd, p + done, count - done, MSG_NOSIGNAL);
            if (k < 0) return errno == EAGAIN ? done : -1;
        }
        done += k;
    }
    return done;
}

static void push_backlog(int fd)
{
    struct raw_connection *c = &connections[fd];
    int k = push(fd, c->output.start, c->output.count);
    if (k < 0) return drop(fd);
    memmove(c->output.start, c->output.start + k, c->output.count - k);
    c->output.count -= k;
    watch_output(fd, c->output.count > 0);
}

static void give(int fd, const char *p, int count)
{
    struct raw_connection *c = &connections[fd];
    if (!c->isOpen) return;
    if (c->output.count) return raw_append(&c->output, p, count);
    int k = push(fd, p, count);
    if (k < 0) return drop(fd);
    if (k < count) {
        raw_append(&c->output, p + k, count - k);
        watch_output(fd, 1);
    }
}

static void flush_channel(struct raw_channel *h)
{
    for (int i = h->memberCount - 1; i >= 0; i--) {
        int fd = h->members[i];
        if (connections[fd].postedIn != round_number) {
            give(fd, h->round.start, h->round.count);
            continue;
        }
        struct raw_bytes others = { 0 };
        for (int s = 0; s < h->partCount; s++) {
            struct raw_part *part = &h->parts[s];
            if (part->author != fd) raw_append(&others, h->round.start + part->start, part->count);
        }
        if (others.count) give(fd, others.start, others.count);
        free(others.start);
    }
    h->round.count = h->partCount = h->isDirty = 0;
}

static int end_round(void)
{
    if (raw_log_commit(&logged)) return -1;
    for (int i = 0; i < dirtyCount; i++) flush_channel(dirty[i]);
    dirtyCount = 0;
    round_number++;
    return 0;
}

static struct raw_channel *channel_named(const char *name, int count)
{
    unsigned h = 5381;
    for (int i = 0; i < count; i++) h = h * 33 + (unsigned char)name[i];
    for (h %= connectionLimit; channels[h]; h = (h + 1) % connectionLimit)
        if (!strncmp(channels[h]->name, name, count) && !channels[h]->name[count]) return channels[h];
    if (count > 31 || channelCount >= 60000) return NULL;
    channelCount++;
    channels[h] = calloc(1, sizeof *channels[h]);
    memcpy(channels[h]->name, name, count);
    return channels[h];
}

// A line for all members but its author.
static void add_to_round(struct raw_channel *h, int author, const char *line, int count)
{
    if (h->partCount == h->partCapacity) {
        h->partCapacity = h->partCapacity * 2 + 64;
        h->parts = realloc(h->parts, h->partCapacity * sizeof *h->parts);
    }
    h->parts[h->partCount++] = (struct raw_part){ author, h->round.count, count };
    raw_append(&h->round, line, count);
    raw_log_add(&logged, line, count);
    if (h->isDirty) return;
    h->isDirty = 1;
    dirty[dirtyCount++] = h;
}

static void give_names(int fd, struct raw_channel *h)
{
    struct raw_bytes answer = { 0 };
    char line[96];
    for (int i = 0; i < h->memberCount; i++) {
        const char *nick = connections[h->members[i]].nick;
        if (i % 40 == 0) {
            if (i) raw_append(&answer, "\r\n", 2);
            raw_append(&answer, line, snprintf(line, sizeof line, ":raw 353 %s = %s :", connections[fd].nick, h->name));
        }
        raw_append(&answer, nick, strlen(nick));
        raw_append(&answer, " ", 1);
    }
    static const char closing[] = "\r\n:raw 366 x x :end\r\n";
    raw_append(&answer, closing, sizeof closing - 1);
    give(fd, answer.start, answer.count);
    free(answer.start);
}

static void join(int fd, const char *name, int count)
{
    struct raw_channel *h = channel_named(name, count);
    if (!h) return;
    if (h->memberCount == h->memberCapacity) {
        h->memberCapacity = h->memberCapacity * 2 + 16;
        h->members = realloc(h->members, h->memberCapacity * sizeof(int));
    }
    h->members[h->memberCount++] = fd;
    connections[fd].isInSeveral = connections[fd].channel != NULL;
    if (!connections[fd].channel) connections[fd].channel = h;
    if (!options.announcesJoins) return;
    char line[96];
    int k = snprintf(line, sizeof line, ":%s!u@127.0.0.2 JOIN %s\r\n", connections[fd].nick, h->name);
    add_to_round(h, -1, line, k);
    give_names(fd, h);
}

static void post(int fd, const char *p, int count)
{
    struct raw_connection *c = &connections[fd];
    const char *space = memchr(p + 8, ' ', count - 8);
    if (!space) return;
    struct raw_channel *h = channel_named(p + 8, space - p - 8);
    if (!h || count > 520) return;
    char line[700];
    int k = snprintf(line, 64, ":%s!u@127.0.0.2 ", c->nick);
    memcpy(line + k, p, count);
    k += count;
    line[k++] = '\r';
    line[k++] = '\n';
    c->postedIn = round_number;
    add_to_round(h, fd, line, k);
}

static void fetch(int fd, const char *p, int count)
{
    const char *space = memrchr(p, ' ', count);
    if (!space) return;
    struct raw_bytes answer = { 0 };
    if (raw_log_fetch(&logged, atoi(space + 1), &answer) == 0) give(fd, answer.start, answer.count);
    free(answer.start);
}

static int begins(const char *p, int count, const char *word)
{
    int k = strlen(word);
    return count > k && !memcmp(p, word, k);
}

static void take_line(int fd, const char *p, int count)
{
    struct raw_connection *c = &connections[fd];
    char line[700];
    if (begins(p, count, "PRIVMSG ")) {
        post(fd, p, count);
    } else if (begins(p, count, "CHATHISTORY ")) {
        fetch(fd, p, count);
    } else if (begins(p, count, "PING ")) {
        give(fd, line, snprintf(line, sizeof line, ":raw PONG raw %.*s\r\n", count - 5, p + 5));
    } else if (begins(p, count, "NICK ")) {
        snprintf(c->nick, sizeof c->nick, "%.*s", count - 5, p + 5);
    } else if (begins(p, count, "USER ")) {
        give(fd, line, snprintf(line, sizeof line, ":raw 001 %s :hi\r\n", c->nick));
    } else if (begins(p, count, "JOIN ")) {
        join(fd, p + 5, count - 5);
    }
}

// What a read brought: whole lines are taken, the rest is kept.
static void take_bytes(int fd, int count)
{
    struct raw_connection *c = &connections[fd];
    const char *p = received, *end = received + count, *lineEnd;
    if (c->input.count) {
        raw_append(&c->input, received, count);
        p = c->input.start;
        end = p + c->input.count;
    }
    while ((lineEnd = memchr(p, '\n', end - p))) {
        int length = lineEnd - p;
        if (length && p[length - 1] == '\r') length--;
        take_line(fd, p, length);
        if (!c->isOpen) return;
        p = lineEnd + 1;
    }
    if (!c->input.count) {
        if (end > p) raw_append(&c->input, p, end - p);
        return;
    }
    memmove(c->input.start, p, end - p);
    c->input.count = end - p;
    if (c->input.count) return;
    free(c->input.start);
    c->input = (struct raw_bytes){ 0 };
}

static void read_tls(int fd)
{
    struct raw_connection *c = &connections[fd];
    while (c->isOpen) {
        ERR_clear_error();
        int k = c->isEstablished ? SSL_read(c->tls, received, sizeof received) : SSL_accept(c->tls);
        if (k <= 0) {
            if (!wants_more(c->tls, k)) drop(fd);
            return;
        }
        if (c->isEstablished) take_bytes(fd, k);
        c->isEstablished = 1;
    }
}

static void read_plain(int fd)
{
    int k = recv(fd, received, sizeof received, 0);
    if (k > 0) return take_bytes(fd, k);
    if (k == 0 || errno != EAGAIN) drop(fd);
}

static void accept_all(int listener)
{
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= connectionLimit) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        memset(&connections[fd], 0, sizeof connections[fd]);
        connections[fd].isOpen = 1;
        if (context) {
            connections[fd].tls = SSL_new(context);
            SSL_set_fd(connections[fd].tls, fd);
            SSL_set_accept_state(connections[fd].tls);
        }
        struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };
        epoll_ctl(poll_set, EPOLL_CTL_ADD, fd, &e);
    }
}

static int make_context(void)
{
    context = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(context, options.certificate) != 1
        || SSL_CTX_use_PrivateKey_file(context, options.key, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        return -1;
    }
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                                  | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return 0;
}

int raw_listen(int *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (void *)&a, sizeof a) || listen(fd, 4096)) return -1;
    if (getsockname(fd, (void *)&a, &size)) return -1;
    *port = ntohs(a.sin_port);
    return fd;
}

int raw_serve(int listener, const struct raw_options *chosen)
{
    options = *chosen;
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (options.certificate && make_context()) return -1;
    if (options.log && raw_log_open(&logged, options.log, options.keepsHistory)) return -1;
    poll_set = epoll_create1(0);
    struct epoll_event events[roundEventLimit], e = { .events = EPOLLIN, .data.fd = listener };
    epoll_ctl(poll_set, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int count = epoll_wait(poll_set, events, roundEventLimit, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                accept_all(listener);
                continue;
            }
            if (connections[fd].isOpen && (events[i].events & EPOLLOUT)) push_backlog(fd);
            if (!connections[fd].isOpen || !(events[i].events & ~EPOLLOUT)) continue;
            if (context) read_tls(fd); else read_plain(fd);
        }
        if (end_round()) return -1;
    }
}
