# SPDX-License-Identifier: Apache-2.0
"""A plenaryd, clients that load it, what they were promised, and whether it was kept. For .ci/faults."""

import asyncio
import os
import re
import select
import socket
import subprocess
import sys
import time

CONFIGURATION = """\
server:
  name: faults.test
listeners:
  - address: 127.0.0.1
    port: 0
    tls: no
storage:
  directory: {data}
  segment_size: 1MiB
  any_file_system: yes
community:
  profile: open
  file: {folder}/community.yaml
  roles: ""
connections:
  open_per_network: 1000
  open_per_site: 1000
  new_per_network: 100000
session:
  command_burst: off
"""
COMMUNITY = "channels:\n  - name: load\n    titles:\n      en: Load\n"


class Server:
    """`plenaryd` with its settings in one folder, and its data in another on the file system under test."""

    def __init__(self, programs, folder, data):
        self.program = os.path.join(programs, "plenaryd")
        self.folder, self.data = folder, data
        self.process = None
        with open(f"{folder}/plenaryd.yaml", "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(data=data, folder=folder))
        with open(f"{folder}/community.yaml", "w", encoding="utf-8") as file:
            file.write(COMMUNITY)
        self.log = open(f"{folder}/server.log", "ab")

    def start(self):
        """Starts it; the seconds until people could connect, or None and its exit code in `code`."""
        listening = f"{self.folder}/listening"
        if os.path.exists(listening):
            os.unlink(listening)
        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "run", "--config", f"{self.folder}/plenaryd.yaml", "--listening-file", listening],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"})
        while time.monotonic() < began + 30 and self.process.poll() is None:
            if os.path.exists(listening):
                with open(listening, encoding="utf-8") as file:
                    self.port = int(file.read().split()[2])
                return time.monotonic() - began
            time.sleep(0.005)
        return None

    @property
    def code(self):
        """The exit code; None while it runs."""
        return self.process.poll()

    async def end(self, seconds):
        """Its exit code and when it came; it is killed when there is none in so many seconds."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            await asyncio.sleep(0.005)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            return None
        return self.process.returncode

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def command(self, *arguments):
        return [self.program, *arguments]

    def erase(self, message):
        """Begins to erase a message; the command's process."""
        return subprocess.Popen(
            self.command("erase", "--config", f"{self.folder}/plenaryd.yaml", "--message", message, "--yes"),
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def tail(self):
        with open(f"{self.folder}/server.log", encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-12:])


class Message:
    """What became of one message: `state` is sent, acknowledged, refused or doubtful."""

    def __init__(self, text):
        self.text, self.state, self.id, self.time, self.when = text, "sent", None, None, None


class Journal:
    """What the clients sent and what they were told, in the process that nobody ends."""

    def __init__(self, clients):
        self.messages = [[] for _ in range(clients)]
        self.faults = []
        # Texts whose erasure was begun, and those of them that it was confirmed for.
        self.erasing, self.erased = set(), set()
        self.acknowledged = self.refused = 0
        self.pings = []
        # What was found stored so far, for checks that begin where the last one ended.
        self.found, self.newest, self.next, self.kinds = {}, [-1] * clients, 0, []

    def add(self, client, filler):
        number = len(self.messages[client])
        message = Message(f"c{client}-{number} " + "x" * (number * 37 % filler))
        self.messages[client].append(message)
        return number, message

    def answer(self, client, number, state, identifier=None, stamp=None):
        message = self.messages[client][number]
        if message.state != "sent":
            self.faults.append(f"{message.text[:12]} was {message.state} and then {state}")
        message.state, message.id, message.time, message.when = state, identifier, stamp, time.monotonic()
        if state == "acknowledged":
            self.acknowledged += 1
        else:
            self.refused += 1

    def doubt_after(self, moment):
        """Acknowledgements that came after a moment promise nothing; how many."""
        late = [m for m in self.all() if m.state == "acknowledged" and m.when >= moment]
        for message in late:
            message.state = "doubtful"
        self.acknowledged -= len(late)
        return len(late)

    def all(self):
        return [message for messages in self.messages for message in messages]

    def check(self, server):
        """Reads what came since the last check; counts of faults: lost, phantom, double, disordered, other."""
        self.read(server)
        counts = {"lost": 0, "phantom": 0, "double": 0, "disordered": 0, "other": len(self.faults)}
        for place, kind in self.kinds:
            counts[kind] += 1
            self.faults.append(f"{kind}: {place}")
        for message in self.all():
            stamp = self.found.get(message.text)
            if message.text in self.erasing:
                continue
            if message.state == "acknowledged" and stamp != message.time:
                counts["lost"] += 1
                self.faults.append(f"lost: {message.text[:20]} of {message.time}, found {stamp}")
            if message.state == "refused" and stamp:
                counts["phantom"] += 1
                self.faults.append(f"stored though refused: {message.text[:20]}")
        return counts

    def read(self, server):
        dump = subprocess.run(
            server.command("log", "dump", server.data, "--from", str(self.next)), check=False,
            capture_output=True, text=True)
        self.kinds = []
        if dump.returncode:
            self.faults.append(f"log dump ended with {dump.returncode}: {dump.stderr.strip()}")
        for line in dump.stdout.splitlines():
            offset, stamp, event = line.split("\t", 2)
            if int(offset) != self.next:
                self.kinds.append((f"number {offset} where {self.next} was due", "other"))
            self.next = int(offset) + 1
            match = re.match(r"messagePosted \S+ privateMessage #load: ((c(\d+)-(\d+)) x*)$", event)
            if match:
                self.note(match[1], int(match[3]), int(match[4]), stamp)
            elif event.startswith("messagePosted"):
                self.kinds.append((event[:80], "phantom"))

    def note(self, text, client, number, stamp):
        if client >= len(self.messages) or number >= len(self.messages[client]) \
                or self.messages[client][number].text != text:
            self.kinds.append((text[:20], "phantom"))
            return
        if text in self.found:
            self.kinds.append((text[:20], "double"))
        if number <= self.newest[client]:
            self.kinds.append((text[:20], "disordered"))
        self.newest[client] = number
        self.found[text] = stamp

    def check_erased(self, server):
        """How many of the erased texts are in some file."""
        if not self.erased:
            return 0
        marks = "".join(f"{text[:40]}\n" for text in sorted(self.erased))
        result = subprocess.run(
            server.command("log", "grep-bytes", server.data, "--stdin"), input=marks, capture_output=True,
            text=True, check=False)
        if result.returncode > 1:
            self.faults.append(f"grep-bytes ended with {result.returncode}: {result.stderr}")
        return len(result.stdout.splitlines())

    def read_again(self):
        """Forgets what was found, so that the next check reads everything."""
        self.found, self.newest, self.next = {}, [-1] * len(self.messages), 0


class Load:
    """Clients that post all the time, and if asked for one that asks PING, until they are stopped or cut off."""

    def __init__(self, journal, port, filler=380, pause=0.0, window=8, asks_ping=False):
        self.journal, self.port, self.filler = journal, port, filler
        self.pause, self.window = pause, window
        self.stopping = False
        self.tasks = [asyncio.ensure_future(self.write(client)) for client in range(len(journal.messages))]
        # A process of its own: it measures the server, not how busy these clients are.
        self.pinger = asks_ping and subprocess.Popen(
            [sys.executable, __file__, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    async def stop(self):
        """Sends nothing more and waits for what is on its way, at most 30 s."""
        self.stopping = True
        for line in self.pinger.communicate("")[0].splitlines() if self.pinger else []:
            when, took = line.split()
            self.journal.pings.append((float(when), float(took)))
        _, late = await asyncio.wait(self.tasks, timeout=30)
        for task in late:
            task.cancel()
            self.journal.faults.append("a client waited 30 s for an answer")
        for task in self.tasks:
            if task.done() and not task.cancelled() and task.exception():
                raise task.exception()

    async def connect(self, name):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            b"CAP REQ :message-tags server-time echo-message batch labeled-response\r\n"
            b"NICK %s\r\nUSER %s 0 * :%s\r\nCAP END\r\n" % ((name.encode(),) * 3))
        return reader, writer

    async def write(self, client):
        try:
            reader, writer = await self.connect(f"c{client}")
            writer.write(b"JOIN #load\r\n")
            while b" 366 " not in (line := await reader.readline()):
                if not line:
                    return
            await self.talk(client, reader, writer)
            writer.close()
        except OSError:
            return

    async def talk(self, client, reader, writer):
        waiting = 0
        sent = asyncio.ensure_future(asyncio.sleep(0))
        line = asyncio.ensure_future(reader.readline())
        while waiting or not self.stopping:
            if not self.stopping and sent.done() and waiting < self.window:
                count = 1 if self.pause else self.window - waiting
                for _ in range(count):
                    number, message = self.journal.add(client, self.filler)
                    writer.write(f"@label={number} PRIVMSG #load :{message.text}\r\n".encode())
                waiting += count
                sent = asyncio.ensure_future(asyncio.sleep(self.pause))
            await asyncio.wait([line] if waiting >= self.window or self.stopping and waiting else [line, sent],
                               return_when=asyncio.FIRST_COMPLETED, timeout=0.05)
            if not line.done():
                continue
            text = line.result().decode()
            if not text:
                return
            waiting -= self.hear(client, text)
            line = asyncio.ensure_future(reader.readline())
        line.cancel()

    def hear(self, client, text):
        """1 when the line answers one of the client's messages."""
        match = re.match(r"@(\S*) :(\S+) (\S+) (\S+)(.*)", text)
        label = match and re.search(r"(?:^|;)label=(\d+)", match[1])
        if not label:
            return 0
        number = int(label[1])
        if match[3] == "PRIVMSG":
            tags = dict(tag.split("=", 1) for tag in match[1].split(";") if "=" in tag)
            if match[5].rstrip("\r\n")[2:] != self.journal.messages[client][number].text:
                self.journal.faults.append(f"echoed as {match[5][:40]}")
            self.journal.answer(client, number, "acknowledged", tags.get("msgid"), tags.get("time"))
        elif match[3] == "FAIL" and "STORAGE_FULL" in match[5]:
            self.journal.answer(client, number, "refused")
        else:
            self.journal.faults.append(f"answered with {text.strip()[:100]}")
        return 1


def ping(port):
    """Asks PING every 10 ms until the standard input ends, then prints when and how long each took."""
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as lines:
        connection.sendall(b"NICK pinger\r\nUSER pinger 0 * :pinger\r\n")
        token = b" 422 "
        while not select.select([sys.stdin], [], [], 0.01)[0]:
            began = time.monotonic()
            if token != b" 422 ":
                connection.sendall(b"PING x\r\n")
            while token not in (line := lines.readline()):
                if not line:
                    return
            if token != b" 422 ":
                print(began, time.monotonic() - began)
            token = b" PONG "


async def finds(port, text, seconds):
    """Whether a search for a message's first word finds it within so many seconds."""
    load = Load.__new__(Load)
    load.port = port
    reader, writer = await load.connect("finder")
    writer.write(b"CAP REQ :draft/search\r\nJOIN #load\r\n")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        writer.write(f"SEARCH text={text.split()[0]}\r\nPING found\r\n".encode())
        heard = b""
        while b" PONG " not in heard.rsplit(b"\n", 2)[-2 if heard.endswith(b"\n") else -1]:
            line = await reader.readline()
            if not line:
                return False
            heard += line
        if text.encode() in heard:
            writer.close()
            return True
        await asyncio.sleep(1)
    return False


if __name__ == "__main__":
    ping(int(sys.argv[1]))
