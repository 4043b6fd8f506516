// SPDX-License-Identifier: Apache-2.0
// The reference's log: lines as they go out, so that a fetch is one pread and one send.
#define _GNU_SOURCE
#include "raw_server.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char tags[] = "@batch=x;time=2026-01-01T00:00:00.000Z;msgid=aaaaaaaaaaaaaaaaaaaaaa ";

int raw_log_open(struct raw_log *log, const char *path, int keepsHistory)
{
    log->descriptor = open(path, O_CREAT | O_TRUNC | O_RDWR | O_APPEND, 0600);
    log->keepsHistory = keepsHistory;
    if (log->descriptor >= 0) return 0;
    perror(path);
    return -1;
}

void raw_log_add(struct raw_log *log, const char *line, int count)
{
    if (log->descriptor < 0) return;
    if (log->keepsHistory) {
        if (log->lineCount + 2 > log->lineCapacity) {
            log->lineCapacity = log->lineCapacity * 2 + 1024;
            log->starts = realloc(log->starts, log->lineCapacity * sizeof *log->starts);
        }
        log->starts[log->lineCount++] = log->end;
        raw_append(&log->pending, tags, sizeof tags - 1);
        log->end += sizeof tags - 1 + count;
        log->starts[log->lineCount] = log->end;
    }
    raw_append(&log->pending, line, count);
}

int raw_log_commit(struct raw_log *log)
{
    if (log->descriptor < 0 || log->pending.count == 0) return 0;
    for (int done = 0; done < log->pending.count;) {
        int k = write(log->descriptor, log->pending.start + done, log->pending.count - done);
        if (k < 0) {
            perror("log");
            return -1;
        }
        done += k;
    }
    log->pending.count = 0;
    if (fdatasync(log->descriptor) == 0) return 0;
    perror("fdatasync");
    return -1;
}

int raw_log_fetch(struct raw_log *log, int lines, struct raw_bytes *answer)
{
    if (!log->keepsHistory || lines < 0) return -1;
    int first = lines < log->lineCount ? log->lineCount - lines : 0;
    static const char opening[] = ":raw BATCH +x chathistory #c0\r\n", closing[] = ":raw BATCH -x\r\n";
    raw_append(answer, opening, sizeof opening - 1);
    if (first < log->lineCount) {
        long start = log->starts[first], byteCount = log->starts[log->lineCount] - start;
        char *stored = malloc(byteCount);
        long k = pread(log->descriptor, stored, byteCount, start);
        if (k > 0) raw_append(answer, stored, k);
        free(stored);
    }
    raw_append(answer, closing, sizeof closing - 1);
    return 0;
}
