# SPDX-License-Identifier: Apache-2.0
"""A server of the release build for the checks of this folder: started on free ports in a folder of its own, watched
from outside by what the kernel says of its process, and stopped. And people that talk to it, cheaply."""

import asyncio
import os
import re
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time

NAME = "localhost"


def release_folder():
    command = ["swift", "build", "-c", "release", "--show-bin-path"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def raise_descriptors():
    """As many descriptors as this process may have, for thousands of connections."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def trusting_context(newest=None, protocols=()):
    """A client's side of TLS that takes any certificate: it is not the certificate that is tried here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if newest:
        context.maximum_version = newest
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


class Server:
    """`plenaryd run` with a listener under TLS and a plain one, as shipped but for `settings`: section, key, value."""

    def __init__(self, settings=(), address="127.0.0.1"):
        self.address = address
        self.folder = tempfile.mkdtemp(prefix="plenary-hostile-", dir="/var/tmp")
        os.chmod(self.folder, 0o700)
        sections = {
            "server": {"name": NAME}, "storage": {"directory": "data"},
            "community": {"profile": "open", "people_may_create_channels": "yes", "file": '""', "roles": '""'},
        }
        for section, key, value in settings:
            sections.setdefault(section, {})[key] = value
        lines = ["listeners:"]
        for tls in ("yes", "no"):
            lines += [f'  - address: "{address}"', "    port: 0", f"    tls: {tls}"]
            if tls == "no":
                lines.append("    plain_text_off_loopback: yes")
        for section, pairs in sections.items():
            lines += [f"{section}:"] + [f"  {key}: {value}" for key, value in pairs.items()]
        self.configuration = self.path("plenaryd.yaml")
        with open(self.configuration, "w") as file:
            file.write("\n".join(lines) + "\n")
        self.program = os.environ.get("PLENARYD") or os.path.join(release_folder(), "plenaryd")
        self.process = None
        self.tls_port = self.plain_port = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        command = [self.program, "run", "--config", self.configuration, "--listening-file", self.path("listening")]
        with open(self.path("log"), "w") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)
        for _ in range(600):
            if os.path.exists(self.path("listening")) or self.process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            self.process.kill()
        if self.process.poll() is not None or not os.path.exists(self.path("listening")):
            sys.exit("The server did not start:\n" + self.log())
        for line in open(self.path("listening")):
            kind, _, port = line.split()
            setattr(self, f"{kind}_port", int(port))
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)

    def log(self):
        return open(self.path("log"), errors="replace").read()

    def stop(self):
        """The exit code after SIGTERM; the signal's negative number when it was dead before."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            return "none within 20 s"

    # What the kernel says of the process.

    def is_running(self):
        return self.process.poll() is None

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd")) if self.is_running() else -1

    def resident_bytes(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024

    def cpu_seconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def descriptors_at(self, wanted, seconds):
        """The number of descriptors once it is `wanted`, or after so long."""
        end = time.monotonic() + seconds
        while self.descriptors() != wanted and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return self.descriptors()


class Person:
    """Somebody signed in, who answers PING and hands every line to `heard`."""

    def __init__(self, reader, writer, heard=None):
        self.reader, self.writer, self.heard = reader, writer, heard
        self.listening = None

    @staticmethod
    async def arrive(server, nick, tls=True, local=None, channel=None, heard=None, context=None):
        """Connects, signs in and enters the channel. Raises OSError or TimeoutError if that cannot be done."""
        options = {"local_addr": (local, 0)} if local else {}
        if tls:
            options.update(ssl=context or trusting_context(), server_hostname=NAME)
        port = server.tls_port if tls else server.plain_port
        reader, writer = await asyncio.wait_for(asyncio.open_connection(server.address, port, **options), 30)
        person = Person(reader, writer, heard)
        person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        await person.until(b" 001 ")
        if channel:
            person.say(f"JOIN {channel}")
            await person.until(b" 366 ")
        return person

    def say(self, *lines):
        self.writer.write("".join(line + "\r\n" for line in lines).encode())

    async def until(self, word, seconds=30):
        """The next line that has `word` in it."""
        async def look():
            while True:
                line = await self.reader.readline()
                if not line:
                    raise ConnectionResetError("closed by the server")
                if line.startswith(b"PING"):
                    self.say(line.decode().strip().replace("PING", "PONG", 1))
                if word in line:
                    return line
        return await asyncio.wait_for(look(), seconds)

    def listen(self):
        """From now on every line goes to `heard`, in a task of its own."""
        async def forward():
            while line := await self.reader.readline():
                if line.startswith(b"PING"):
                    self.say(line.decode().strip().replace("PING", "PONG", 1))
                else:
                    self.heard(line)
        self.listening = asyncio.create_task(forward())

    def leave(self):
        if self.listening:
            self.listening.cancel()
        self.writer.transport.abort()


class Claims:
    """One line of figures for each claim, and whether all were met."""

    def __init__(self):
        self.missed = 0

    def note(self, text, figure):
        print(f"     {text}: {figure}", flush=True)

    def claim(self, is_met, text, figure, wanted):
        self.missed += not is_met
        print(f"{'ok' if is_met else 'MISS':4} {text}: {figure} (wanted: {wanted})", flush=True)

    def ended_well(self, server):
        """The last claim of each check: it still runs, trapped nowhere, and stops as it should."""
        runs = server.is_running()
        code = server.stop()
        is_met = runs and code == 0 and "Fatal error" not in server.log()
        self.claim(is_met, "server runs on, and ends with", code, "0, no trap")
        if not is_met:
            print(server.log()[-4000:])


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")
