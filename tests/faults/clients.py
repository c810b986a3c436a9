"""Clients that are slow, broken, many, or gone: others are served, and nothing is done by halves."""

import contextlib
import json
import socket
import threading
import time
import uuid
from typing import Iterator

import rig

from .case import Figures, Trial, World, Wrong, case, must_be_empty
from .watch import Watch

HEAD = "POST /api/v1/leads HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"


def connect(server: rig.Server) -> socket.socket:
    host, _, port = server.address.partition(":")
    return socket.create_connection((host, int(port)), timeout=40)


def head(server: rig.Server, key: str, length: int) -> bytes:
    return (HEAD.format(host=server.address, key=key) + f"Content-Length: {length}\r\n\r\n").encode()


def lead() -> tuple[str, bytes]:
    identity = str(uuid.uuid4())
    return identity, json.dumps({"id": identity, "company_name": "Vanishing"}).encode()


def trickle_until_answered(connection: socket.socket, more: bytes) -> bytes:
    """Sends a byte now and then, until something comes back or the other side closes."""
    connection.settimeout(0.1)
    for _ in range(200):
        with contextlib.suppress(TimeoutError):
            return connection.recv(65536)
        connection.sendall(more)
    return b""


@contextlib.contextmanager
def idle(server: rig.Server, count: int) -> Iterator[None]:
    """Connections that say nothing."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(connect(server))
        yield


@case("many idle connections: others are served")
def many(trial: Trial, figures: Figures) -> None:
    count = trial.count(300, 900)
    with trial.world() as world, world.serve() as server:
        with idle(server, count), Watch(server, world.key) as watch, world.load(server) as load:
            load.wait_for(60)
        must_be_empty(watch.complaints)
        world.must_be_whole(server)
        if watch.slowest_health > 1 or watch.slowest_read > 2:
            raise Wrong(f"health took {watch.slowest_health:.2f} s, a list {watch.slowest_read:.2f} s")
        figures.runs = count
        world.end(figures)


@case("heads and bodies that come in single bytes, or stop")
def slow(trial: Trial, figures: Figures) -> None:
    with trial.world(environment={"RAPPORT__API__BODY_SECONDS": "2"}) as world, world.serve() as server:
        _, body = lead()
        pieces = {"half a head": head(server, world.key, len(body))[:60], "no body": head(server, world.key, len(body)),
                  "half a body": head(server, world.key, len(body)) + body[: len(body) // 2]}
        answers: list[tuple[str, bytes]] = []

        def send(name: str, piece: bytes) -> None:
            with connect(server) as connection:
                connection.sendall(piece)
                answers.append((name, trickle_until_answered(connection, b" " if name == "no body" else b"")))

        threads = [threading.Thread(target=send, args=pair) for pair in pieces.items() for _ in range(10)]
        with Watch(server, world.key) as watch, world.load(server) as load:
            for thread in threads:
                thread.start()
            load.wait_for(40)
            for thread in threads:
                thread.join()
        must_be_empty(watch.complaints)
        for name, answer in answers:
            if not answer.startswith(b"HTTP/1.1 408 "):
                raise Wrong(f"{name} was answered {answer[:100]!r}")
        world.must_be_whole(server)
        figures.runs = len(threads)
        figures.note("each answered 408")
        world.end(figures)


@case("clients that vanish in the middle of a body, or before the answer")
def vanishing(trial: Trial, figures: Figures) -> None:
    with trial.world() as world, world.serve() as server:
        halves: list[str] = []
        wholes: list[str] = []
        with world.load(server) as load:
            for _ in range(trial.count(40, 300)):
                identity, body = lead()
                is_half = trial.dice.random() < 0.5
                end = trial.dice.randrange(len(body)) if is_half else len(body)
                with connect(server) as connection:
                    connection.sendall(head(server, world.key, len(body)) + body[:end])
                    if not is_half:
                        time.sleep(trial.dice.random() / 200)
                (halves if is_half else wholes).append(identity)
            load.wait_for(40)
        time.sleep(0.5)
        client = server.client(world.key)
        for identity in halves:
            if client.send("GET", f"/leads/{identity}").status != 404:
                raise Wrong(f"a request of which half had come was done: {identity}")
        there = [identity for identity in wholes if learn(world, client, identity)]
        world.must_be_whole(server)
        figures.runs = len(halves) + len(wholes)
        figures.note(f"of {len(halves)} half requests none was done; of {len(wholes)} whole ones {len(there)}, each whole")
        world.end(figures)


def learn(world: World, client: rig.Client, identity: str) -> bool:
    """Takes a record whose client did not wait into the ledger, if it is there."""
    answer = client.send("GET", f"/leads/{identity}")
    if answer.status == 200:
        world.ledger.learn("leads", identity, answer.json)
    return answer.status == 200
