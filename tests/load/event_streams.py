#!/usr/bin/env python3
"""Opens very many streams of events on the server at RAPPORT_URL (PYTHONPATH=tests):

    tests/load/event_streams.py [--streams 100]

Every change must reach every stream, whoever is cut off must get exactly what they missed, and the memory of the server
(RAPPORT_SERVER_PID) must not grow with what is told. How long changes take to arrive is printed.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
import urllib.parse
import uuid
from typing import Any, AsyncIterator

import rig

URL = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080")
PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
SECRET = "plum rain on grey roof tiles 12"
STREAMS_PER_USER = 10
CHANGES, PAUSE = 20, 0.1
BATCHES, BATCH = 10, 200
MISSED = 5
# Generous, since others may have the machine; what is usual is printed.
MOST_SECONDS, MOST_OPEN_KIB, MOST_GROWTH_KIB, PATIENCE = 5.0, 400, 64 * 1024, 60.0


class Stream:
    """One open stream, read as it comes."""

    def __init__(self, token: str):
        self.token, self.last_id = token, ""
        self.heard: dict[str, float] = {}
        self.ready = asyncio.Event()
        self.writer: asyncio.StreamWriter | None = None
        self.task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        place = urllib.parse.urlsplit(URL)
        reader, self.writer = await asyncio.open_connection(place.hostname, place.port)
        head = [f"GET /api/v1/events HTTP/1.1\r\nHost: {place.netloc}\r\nAccept: text/event-stream",
                f"Authorization: Bearer {self.token}", *([f"Last-Event-ID: {self.last_id}"] if self.last_id else []), "\r\n"]
        self.writer.write("\r\n".join(head).encode())
        status = await reader.readline()
        assert b" 200 " in status, status
        while await reader.readline() != b"\r\n":
            pass
        self.ready.clear()
        self.task = asyncio.create_task(self.read(reader))
        await asyncio.wait_for(self.ready.wait(), PATIENCE)

    async def read(self, reader: asyncio.StreamReader) -> None:
        async for message in messages(reader):
            self.last_id = message.get("id", self.last_id)
            if message.get("event") == "ready":
                self.ready.set()
            elif "data" in message and "event" not in message:
                self.heard.setdefault(json.loads(message["data"])["id"], time.monotonic())

    def cut_off(self) -> None:
        assert self.writer and self.task
        self.task.cancel()
        self.writer.transport.abort()


async def messages(reader: asyncio.StreamReader) -> AsyncIterator[dict[str, str]]:
    """The messages in a chunked answer, each by its fields."""
    text = b""
    while size := int(await reader.readline() or b"0", 16):
        text += (await reader.readexactly(size + 2))[:-2]
        *whole, text = text.split(b"\n\n")
        for message in whole:
            lines = (line.split(": ", 1) for line in message.decode().splitlines())
            yield {name: value for name, value in lines}


class Load:
    """Streams of many users, and somebody who changes what all of them see."""

    def __init__(self, streams: int):
        self.tally, self.admin = rig.Tally(), rig.Client(urllib.parse.urlsplit(URL).netloc)
        self.admin.token = self.sign_in("admin@example.com", PASSWORD)
        users = -(-streams // STREAMS_PER_USER)
        tokens = [self.add_viewer() for _ in range(users)]
        self.streams = [Stream(tokens[n // STREAMS_PER_USER]) for n in range(streams)]
        self.lead = self.admin.expect(201, "POST", "/leads", {"company_name": "Streams"})["id"]

    def sign_in(self, email: str, password: str) -> str:
        grant = {"grant_type": "password", "email": email, "password": password}
        token: str = self.admin.expect(200, "POST", "/auth/token", grant)["access_token"]
        return token

    def add_viewer(self) -> str:
        viewer = next(role["id"] for role in self.admin.get("/roles")["data"] if role["key"] == "viewer")
        email = f"stream.{uuid.uuid4().hex[:12]}@example.com"
        self.admin.expect(201, "POST", "/users", {"name": "Streams", "email": email, "password": SECRET, "role_ids": [viewer]})
        return self.sign_in(email, SECRET)

    def change(self) -> float:
        """Changes the lead; answers when that was done."""
        self.admin.expect(200, "PATCH", f"/leads/{self.lead}", {"title": uuid.uuid4().hex})
        return time.monotonic()

    def change_many(self) -> None:
        operations = [{"action": "create", "data": {"company_name": f"Streams {n}"}} for n in range(BATCH)]
        self.admin.expect(200, "POST", "/leads/batch", {"atomic": True, "operations": operations})

    async def open(self) -> str:
        before = memory()
        await asyncio.gather(*(stream.open() for stream in self.streams))
        each = (memory() - before) / len(self.streams)
        assert each < MOST_OPEN_KIB, f"{each:.0f} KiB for each stream"
        return f"{len(self.streams)} streams, {each:.0f} KiB each, {memory() / 1024:.0f} MiB in all"

    async def delays(self) -> str:
        """How long after the answer to a change all of them know of it."""
        for stream in self.streams:
            stream.heard.clear()
        done = []
        for _ in range(CHANGES):
            done.append(await asyncio.to_thread(self.change))
            await asyncio.sleep(PAUSE)
        await self.until_heard(CHANGES)
        found = [moment - done[n] for stream in self.streams for n, moment in enumerate(in_order(stream))]
        worst = max(found)
        assert worst < MOST_SECONDS, f"{worst:.2f} s"
        cuts = statistics.quantiles(found, n=100)
        return f"half within {cuts[49] * 1000:.0f} ms, 95 of 100 within {cuts[94] * 1000:.0f} ms, all within {worst * 1000:.0f} ms"

    async def many(self) -> str:
        """Thousands of changes in a moment: all of them arrive, and nothing of them stays in memory."""
        for stream in self.streams:
            stream.heard.clear()
        before, began = memory(), time.monotonic()
        for _ in range(BATCHES):
            await asyncio.to_thread(self.change_many)
        await self.until_heard(BATCHES * BATCH)
        took, growth = time.monotonic() - began, memory() - before
        assert growth < MOST_GROWTH_KIB, f"the server has grown by {growth} KiB"
        told = len(self.streams) * BATCHES * BATCH
        return f"{told} messages in {took:.1f} s, {growth} KiB more than before, {memory() / 1024:.0f} MiB in all"

    async def cut_off(self) -> str:
        """Everybody at once loses the connection and comes back."""
        for stream in self.streams:
            stream.cut_off()
            stream.heard.clear()
        for _ in range(MISSED):
            await asyncio.to_thread(self.change)
        began = time.monotonic()
        await asyncio.gather(*(stream.open() for stream in self.streams))
        took = time.monotonic() - began
        wrong = [len(stream.heard) for stream in self.streams if len(stream.heard) != MISSED]
        assert not wrong, f"{len(wrong)} streams got {wrong[:5]} of {MISSED}"
        return f"all are back after {took:.1f} s with what they missed"

    async def until_heard(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while any(len(stream.heard) < count for stream in self.streams):
            assert time.monotonic() < deadline, f"not all of {count}: {sorted({len(stream.heard) for stream in self.streams})}"
            await asyncio.sleep(0.02)
        more = [len(stream.heard) for stream in self.streams if len(stream.heard) > count]
        assert not more, f"more than there were: {more[:5]}"

    async def run(self) -> int:
        for check in (self.open, self.delays, self.many, self.cut_off):
            began = time.monotonic()
            try:
                told, complaints = await check(), []
            except AssertionError as failure:
                told, complaints = "", [str(failure)]
            name = check.__name__.replace("_", " ")
            self.tally.check(f"{name} ({time.monotonic() - began:.1f} s)" + (f": {told}" if told else ""), complaints)
        return self.tally.end()


def in_order(stream: Stream) -> list[float]:
    """When each change was heard, in the order of their numbers."""
    return [moment for _, moment in sorted((int(seq), moment) for seq, moment in stream.heard.items())]


def memory() -> int:
    """The server's resident memory, in KiB."""
    with open(f"/proc/{os.environ['RAPPORT_SERVER_PID']}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=100)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(Load(arguments().streams).run()))
