// SPDX-License-Identifier: Apache-2.0
// The load itself. Flow control is from end to end: a publisher may have as many messages under way
// as its window says, counted until every subscriber has received them, so that a server gains
// nothing by only buffering. Publishers are members too: what they get of each other counts as
// deliveries, but nobody waits for it.
#include "load.h"
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

static void put_hex(char *p, uint64_t value, int count)
{
    while (count--) {
        p[count] = digits[value & 15];
        value >>= 4;
    }
}

static uint64_t hex(const char *p, int count)
{
    uint64_t value = 0;
    while (count--) {
        unsigned digit = (unsigned char)*p++;
        value = value << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

// A body is "L!", publisher (4 digits), number (8), time (16), padding.
void load_emit(struct load *l, struct load_publisher *p, uint64_t time)
{
    struct load_connection *c = &l->connections[p->connection];
    char body[600];
    memset(body, 'x', sizeof body);
    memcpy(body, "L!", 2);
    put_hex(body + 2, p - l->publishers, 4);
    put_hex(body + 6, p->next, 8);
    put_hex(body + 14, time, 16);
    p->missing[p->next++ % windowLimit] = l->options.subscribersPerChannel;
    int channel = l->options.firstNumber + p->channel;
    if (l->thread) load_putf(c, "PRIVMSG #c%d/%d :", channel, l->thread);
    else load_putf(c, "PRIVMSG #c%d :", channel);
    load_put(c, body, l->options.bodyByteCount);
    load_put(c, "\r\n", 2);
}

void load_pump(struct load *l, struct load_publisher *p)
{
    p->isListed = 0;
    if (!l->isRunning) return;
    uint64_t now = nanoseconds();
    int isSending = 0;
    while (p->next - p->done < (uint32_t)l->window) {
        load_emit(l, p, now);
        isSending = 1;
    }
    if (isSending) load_flush(l, &l->connections[p->connection]);
}

void load_message(struct load *l, struct load_connection *c, const char *body)
{
    if (l->fetchLimit) {
        c->fetchedCount++;
        return;
    }
    uint32_t index = hex(body + 2, 4), number = hex(body + 6, 8);
    if (index >= (uint32_t)l->publisherCount) return;
    l->deliveries++;
    if (c->publisher >= 0) return;
    struct load_publisher *p = &l->publishers[index];
    uint32_t *missing = &p->missing[number % windowLimit];
    if (number - p->done >= windowLimit || *missing == 0) return load_lose(l, c, "a message came twice");
    if (l->isMeasuring) {
        uint64_t sent = hex(body + 14, 16);
        if (sent >= l->measuredSince) histogram_add(&l->latencies, l->now > sent ? l->now - sent : 0);
    }
    if (--*missing || number != p->done) return;
    do {
        p->done++;
        l->messages++;
    } while (p->done != p->next && p->missing[p->done % windowLimit] == 0);
    if (p->isListed) return;
    p->isListed = 1;
    l->finished[l->finishedCount++] = index;
}

static int begins(const char *p, const char *end, const char *word)
{
    size_t count = strlen(word);
    return (size_t)(end - p) >= count && !memcmp(p, word, count);
}

static void fill_more(struct load *l, struct load_connection *c)
{
    char body[512];
    memset(body, 'h', sizeof body);
    memcpy(body, "L!", 2);
    int count = l->linesToFill < 50 ? l->linesToFill : 50;
    l->linesToFill -= count;
    while (count--) load_putf(c, "PRIVMSG #c%d :%.*s\r\n", l->options.firstNumber, l->options.bodyByteCount, body);
    load_putf(c, "PING :fill\r\n");
    c->waitsForPong = 1;
    load_flush(l, c);
}

static void fetch_next(struct load *l, struct load_connection *c)
{
    c->fetchedCount = 0;
    c->since = nanoseconds();
    if (l->fetchTo) load_fetch_before(l, c);
    else load_putf(c, "CHATHISTORY LATEST #c%d * %d\r\n", l->options.firstNumber + c->channel, l->fetchLimit);
    load_flush(l, c);
}

static void fetched(struct load *l, struct load_connection *c)
{
    if (c->fetchedCount < l->fetchLimit) return load_lose(l, c, "a fetch brought too few lines");
    histogram_add(&l->latencies, l->now - c->since);
    l->messages++;
    l->lines += c->fetchedCount;
    l->fetchesMissing--;
    if (--c->fetchesLeft > 0) fetch_next(l, c);
}

static void ponged(struct load *l, struct load_connection *c)
{
    if (c->phase == phaseJoining) {
        c->phase = phaseReady;
        l->readyCount++;
    } else if (c->waitsForPong) {
        c->waitsForPong = 0;
        if (l->linesToFill > 0) fill_more(l, c); else l->pongsMissing--;
    }
}

static void join_all(struct load *l, struct load_connection *c)
{
    int first = l->options.isShared ? 0 : c->channel, last = l->options.isShared ? l->options.channels - 1 : first;
    for (int i = first; i <= last; i++) load_putf(c, "JOIN #c%d\r\n", l->options.firstNumber + i);
    load_putf(c, "PING :ready\r\n");
    load_flush(l, c);
}

void load_line(struct load *l, struct load_connection *c, const char *p, const char *end)
{
    const char *line = p;
    if (*p == '@' && (p = memchr(p, ' ', end - p))) p++;
    if (!p) return;
    if (begins(p, end, "PING")) {
        load_putf(c, "PO%.*s\r\n", (int)(end - p - 2), p + 2);
        return load_flush(l, c);
    }
    if (*p == ':' && (p = memchr(p, ' ', end - p))) p++;
    if (!p) return;
    if (begins(p, end, "001 ") && c->phase == phaseRegistering) {
        c->phase = phaseJoining;
        join_all(l, c);
    } else if (begins(p, end, "PONG")) {
        ponged(l, c);
    } else if (begins(p, end, "BATCH -") && l->fetchesMissing > 0) {
        fetched(l, c);
    } else if (begins(p, end, "ERROR") || begins(p, end, "FAIL") || begins(p, end, "433 ")) {
        char reason[200] = { 0 };
        memcpy(reason, line, end - line < 199 ? end - line : 199);
        load_lose(l, c, reason);
    }
}

void load_begin(struct load *l, struct load_result *r)
{
    memset(r, 0, sizeof *r);
    memset(&l->latencies, 0, sizeof l->latencies);
    l->messages = l->deliveries = l->lines = l->byteCount = 0;
    r->serverCPU = -process_cpu(l->options.server);
    r->loadCPU = -own_cpu();
    l->measuredSince = nanoseconds();
}

void load_finish(struct load *l, struct load_result *r)
{
    r->seconds = (nanoseconds() - l->measuredSince) / 1e9;
    r->serverCPU += process_cpu(l->options.server);
    r->loadCPU += own_cpu();
    r->messages = l->messages;
    r->deliveries = l->deliveries;
    r->lines = l->lines;
    r->byteCount = l->byteCount;
    r->p50 = histogram_quantile(&l->latencies, .5);
    r->p99 = histogram_quantile(&l->latencies, .99);
    r->p999 = histogram_quantile(&l->latencies, .999);
}

struct load *load_open(const struct load_options *options, struct load_result *result)
{
    int perChannel = options->publishersPerChannel + options->subscribersPerChannel;
    struct load *l = load_make(options, (options->isShared ? 1 : options->channels) * perChannel);
    l->publisherCount = options->channels * options->publishersPerChannel;
    l->publishers = calloc(l->publisherCount + 1, sizeof *l->publishers);
    l->finished = calloc(l->publisherCount + 1, sizeof *l->finished);
    for (int i = 0; i < l->connectionCount; i++) {
        struct load_connection *c = &l->connections[i];
        c->channel = i / perChannel;
        if (i % perChannel < options->publishersPerChannel)
            c->publisher = c->channel * options->publishersPerChannel + i % perChannel;
    }
    for (int i = 0; i < l->publisherCount; i++) {
        struct load_publisher *p = &l->publishers[i];
        p->channel = i / options->publishersPerChannel;
        p->connection = (options->isShared ? 0 : p->channel * perChannel) + i % options->publishersPerChannel;
        p->missing = calloc(windowLimit, sizeof *p->missing);
    }
    load_begin(l, result);
    int failed = load_connect_all(l);
    load_finish(l, result);
    result->messages = l->readyCount;
    if (!failed && !load_barrier(l)) return l;
    load_close(l);
    return NULL;
}

static int is_drained(const struct load *l)
{
    for (int i = 0; i < l->publisherCount; i++) if (l->publishers[i].next != l->publishers[i].done) return 0;
    return 1;
}

int load_drain(struct load *l)
{
    uint64_t end = nanoseconds() + 20000000000ull;
    while (!l->lostCount && !is_drained(l)) {
        if (nanoseconds() > end) return load_fail("messages were not delivered to everybody");
        load_poll(l, nanoseconds() + 20000000);
    }
    return l->lostCount ? -1 : 0;
}

int load_run(struct load *l, int window, double seconds, struct load_result *result)
{
    if (window < 1 || window > windowLimit) return load_fail("a window of %d", window);
    l->window = window;
    l->isRunning = 1;
    for (int i = 0; i < l->publisherCount; i++) load_pump(l, &l->publishers[i]);
    uint64_t end = nanoseconds() + (uint64_t)(seconds * .25e9);
    while (nanoseconds() < end && !l->lostCount) load_poll(l, end);
    load_begin(l, result);
    l->isMeasuring = 1;
    end = l->measuredSince + (uint64_t)(seconds * 1e9);
    while (nanoseconds() < end && !l->lostCount) load_poll(l, end);
    load_finish(l, result);
    l->isRunning = l->isMeasuring = 0;
    return load_drain(l);
}

int load_begin_threads(struct load *l)
{
    for (int i = 0; i < l->publisherCount; i += l->options.publishersPerChannel) {
        struct load_connection *c = &l->connections[l->publishers[i].connection];
        load_putf(c, "THREAD #c%d CREATE * :Measured\r\n", l->options.firstNumber + c->channel);
        load_flush(l, c);
    }
    return load_barrier(l);
}

void load_post_to(struct load *l, int thread) { l->thread = thread; }

int load_fill(struct load *l, int lines)
{
    l->fetchLimit = 1;
    l->linesToFill = lines;
    l->pongsMissing = 1;
    fill_more(l, &l->connections[0]);
    uint64_t end = nanoseconds() + 60000000000ull;
    while (l->pongsMissing > 0 && !l->lostCount) {
        if (nanoseconds() > end) return load_fail("the lines were not taken in time");
        load_poll(l, nanoseconds() + 100000000);
    }
    return l->lostCount ? -1 : load_barrier(l);
}

int load_history(struct load *l, int lines, int fetches, struct load_result *result)
{
    l->fetchLimit = lines;
    l->fetchesMissing = 0;
    load_begin(l, result);
    for (int i = 0; i < l->connectionCount; i++) {
        struct load_connection *c = &l->connections[i];
        if (c->publisher >= 0) continue;
        c->fetchesLeft = fetches;
        l->fetchesMissing += fetches;
        fetch_next(l, c);
    }
    uint64_t end = nanoseconds() + 60000000000ull;
    while (l->fetchesMissing > 0 && !l->lostCount) {
        if (nanoseconds() > end) return load_fail("%d fetches did not end", l->fetchesMissing);
        load_poll(l, nanoseconds() + 100000000);
    }
    load_finish(l, result);
    return l->lostCount ? -1 : 0;
}

int load_handshakes(const struct load_options *options, double seconds, struct load_result *result)
{
    struct load *l = load_make(options, options->inFlight);
    l->handshakeOnly = 1;
    load_begin(l, result);
    uint64_t end = l->measuredSince + (uint64_t)(seconds * 1e9);
    int failed = 0;
    while (nanoseconds() < end && !failed && !l->lostCount) {
        for (int i = 0; i < l->connectionCount && !failed; i++)
            if (l->connections[i].phase == phaseNone) failed = load_connect(l, i);
        load_poll(l, nanoseconds() + 10000000);
    }
    load_finish(l, result);
    failed |= l->lostCount;
    load_close(l);
    return failed ? -1 : 0;
}
