// SPDX-License-Identifier: Apache-2.0
// The reference and the load of plenary-bench, in C so that they cost as little as they can.
// Loopback only. Both read just enough of IRC for each other, and trust what they read.
#ifndef CPLENARY_BENCH_H
#define CPLENARY_BENCH_H
#include <malloc.h>
#include <stdint.h>

/// What the reference server does. Zero and NULL switch a thing off.
struct raw_options {
    /// PEM files; with them every connection is under TLS.
    const char *certificate, *key;
    /// Every round's lines are written here and synced before they are sent.
    const char *log;
    /// Lines are logged as CHATHISTORY shows them, and can be fetched.
    int keepsHistory;
    /// Everybody in a channel is told of who joins, who joins gets the names; both as a chat server has it.
    int announcesJoins;
};

/// Opens a listener on any free port of 127.0.0.1; the port, or -1 and errno.
int raw_listen(int *port);
/// Serves until the process ends: the system calls of a chat server and nothing besides.
/// Returns only when it could not begin, or when the log failed.
int raw_serve(int listener, const struct raw_options *options);

/// Whom a load connects to, and as how many.
struct load_options {
    int port, isTLS;
    /// The server's process, whose CPU time is read.
    int server;
    int channels, publishersPerChannel, subscribersPerChannel;
    /// The same connections are in all channels, instead of in one each.
    int isShared;
    /// What the names of connections and channels are counted from, so that two loads do not meet.
    int firstNumber;
    /// Connections that are being set up at once.
    int inFlight;
    /// Capabilities to ask for, or NULL.
    const char *capabilities;
    /// Bytes of a message's text, at least 32.
    int bodyByteCount;
};

/// What one window of time showed. CPU times are in seconds, latencies in microseconds.
struct load_result {
    double seconds, serverCPU, loadCPU;
    uint64_t messages, deliveries, lines, byteCount;
    double p50, p99, p999;
};

struct load;

/// Connects, registers and joins everybody; NULL when that failed, with the reason in `load_error`.
struct load *load_open(const struct load_options *options, struct load_result *result);
/// Closed loop: each publisher has at most `window` messages that not every subscriber has received.
/// Afterwards waits until everything is delivered. 0, or -1 with `load_error`.
int load_run(struct load *load, int window, double seconds, struct load_result *result);
/// Open loop: messages fall due at an even rate, the publishers in turn, and are timed from then, whether or not
/// they could be sent then. Waits until everything is delivered.
int load_run_paced(struct load *load, double messagesPerSecond, double seconds, struct load_result *result);
/// The first publisher of each channel begins thread 1 of it.
int load_begin_threads(struct load *load);
/// From now on publishers post to that thread of their channel; 0 is the channel itself.
void load_post_to(struct load *load, int thread);
/// Posts lines from the first publisher until the channel has that many more.
int load_fill(struct load *load, int lines);
/// Every subscriber fetches the newest `lines` lines `fetches` times, one after the other.
int load_history(struct load *load, int lines, int fetches, struct load_result *result);
/// From now on fetches are of what is before times between these, in milliseconds since 1970, which a seed of
/// its own draws; 0 and 0 are the newest lines again.
void load_fetch_between(struct load *load, uint64_t from, uint64_t to);
void load_close(struct load *load);
/// Connects and closes again for some time, `inFlight` at once; `messages` counts the connections.
int load_handshakes(const struct load_options *options, double seconds, struct load_result *result);
/// Why the last call failed.
const char *load_error(void);

/// CPU time of a process in seconds; negative when there is none such.
double process_cpu(int process);
/// Resident memory of a process in KiB; negative when there is none such.
long process_memory(int process);
#endif
