"""SIGTERM: what is under way is finished, and the program ends as soon as it is."""

import contextlib
import signal
import sqlite3
import subprocess
import threading
import time
import uuid
from typing import Iterator

import rig

from .case import BOTH, POSTGRES, Figures, Trial, World, Wrong, case

LINGER_SECONDS = 1.1
HOLD_SECONDS = 1.0


@case("SIGTERM in write load: everything under way is answered", short=BOTH)
def drained(trial: Trial, figures: Figures) -> None:
    longest = 0.0
    with trial.world() as world:
        for _ in range(trial.count(2, 30)):
            server = world.serve()
            with world.load(server, writers=12) as load:
                load.wait_for(trial.dice.randrange(10, 60))
                asked = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                status = server.process.wait(30)
                longest = max(longest, time.monotonic() - asked)
            figures.runs += 1
            unanswered = [call for call in world.ledger.calls if call.answer is None and call.began < asked]
            if unanswered or status:
                raise Wrong(f"status {status}; {len(unanswered)} requests under way were not answered: {unanswered[:1]}")
            with world.serve() as server:
                world.must_be_whole(server, 0)
        world.end(figures)
    figures.note(f"ended within {longest:.2f} s")


@contextlib.contextmanager
def lock_on(world: World) -> Iterator[None]:
    """Somebody else holds what every write needs, so that requests wait; released at the end."""
    if isinstance(world.place, rig.SqlitePlace):
        with contextlib.closing(sqlite3.connect(world.place.file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        return
    assert isinstance(world.place, rig.PostgresPlace)
    words = [str(rig.find_programs() / "psql"), world.place.url, "-XqAt"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdin and session.stdout
        session.stdin.write("BEGIN; LOCK TABLE leads IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n")
        session.stdin.flush()
        session.stdout.readline()
        yield
        session.stdin.write("ROLLBACK;\n")
        session.stdin.flush()
        session.stdin.close()


@case("SIGTERM while a slow request is under way and others are idle", short=(POSTGRES,))
def slow(trial: Trial, figures: Figures) -> None:
    with trial.world() as world:
        server = world.serve()
        idle = [server.client(world.key) for _ in range(20)]
        for client in idle:
            client.get("/me")
        answers: list[rig.Answer] = []
        ended: list[float] = []

        def create() -> None:
            answers.append(server.client(world.key).send("POST", "/leads", {"id": str(uuid.uuid4()), "company_name": "Slow"}))
            ended.append(time.monotonic())

        waiting = [threading.Thread(target=create) for _ in range(4)]
        with lock_on(world):
            for thread in waiting:
                thread.start()
            time.sleep(0.4)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(HOLD_SECONDS)
            if server.process.poll() is not None:
                raise Wrong("the program ended before what was under way")
        for thread in waiting:
            thread.join()
        status = server.process.wait(30)
        lingered = time.monotonic() - max(ended)
        if status or [answer.status for answer in answers] != [201] * 4:
            raise Wrong(f"status {status}, answers {[answer.status for answer in answers]}")
        if lingered > trial.within(LINGER_SECONDS):
            raise Wrong(f"the program ended only {lingered:.1f} s after the slowest answer")
        figures.runs = 1
        figures.note(f"four slow requests answered, ended {lingered:.2f} s after the slowest; {len(idle)} idle connections")
