// SPDX-License-Identifier: Apache-2.0
// Load whose times are given from outside: messages that fall due, and fetches of what was before a time.
#include "load.h"
#include <stdio.h>
#include <time.h>

// Sends what is due; the time when there is something to do again.
static uint64_t send_due(struct load *l, uint64_t start, double interval, uint64_t *count)
{
    uint64_t now = nanoseconds(), due;
    while ((due = start + (uint64_t)(*count * interval)) <= now) {
        struct load_publisher *p = &l->publishers[*count % l->publisherCount];
        // Held back, and timed from when it was due all the same.
        if (p->next - p->done >= windowLimit) return now + 1000000;
        load_emit(l, p, due);
        load_flush(l, &l->connections[p->connection]);
        ++*count;
    }
    return due;
}

int load_run_paced(struct load *l, double messagesPerSecond, double seconds, struct load_result *result)
{
    if (messagesPerSecond <= 0 || l->publisherCount < 1) return load_fail("nothing falls due");
    double interval = 1e9 / messagesPerSecond;
    uint64_t count = 0, start = nanoseconds(), end = start + (uint64_t)(seconds * .25e9);
    while (nanoseconds() < end && !l->lostCount) load_poll(l, send_due(l, start, interval, &count));
    load_begin(l, result);
    l->isMeasuring = 1;
    end = l->measuredSince + (uint64_t)(seconds * 1e9);
    while (nanoseconds() < end && !l->lostCount) {
        uint64_t next = send_due(l, start, interval, &count);
        load_poll(l, next < end ? next : end);
    }
    load_finish(l, result);
    // The slowest are not yet there.
    int failed = load_drain(l);
    l->isMeasuring = 0;
    result->p50 = histogram_quantile(&l->latencies, .5);
    result->p99 = histogram_quantile(&l->latencies, .99);
    result->p999 = histogram_quantile(&l->latencies, .999);
    return failed;
}

void load_fetch_between(struct load *l, uint64_t from, uint64_t to)
{
    l->fetchFrom = from;
    l->fetchTo = to;
    l->drawn = 1;
}

void load_fetch_before(struct load *l, struct load_connection *c)
{
    // Knuth's MMIX generator; its upper bits are the better ones.
    l->drawn = l->drawn * 6364136223846793005ull + 1442695040888963407ull;
    uint64_t time = l->fetchFrom + (l->drawn >> 24) % (l->fetchTo - l->fetchFrom);
    time_t second = time / 1000;
    struct tm utc;
    char text[32];
    gmtime_r(&second, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    load_putf(c, "CHATHISTORY BEFORE #c%d timestamp=%s.%03dZ %d\r\n", l->options.firstNumber + c->channel, text,
        (int)(time % 1000), l->fetchLimit);
}
