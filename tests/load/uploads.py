#!/usr/bin/env python3
"""Sends many large files at once to the server at RAPPORT_URL (PYTHONPATH=tests):

    tests/load/uploads.py [--people 8] [--mib 25]

Everybody's bytes must come back as they were sent, the memory of the server (RAPPORT_SERVER_PID) must stay far below what is on
its way, and whoever works meanwhile must not wait for long. How fast it goes is printed.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import statistics
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import rig

URL = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080")
PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
PEOPLE = ("admin", "manager", "sales", "sales2", "service", "marketing")
MIB = 1024 * 1024
# A piece that begins, one that is written, what the connection and the database hold: for each file that is on its way. The
# database's own caches, which grow once, come on top.
MOST_EACH_MIB, MOST_ONCE_MIB = 3.0, 40.0
# Generous, since others may have the machine; what is usual is printed.
MOST_WAIT = 5.0


class Load:
    """People with a file each, and somebody who goes on working."""

    def __init__(self, people: int, mib: int):
        self.tally, self.place, self.mib = rig.Tally(), urllib.parse.urlsplit(URL), mib
        known = [self.sign_in(name) for name in PEOPLE]
        self.tokens = [known[n % len(known)] for n in range(people)]
        dice = random.Random(20_261_203)
        self.files = [dice.randbytes(mib * MIB) for _ in range(people)]
        self.kept: list[dict[str, Any]] = []

    def sign_in(self, name: str) -> str:
        client = rig.Client(self.place.netloc)
        grant = {"grant_type": "password", "email": f"{name}@example.com", "password": PASSWORD}
        token: str = client.expect(200, "POST", "/auth/token", grant)["access_token"]
        return token

    def ask(self, method: str, path: str, token: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.place.netloc, timeout=300)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
        connection.request(method, f"/api/v1{path}", body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def send(self, n: int) -> dict[str, Any]:
        status, body = self.ask("POST", f"/files?name={n}.dat", self.tokens[n], self.files[n])
        assert status == 201, f"{status} {body[:300]!r}"
        file: dict[str, Any] = json.loads(body)
        return file

    def uploads(self) -> str:
        """All of them at once."""
        before, peak, waits = memory(), Peak(), []
        over = threading.Event()
        working = threading.Thread(target=self.work, args=(over, waits))
        with peak:
            working.start()
            began = time.monotonic()
            with ThreadPoolExecutor(len(self.files)) as pool:
                self.kept = list(pool.map(self.send, range(len(self.files))))
            took = time.monotonic() - began
            over.set()
            working.join()
        grown, sent = (peak.most - before) / 1024, len(self.files) * self.mib
        most = MOST_ONCE_MIB + MOST_EACH_MIB * len(self.files)
        assert grown < most, f"the server has grown by {grown:.0f} MiB, more than {most:.0f}"
        assert waits and max(waits) < MOST_WAIT, f"somebody who worked waited for {max(waits, default=0):.1f} s"
        return (f"{sent} MiB in {took:.1f} s, {sent / took:.0f} MiB/s; {grown:.0f} MiB more memory at most; {len(waits)} notes meanwhile, "
                f"half within {statistics.median(waits) * 1000:.0f} ms, all within {max(waits) * 1000:.0f} ms")

    def work(self, over: threading.Event, waits: list[float]) -> None:
        """Somebody who writes notes."""
        client = rig.Client(self.place.netloc)
        client.token = self.tokens[0]
        while not over.is_set():
            began = time.monotonic()
            client.expect(201, "POST", "/activities", {"kind": "note", "name": "Work goes on"})
            waits.append(time.monotonic() - began)
            time.sleep(0.02)

    def sums(self) -> str:
        """The server says what was sent."""
        for file, content in zip(self.kept, self.files):
            assert file["sha256"] == hashlib.sha256(content).hexdigest(), file
        return f"{len(self.kept)} files"

    def downloads(self) -> str:
        """They come back as they were."""
        before, peak = memory(), Peak()
        with peak:
            began = time.monotonic()
            with ThreadPoolExecutor(len(self.files)) as pool:
                list(pool.map(self.fetch, range(len(self.files))))
            took = time.monotonic() - began
        grown, sent = (peak.most - before) / 1024, len(self.files) * self.mib
        most = MOST_ONCE_MIB + MOST_EACH_MIB * len(self.files)
        assert grown < most, f"the server has grown by {grown:.0f} MiB, more than {most:.0f}"
        return f"{sent} MiB in {took:.1f} s, {sent / took:.0f} MiB/s; {grown:.0f} MiB more memory at most"

    def fetch(self, n: int) -> None:
        status, body = self.ask("GET", f"/files/{self.kept[n]['id']}/content", self.tokens[n])
        assert status == 200 and body == self.files[n], f"file {n} came back otherwise: {status}, {len(body)} bytes"

    def again(self) -> str:
        """What is there already is found again, and takes no more room."""
        began = time.monotonic()
        with ThreadPoolExecutor(len(self.files)) as pool:
            same = list(pool.map(self.send, range(len(self.files))))
        for file, known in zip(same, self.kept):
            assert file["sha256"] == known["sha256"] and file["id"] != known["id"], file
        return f"in {time.monotonic() - began:.1f} s"

    def run(self) -> int:
        for check in (self.uploads, self.sums, self.downloads, self.again):
            self.tally.run(check.__name__, check)
        return self.tally.end()


class Peak:
    """The most memory that the server has while this is open."""

    def __init__(self) -> None:
        self.most, self.over = 0, threading.Event()
        self.looking = threading.Thread(target=self.look, daemon=True)

    def look(self) -> None:
        while not self.over.is_set():
            self.most = max(self.most, memory())
            time.sleep(0.02)

    def __enter__(self) -> "Peak":
        self.looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.looking.join()


def memory() -> int:
    """The server's resident memory, in KiB."""
    with open(f"/proc/{os.environ['RAPPORT_SERVER_PID']}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--mib", type=int, default=25)
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    sys.exit(Load(given.people, given.mib).run())
