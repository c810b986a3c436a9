"""kill -9 in write load. SIGKILL ends a process, not the machine: what it says of fsync, power.py says."""

import time
from pathlib import Path

import rig

from .case import BOTH, SQLITE, Figures, Trial, World, Wrong, case, control

READY_SECONDS = 10.0


def round_of_kills(world: World, server: rig.Server, trial: Trial) -> None:
    """Load on a running server until a moment of the dice, and the kill."""
    with world.load(server, writers=trial.dice.choice((1, 6, 16))) as load:
        load.wait_for(trial.dice.randrange(1, 60))
        time.sleep(trial.dice.random() / 50)
        server.kill()
    # PostgreSQL ends the transactions of a client that is gone by itself.
    time.sleep(0.05 if world.place.word == SQLITE else 0.3)


@case("the program is killed in write load", short=BOTH)
def killed(trial: Trial, figures: Figures) -> None:
    slowest = 0.0
    with trial.world() as world:
        server = world.serve()
        for _ in range(trial.count(4, 160)):
            round_of_kills(world, server, trial)
            figures.runs += 1
            began = time.monotonic()
            server = world.serve()
            slowest = max(slowest, time.monotonic() - began)
            world.must_be_whole(server, 0)
        with server:
            world.must_be_whole(server)
        world.end(figures)
        if not world.ledger.total[rig.Outcome.UNKNOWN]:
            raise Wrong("no kill has met a request under way")
    if slowest > READY_SECONDS:
        raise Wrong(f"after a kill the server took {slowest:.1f} s to be ready")
    figures.note(f"ready again after {slowest:.2f} s at most")


def newest(table: str, column: str = "id", when: str = "created_at") -> str:
    return f"{column} = (SELECT {column} FROM {table} ORDER BY {when} DESC LIMIT 1)"


# What somebody might do to a database, and a word of the complaint that must follow. The newest row is of this round.
DAMAGE = {
    "an event removed": ("DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)", "event"),
    "a line of the history removed": (
        f"DELETE FROM changes WHERE {newest('changes', when='at')}", "history"),
    "an acknowledged value put back": (
        f"UPDATE leads SET name = 'as before' WHERE {newest('leads')}", "acknowledged write is lost"),
    "a key removed": (
        f"DELETE FROM idempotency_keys WHERE {newest('idempotency_keys', 'key')}", "a key is lost"),
    "the answer of a key changed": (
        f"UPDATE idempotency_keys SET body = '{{}}' WHERE {newest('idempotency_keys', 'key')}", "a key has another answer"),
    "half a conversion removed": (
        f"UPDATE opportunities SET origin_lead_id = NULL WHERE {newest('opportunities')}",
        "a conversion without one of opportunities"),
    "a search document removed": (
        "DELETE FROM search_docs WHERE seq = (SELECT max(seq) FROM search_docs)", "doctor: search_documents"),
}


@control("damage of each kind between a kill and the check", short=(SQLITE,))
def damaged(trial: Trial) -> list[str]:
    found, known = [], set[str]()
    with trial.world() as world:
        server = world.serve()
        for what, (sql, word) in DAMAGE.items():
            with world.load(server) as load:
                load.wait_for(40)
            server.kill()
            time.sleep(0.3)
            world.place.change(sql)
            server = world.serve()
            complaints = world.judge(server) + world.program.faults()
            told = [complaint for complaint in complaints if word in complaint and complaint not in known]
            if not told:
                raise Wrong(f"{what} was not noticed; complaints: {complaints[:3]}")
            known.update(complaints)
            found.append(f"{what} → {told[0][:80]}")
        server.kill()
    return found


@control("the write-ahead log removed between a kill and the check", on=(SQLITE,))
def without_log(trial: Trial) -> list[str]:
    with trial.world() as world:
        server = world.serve()
        with world.load(server) as load:
            load.wait_for(40)
        server.kill()
        for end in ("-wal", "-shm"):
            Path(f"{world.place.arguments()[1]}/rapport.db{end}").unlink()
        with world.serve() as server:
            return [complaint for complaint in world.judge(server) if "lost" in complaint]
