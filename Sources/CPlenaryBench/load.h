// SPDX-License-Identifier: Apache-2.0
// Parts of the load: connections, publishers, latencies.
#ifndef LOAD_H
#define LOAD_H
#include "CPlenaryBench.h"
#include <openssl/ssl.h>
#include <stddef.h>

enum phase {
    phaseNone, phaseConnecting, phaseHandshake, phaseRegistering, phaseJoining, phaseReady, phaseLost
};

struct load_connection {
    int fd, channel;
    /// Index of the publisher, or -1.
    int publisher;
    enum phase phase;
    int waitsForOutput, waitsForPong;
    SSL *tls;
    char *rest, *output;
    int restCount, restCapacity, outputCount, outputCapacity;
    uint64_t since;
    int fetchedCount, fetchesLeft;
};

struct load_publisher {
    int connection, channel;
    /// The next message, and the first that is not yet delivered to everybody.
    uint32_t next, done;
    /// Deliveries still missing, a ring over the window.
    uint32_t *missing;
    int isListed;
};

/// Latencies in steps of about 1.6 %.
struct histogram {
    uint64_t counts[4096], total;
};

struct load {
    struct load_options options;
    struct load_connection *connections;
    struct load_publisher *publishers;
    int connectionCount, publisherCount, startedCount, readyCount, lostCount, pongsMissing;
    int pollSet, window, isRunning, isMeasuring, linesToFill, fetchLimit, fetchesMissing, handshakeOnly;
    int thread;
    uint64_t fetchFrom, fetchTo, drawn;
    SSL_CTX *context;
    char *buffer;
    int *finished, finishedCount;
    uint64_t now, measuredSince, messages, deliveries, lines, byteCount;
    struct histogram latencies;
};

enum { windowLimit = 64, bufferByteCount = 1 << 18 };

uint64_t nanoseconds(void);
double own_cpu(void);
void histogram_add(struct histogram *h, uint64_t value);
double histogram_quantile(const struct histogram *h, double q);
int load_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// load_connections.c
void load_put(struct load_connection *c, const char *bytes, int count);
void load_putf(struct load_connection *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void load_flush(struct load *l, struct load_connection *c);
void load_lose(struct load *l, struct load_connection *c, const char *reason);
int load_connect(struct load *l, int index);
/// Waits for events until that time at most, and takes them.
void load_poll(struct load *l, uint64_t until);
struct load *load_make(const struct load_options *options, int connections);
int load_connect_all(struct load *l);
/// Asks everybody for a PONG and waits for all of them.
int load_barrier(struct load *l);

// load_paced.c
/// Asks for the lines before a time that is drawn.
void load_fetch_before(struct load *l, struct load_connection *c);

// load.c
void load_line(struct load *l, struct load_connection *c, const char *p, const char *end);
void load_message(struct load *l, struct load_connection *c, const char *body);
void load_pump(struct load *l, struct load_publisher *p);
/// A message of that publisher, stamped with a time; it goes out with the next flush.
void load_emit(struct load *l, struct load_publisher *p, uint64_t time);
void load_begin(struct load *l, struct load_result *r);
void load_finish(struct load *l, struct load_result *r);
/// Waits until every message has reached everybody.
int load_drain(struct load *l);
#endif
