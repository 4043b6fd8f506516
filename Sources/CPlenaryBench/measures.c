// SPDX-License-Identifier: Apache-2.0
// Clocks, CPU times, memory and latencies.
#define _GNU_SOURCE
#include "load.h"
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static char failure[256];

int load_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure, sizeof failure, format, arguments);
    va_end(arguments);
    return -1;
}

const char *load_error(void) { return failure; }

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    return clock_gettime(clock, &t) ? -1 : t.tv_sec + t.tv_nsec / 1e9;
}

uint64_t nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

double own_cpu(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

// The same time that /proc/PID/stat tells, but in nanoseconds and not in hundredths of a second.
double process_cpu(int process)
{
    clockid_t clock;
    return clock_getcpuclockid(process, &clock) ? -1 : seconds_of(clock);
}

long process_memory(int process)
{
    char path[64], line[256];
    long kibibytes = -1;
    snprintf(path, sizeof path, "/proc/%d/status", process);
    FILE *f = fopen(path, "r");
    if (!f) return -1;
    while (fgets(line, sizeof line, f)) if (sscanf(line, "VmRSS: %ld", &kibibytes) == 1) break;
    fclose(f);
    return kibibytes;
}

// 64 exact steps, then 32 linear steps for each power of two.
void histogram_add(struct histogram *h, uint64_t value)
{
    unsigned e = value < 64 ? 0 : 63 - __builtin_clzll(value) - 5;
    unsigned i = e ? e * 32 + (value >> e) : value;
    h->counts[i < 4095 ? i : 4095]++;
    h->total++;
}

double histogram_quantile(const struct histogram *h, double q)
{
    uint64_t wanted = q * h->total, seen = 0;
    for (unsigned i = 0; i < 4096; i++) {
        seen += h->counts[i];
        if (seen <= wanted) continue;
        unsigned e = i < 64 ? 0 : (i - 32) / 32;
        return (e ? (double)(i - e * 32) * (double)(1ull << e) : i) / 1000.0;
    }
    return 0;
}
