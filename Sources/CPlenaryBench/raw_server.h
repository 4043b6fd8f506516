// SPDX-License-Identifier: Apache-2.0
// Parts of the reference server.
#ifndef RAW_SERVER_H
#define RAW_SERVER_H
#include "CPlenaryBench.h"
#include <openssl/ssl.h>

struct raw_bytes {
    char *start;
    int count, capacity;
};

/// One line of a channel's round; its author does not get it back.
struct raw_part {
    int author, start, count;
};

struct raw_channel {
    char name[32];
    int *members, memberCount, memberCapacity;
    struct raw_bytes round;
    struct raw_part *parts;
    int partCount, partCapacity, isDirty;
};

struct raw_connection {
    SSL *tls;
    int isOpen, isEstablished, waitsForOutput;
    char nick[24];
    /// The first of them; the others only know that they have this member.
    struct raw_channel *channel;
    int isInSeveral;
    struct raw_bytes input, output;
    unsigned postedIn;
};

/// A file of lines, each round made durable by one write and one fdatasync.
struct raw_log {
    int descriptor, keepsHistory;
    struct raw_bytes pending;
    /// Where each line begins, and one more for the end.
    long *starts;
    int lineCount, lineCapacity;
    long end;
};

void raw_append(struct raw_bytes *bytes, const char *source, int count);
int raw_log_open(struct raw_log *log, const char *path, int keepsHistory);
void raw_log_add(struct raw_log *log, const char *line, int count);
int raw_log_commit(struct raw_log *log);
/// The newest lines as a CHATHISTORY batch.
int raw_log_fetch(struct raw_log *log, int lines, struct raw_bytes *answer);
#endif
