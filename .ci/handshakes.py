# SPDX-License-Identifier: Apache-2.0
"""Hostile handshakes against a server, for .ci/hostile: real ClientHellos, changed by a seeded generator."""

import asyncio
import collections
import random
import socket
import ssl
import struct
import time

from serving import NAME, Person, percentile, trusting_context

HANDSHAKE_SECONDS = 10  # connections.handshake_timeout as shipped
AT_ONCE = 48
STUCK_COUNTS = [64, 200]  # as many as connections.handshakes, and more
FLOOD_COUNT = 1100        # more than connections.waiting_handshakes
FLOOD_SILENCE = 2.5       # by then the longest silent one has to make room
SIGN_IN_SECONDS = 1


class Wire:
    """The client's side of TLS in memory: whoever holds it decides what becomes of its bytes."""

    def __init__(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.object = context.wrap_bio(self.incoming, self.outgoing, server_hostname=NAME)

    def advance(self):
        """Goes on as far as the bytes allow: whether the handshake is done, and what to send."""
        try:
            self.object.do_handshake()
            return True, self.outgoing.read()
        except ssl.SSLWantReadError:
            return False, self.outgoing.read()


def contexts():
    tls12 = ssl.TLSVersion.TLSv1_2
    return [trusting_context(), trusting_context(newest=tls12), trusting_context(protocols=["irc"]),
            trusting_context(newest=tls12, protocols=["irc", "h2"])]


def flipped(rng, data):
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def overwritten(rng, data):
    place = rng.randrange(len(data))
    data[place:place + rng.randint(1, 40)] = rng.randbytes(rng.randint(1, 40))


def inserted(rng, data):
    place = rng.randrange(len(data))
    data[place:place] = rng.randbytes(rng.randint(1, 300))


def removed(rng, data):
    place = rng.randrange(len(data))
    del data[place:place + rng.randint(1, 100)]


def truncated(rng, data):
    del data[rng.randrange(len(data)):]


def doubled(rng, data):
    data += data[:rng.randrange(len(data))]


def lied_about_length(rng, data):
    """A length of the record, the message, the session id or a list says something else."""
    place, size = rng.choice([(3, 2), (6, 3), (43, 1), (76, 2), (rng.randrange(len(data) - 4), rng.randint(1, 3))])
    value = rng.choice([0, 1, 2 ** (8 * size) - 1, 2 ** (8 * size - 1), rng.randrange(2 ** (8 * size))])
    data[place:place + size] = value.to_bytes(size, "big")


def of_another_kind(rng, data):
    data[0] = rng.choice([0, 20, 21, 23, 24, 255])


def in_many_records(rng, data):
    """The same message in records of a few bytes each, with empty ones and damage between."""
    body, size = bytes(data[5:]), rng.randint(1, 20)
    pieces = [body[place:place + size] for place in range(0, len(body), size)]
    data[:] = b"".join(struct.pack(">BHH", 22, 0x0303, len(piece)) + piece for piece in pieces)
    if rng.random() < 0.5:
        data += struct.pack(">BHH", 22, 0x0303, 0) * rng.randint(1, 200)


def full_of_alerts(rng, data):
    data[:0] = bytes([21, 3, 3, 0, 2, 1, rng.choice([0, 10, 90, 100])]) * rng.randint(1, 200)


def as_version_2(rng, data):
    data[:] = bytes([0x80, 46, 1, 3, rng.randrange(4), 0, 21, 0, 0, 0, 16]) + rng.randbytes(37)


MUTATIONS = [flipped, overwritten, inserted, removed, truncated, doubled, lied_about_length, of_another_kind,
             in_many_records, full_of_alerts, as_version_2]

PLAIN_TEXTS = [b"NICK ann\r\nUSER ann 0 * :Ann\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\r\n" * 100,
               b"\0" * 4096, b"A" * 20000, b"STARTTLS\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"SSH-2.0-x\r\n"]


class Attempt:
    """One hostile peer: a socket, a way to end, and what the server did."""

    def __init__(self, server, rng):
        self.server, self.rng = server, rng
        self.loop = asyncio.get_running_loop()
        self.socket = socket.socket()
        self.socket.setblocking(False)

    async def connect(self, port):
        self.socket.bind((f"127.{self.rng.randint(0, 9)}.{self.rng.randint(0, 255)}.{self.rng.randint(1, 254)}", 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.loop.sock_connect(self.socket, (self.server.address, port))

    async def send(self, data, in_pieces=False):
        size = 1 if in_pieces else max(1, self.rng.choice([len(data), len(data), self.rng.randint(1, 1 + len(data))]))
        for place in range(0, len(data), size):
            await self.loop.sock_sendall(self.socket, data[place:place + size])

    async def receive(self, seconds):
        return await asyncio.wait_for(self.loop.sock_recv(self.socket, 65536), seconds)

    async def end(self):
        """Looks a moment what the server says, and leaves in one of three ways."""
        if self.rng.random() < 0.3:
            self.socket.shutdown(socket.SHUT_WR)
        said = b""
        try:
            while data := await self.receive(0.15):
                said += data
            return "closed after an alert" if said[:1] == b"\x15" else "closed"
        except asyncio.TimeoutError:
            return "waiting for more"
        except OSError:
            return "reset"
        finally:
            self.leave()

    def leave(self):
        if self.rng.random() < 0.5:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    async def shake_hands(self, wire, change=None, in_pieces=False):
        """A handshake whose last flight goes through `change`. The context's own errors pass."""
        is_done, data = wire.advance()
        is_first = True
        while True:
            if change and not is_first:
                data = change(data)
            if data:
                await self.send(data, in_pieces)
            if is_done:
                return
            answer = await self.receive(1 if change else 10)
            if not answer:
                raise ConnectionResetError("closed in the handshake")
            wire.incoming.write(answer)
            is_done, data = wire.advance()
            is_first = False


def changed(rng, data):
    data = bytearray(data)
    if data:
        rng.choice([flipped, overwritten, inserted, removed, truncated])(rng, data)
    return bytes(data)


async def mutated_hello(attempt, all_contexts, port):
    hello = bytearray(Wire(attempt.rng.choice(all_contexts)).advance()[1])
    for _ in range(attempt.rng.randint(1, 2)):
        if len(hello) > 90:
            attempt.rng.choice(MUTATIONS)(attempt.rng, hello)
    await attempt.connect(port)
    await attempt.send(bytes(hello))
    return await attempt.end()


async def cut_off_hello(attempt, all_contexts, port):
    hello = Wire(attempt.rng.choice(all_contexts)).advance()[1]
    await attempt.connect(port)
    await attempt.send(hello[:attempt.rng.randrange(len(hello))])
    attempt.leave()
    return "left"


async def mutated_flight(attempt, all_contexts, port):
    await attempt.connect(port)
    await attempt.shake_hands(Wire(attempt.rng.choice(all_contexts)), lambda data: changed(attempt.rng, data))
    return await attempt.end()


async def mutated_records(attempt, all_contexts, port):
    await attempt.connect(port)
    wire = Wire(attempt.rng.choice(all_contexts))
    await attempt.shake_hands(wire)
    wire.object.write(b"NICK ann\r\nUSER ann 0 * :Ann\r\n" * attempt.rng.randint(1, 5))
    await attempt.send(changed(attempt.rng, wire.outgoing.read()))
    return await attempt.end()


async def in_single_bytes(attempt, all_contexts, port):
    """The one kind that has to succeed."""
    await attempt.connect(port)
    wire = Wire(attempt.rng.choice(all_contexts))
    await attempt.shake_hands(wire, in_pieces=True)
    wire.object.write(b"PING here\r\n")
    await attempt.send(wire.outgoing.read(), in_pieces=True)
    while True:
        wire.incoming.write(await attempt.receive(10))
        try:
            line = wire.object.read(512)
            attempt.leave()
            return "answered" if b"PONG" in line else "not answered"
        except ssl.SSLWantReadError:
            pass


async def another_protocol(attempt, all_contexts, port):
    await attempt.connect(port)
    try:
        await attempt.shake_hands(Wire(trusting_context(protocols=attempt.rng.choice(
            [["http/1.1"], ["h2", "http/1.1"], ["ftp"], ["xmpp-client"], ["i" * 255], ["x"] * 1000]))))
    except ssl.SSLError as error:
        attempt.leave()
        words = str(error).lower().replace("_", " ")
        return "refused" if "application protocol" in words else f"refused by {error.reason}"
    attempt.leave()
    return "let in"


async def plain_text(attempt, all_contexts, port):
    await attempt.connect(port)
    await attempt.send(attempt.rng.choice(PLAIN_TEXTS + [attempt.rng.randbytes(3000)]))
    return await attempt.end()


async def tls_on_plain(attempt, all_contexts, port):
    hello = bytearray(Wire(attempt.rng.choice(all_contexts)).advance()[1])
    if attempt.rng.random() < 0.5:
        attempt.rng.choice(MUTATIONS[:6])(attempt.rng, hello)
    await attempt.connect(attempt.server.plain_port)
    await attempt.send(bytes(hello))
    return await attempt.end()


KINDS = {mutated_hello: 60, cut_off_hello: 8, mutated_flight: 8, mutated_records: 6, in_single_bytes: 5,
         another_protocol: 4, plain_text: 5, tls_on_plain: 4}
# A kind whose attempts have one outcome only.
CERTAIN = {"in_single_bytes": {"answered"}, "another_protocol": {"refused"}}


async def one(server, all_contexts, seed, number, outcomes):
    rng = random.Random(f"{seed}/{number}")
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    attempt = Attempt(server, rng)
    try:
        outcome = await kind(attempt, all_contexts, server.tls_port)
    except asyncio.TimeoutError:
        outcome = "no answer"
    except (OSError, ssl.SSLError):
        outcome = "refused by an error"
    finally:
        attempt.socket.close()
    outcomes[kind.__name__][outcome] += 1


async def storm(server, seed, count):
    """All attempts, so many at once; by kind, how often each outcome."""
    outcomes = collections.defaultdict(collections.Counter)
    numbers = iter(range(count))
    all_contexts = contexts()

    async def worker():
        for number in numbers:
            await one(server, all_contexts, seed, number, outcomes)
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return outcomes


async def stuck(server, seed, count):
    """Handshakes that go no further: seconds from connecting until the server closed each."""
    rng = random.Random(f"{seed}/stuck/{count}")
    # Made once: what is measured is the server, not how fast this makes hellos.
    hello = Wire(trusting_context()).advance()[1]

    async def wait(kind):
        attempt = Attempt(server, rng)
        began = time.monotonic()
        await attempt.connect(server.tls_port)
        if kind == 1:
            await attempt.send(hello[:len(hello) // 2])
        elif kind == 2:
            await attempt.send(hello)
        try:
            for place in range(1000):
                if kind == 3 and place < len(hello):
                    await attempt.send(hello[place:place + 1])
                try:
                    if not await attempt.receive(0.1):
                        break
                except asyncio.TimeoutError:
                    pass
        except OSError:
            pass
        attempt.leave()
        return time.monotonic() - began
    return await asyncio.gather(*(wait(number % 4) for number in range(count)))


async def flood(server, seed):
    """More whole hellos than may be unanswered, all held open."""
    rng = random.Random(f"{seed}/flood")
    hello = Wire(trusting_context()).advance()[1]
    attempts = []
    for _ in range(FLOOD_COUNT):
        attempt = Attempt(server, rng)
        attempts.append(attempt)
        try:
            await attempt.connect(server.tls_port)
            await attempt.loop.sock_sendall(attempt.socket, hello)
        except OSError:
            pass
    return attempts


async def signed_in(server, nick):
    """Seconds that somebody needs who means well; infinite when it cannot be done."""
    began = time.monotonic()
    try:
        person = await Person.arrive(server, nick)
        person.leave()
        return time.monotonic() - began
    except (OSError, asyncio.TimeoutError):
        return float("inf")


async def run(server, claims, seed, count):
    await signed_in(server, "first")
    await asyncio.sleep(0.5)
    at_start = server.descriptors()
    began = time.monotonic()
    storming = asyncio.create_task(storm(server, seed, count))
    waits = []
    while not storming.done():
        waits.append(await signed_in(server, f"good{len(waits)}"))
        await asyncio.sleep(0.2)
    outcomes = await storming
    lasted = time.monotonic() - began
    for kind, counts in outcomes.items():
        claims.note(kind, ", ".join(f"{outcome} {number}" for outcome, number in counts.most_common()))
    wrong = {kind: dict(outcomes[kind]) for kind, allowed in CERTAIN.items() if set(outcomes[kind]) - allowed}
    total = sum(sum(counts.values()) for counts in outcomes.values())
    claims.claim(total == count, f"hostile handshakes in {lasted:.0f} s", total, count)
    claims.claim(not wrong, "in single bytes answered, for another protocol refused", wrong or "all", "all")
    claims.claim(max(waits) < 5, f"{len(waits)} people signed in meanwhile, longest",
                 f"{max(waits):.2f} s, half of them in {percentile(waits, 0.5) * 1000:.0f} ms", "below 5 s")
    left = await server.descriptors_at(at_start, 10)
    claims.claim(left == at_start, "descriptors at the start and at the end", f"{at_start}, {left}", "the same")
    for count in STUCK_COUNTS:
        times = asyncio.create_task(stuck(server, seed, count))
        await asyncio.sleep(1)
        beside = await signed_in(server, f"beside{count}")
        claims.claim(beside <= SIGN_IN_SECONDS, f"somebody signs in beside {count} stuck ones after",
                     f"{beside:.2f} s", f"at most {SIGN_IN_SECONDS} s")
        times = sorted(await times)
        is_met = HANDSHAKE_SECONDS - 1 <= times[0] and times[-1] <= HANDSHAKE_SECONDS + 1
        claims.claim(is_met, f"{len(times)} stuck handshakes closed after",
                     f"{times[0]:.2f} to {times[-1]:.2f} s", f"{HANDSHAKE_SECONDS} s, give or take 1 s")
        left = await server.descriptors_at(at_start, 10)
        claims.claim(left == at_start, "descriptors then", left, at_start)
    before = server.resident_bytes()
    attempts = await flood(server, seed)
    await asyncio.sleep(FLOOD_SILENCE)
    beside = await signed_in(server, "flooded")
    growth = server.resident_bytes() - before
    for attempt in attempts:
        attempt.socket.close()
    claims.claim(beside <= SIGN_IN_SECONDS, f"somebody signs in beside {len(attempts)} unanswered hellos after",
                 f"{beside:.2f} s", f"at most {SIGN_IN_SECONDS} s")
    claims.claim(growth <= 64 << 20, "resident memory grew by", f"{growth / 2**20:.1f} MiB", "at most 64 MiB")
    left = await server.descriptors_at(at_start, 10)
    claims.claim(left == at_start, "descriptors then", left, at_start)
