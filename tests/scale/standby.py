"""Reads from a hot standby that is late: nobody reads less than what anybody has been told."""

import json
import queue
import subprocess
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Iterator

import rig
from nodes import Nodes

# The standby applies every commit this much later, so that a read that does not wait is sure to be too early.
DELAY = "20ms"
READS = 1000
THREADS = 6
# So many of the reads that do not wait must be too early, or the test would prove nothing. On a quiet machine nearly all are; on
# a busy one most ask later than the delay.
TOO_EARLY = 50
# Of the reads of a healthy standby so many must come from it; on a busy machine some have waited too long and go to the primary.
FROM_STANDBY = 0.8


class Pair:
    """A primary and a standby that follows it by streaming replication."""

    def __init__(self, folder: Path):
        self.primary = rig.Cluster(folder / "primary")
        self.standby_folder = folder / "standby"

    def __enter__(self) -> "Pair":
        self.primary.__enter__()
        self.standby = self.primary.copy_to(self.standby_folder)
        self.standby.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.standby.stop("immediate")
        self.primary.stop("immediate")

    def delay(self, much: str) -> None:
        """How much later the standby applies what it receives."""
        self.standby.psql(f"ALTER SYSTEM SET recovery_min_apply_delay = '{much}'")
        self.standby.psql("SELECT pg_reload_conf()")

    def environment(self, place: rig.PostgresPlace) -> dict[str, str]:
        return {"RAPPORT__DATABASE__READ_URL": place.url.replace(f":{self.primary.port}/", f":{self.standby.port}/"),
                "RAPPORT__DATABASE__THREADS": "4"}


class Bystander:
    """Asks the standby itself, without waiting: the control. One psql, kept open."""

    def __init__(self, place: rig.PostgresPlace, pair: Pair):
        url = pair.environment(place)["RAPPORT__DATABASE__READ_URL"]
        self.process = subprocess.Popen([rig.find_programs() / "psql", url, "-XqAt"], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE)

    def version(self, record: str) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"SELECT coalesce(max(version), 0) FROM customers WHERE id = '{record}';\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate("", timeout=10)


def served(server: rig.Server) -> dict[str, int]:
    """How many reads of a node came from the standby, and how many from the primary."""
    lines = server.client().send("GET", "//metrics").body.decode().splitlines()
    found = [line.rsplit(" ", 1) for line in lines if line.startswith("rapport_standby_reads_total{")]
    return {"standby": 0, "primary": 0} | {name.split('"')[1]: int(count) for name, count in found}


def since(server: rig.Server, before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in served(server).items()}


class Prober:
    """Writes on one node and reads on the other, as one of several threads, and counts what was too old."""

    def __init__(self, nodes: Nodes, pair: Pair, token: str, n: int):
        here, there = nodes.pairs[n % 2]
        self.writer, self.reader = here.client(token), there.client(token)
        assert isinstance(nodes.place, rig.PostgresPlace)
        self.bystander = Bystander(nodes.place, pair)
        self.record = self.writer.expect(201, "POST", "/customers", {"name": f"观澜 {uuid.uuid4()}"})
        self.stale, self.control, self.reads, self.slowest = 0, 0, 0, 0.0

    def step(self) -> None:
        path = f"/customers/{self.record['id']}"
        self.record = self.writer.expect(200, "PATCH", path, {"description": str(uuid.uuid4())})
        self.control += self.bystander.version(self.record["id"]) < self.record["version"]
        began = time.monotonic()
        found = self.reader.get(path)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.stale += found["version"] < self.record["version"]
        self.reads += 1


def probe(nodes: Nodes, pair: Pair, reads: int) -> list[Prober]:
    """So many writes, each followed by a read on the other node."""
    token = nodes.a.sign_in().token
    probers = [Prober(nodes, pair, token, n) for n in range(THREADS)]
    failures: queue.Queue[BaseException] = queue.Queue()

    def run(prober: Prober) -> None:
        try:
            for _ in range(reads // THREADS + 1):
                prober.step()
        except BaseException as error:  # Raised again below.
            failures.put(error)

    threads = [threading.Thread(target=run, args=(prober,)) for prober in probers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for prober in probers:
        prober.bystander.close()
    if not failures.empty():
        raise failures.get()
    return probers


def nobody_reads_less(nodes: Nodes, pair: Pair) -> str:
    """A thousand writes, each read on the other node at once; and, as a control, from the standby without waiting."""
    before = [served(server) for server in (nodes.a, nodes.b)]
    probers = probe(nodes, pair, READS)
    counts = [since(server, old) for server, old in zip((nodes.a, nodes.b), before)]
    reads, stale, control = (sum(getattr(p, name) for p in probers) for name in ("reads", "stale", "control"))
    standby, primary = (sum(count[name] for count in counts) for name in ("standby", "primary"))
    assert stale == 0, f"{stale} of {reads} reads were stale"
    assert control >= TOO_EARLY, f"the control shows nothing: only {control} of {reads} were stale without the wait"
    assert standby > (standby + primary) * FROM_STANDBY, f"{standby} reads came from the standby, {primary} from the primary"
    slowest = max(prober.slowest for prober in probers)
    return (f"0 of {reads} stale, without the wait {control}; {standby} from the standby, {primary} from the primary; "
            f"slowest {slowest * 1000:.0f} ms")


def every_read_runs_on_a_standby(nodes: Nodes) -> str:
    """Each GET of the contract, whose use case must not write anything.

    A standby that writes or is busy with its disk may be late for a moment, whereupon the primary is read for a second: that says
    nothing about the operation, which is asked again. One that a standby cannot run is sent on to the primary every time.
    """
    admin = nodes.a.sign_in()
    lead = admin.expect(201, "POST", "/leads", {"family_name": "何", "company_name": "苏州云杉"})["id"]
    admin.expect(201, "POST", f"/leads/{lead}/conversion", {part: {"mode": "create"} for part in ("customer", "contact", "opportunity")})
    document = json.loads(admin.send("GET", "/openapi.json").body)
    attempts = [until_it_runs_there(nodes, admin, path, (200, 404)) for path in paths(document, admin)]
    attempts.append(until_it_runs_there(nodes, admin, "//readyz", (200,)))
    return f"{len(attempts)} operations, {sum(attempts) - len(attempts)} of them asked again"


def until_it_runs_there(nodes: Nodes, admin: rig.Client, path: str, statuses: tuple[int, ...]) -> int:
    """How often a path had to be asked for until the standby alone answered it."""
    for attempt in range(1, 6):
        before = served(nodes.a)
        answer = admin.send("GET", path)
        assert answer.status in statuses, f"GET {path} is answered {answer.status}: {answer.body[:300]!r}"
        gone = since(nodes.a, before)
        if gone["primary"] == 0 and gone["standby"] > 0:
            return attempt
        until_standby_serves(nodes)
    raise AssertionError(f"GET {path} is not answered by the standby")


def paths(document: dict[str, Any], admin: rig.Client) -> Iterator[str]:
    """The paths with a GET, with ids that exist where a record of the kind does."""
    for path, operations in document["paths"].items():
        if "get" not in operations:
            continue
        path = path.removeprefix("/api/v1")
        kind = path.split("/")[1]
        if "{" in path:
            is_listed = "get" in document["paths"].get(f"/api/v1/{kind}", {})
            known = admin.get(f"/{kind}")["data"] if is_listed else []
            path = path.replace("{id}", str(known[0].get("id")) if known else str(uuid.uuid4()))
            path = path.replace("{key}", str(known[0].get("key")) if known else "none")
            path = path.replace("{stage_id}", known[0]["stages"][0]["id"] if kind == "pipelines" else "none")
            path = path.replace("{system}/{external_id}", "erp/none")
        yield path + {"/search": "?q=x", "/events": "?follow=false"}.get(path, "")


def a_standby_that_stands_still(nodes: Nodes, pair: Pair) -> str:
    """Replay is paused: reads come from the primary, none is stale or refused. It goes on: the standby serves again."""
    pair.standby.psql("SELECT pg_wal_replay_pause()")
    before = served(nodes.b)
    probers = probe(nodes, pair, 60)
    gone = since(nodes.b, before)
    pair.standby.psql("SELECT pg_wal_replay_resume()")
    assert sum(prober.stale for prober in probers) == 0, "a stale read"
    assert gone["primary"] > 0, gone
    waited = until_standby_serves(nodes)
    return f"slowest read {max(p.slowest for p in probers) * 1000:.0f} ms; the standby served again after {waited:.1f} s"


def a_standby_that_is_away(nodes: Nodes, pair: Pair) -> str:
    """It is killed, nodes start without it, and it comes back: no read is refused meanwhile, and none is stale."""
    pair.standby.stop("immediate")
    probers = probe_without_standby(nodes)
    with nodes.program.serve() as newcomer:
        newcomer.sign_in().get("/customers")
    pair.standby.start()
    waited = until_standby_serves(nodes)
    return f"slowest read {probers * 1000:.0f} ms; the standby served again {waited:.1f} s after its start"


def probe_without_standby(nodes: Nodes) -> float:
    """Writes and reads over both nodes; the slowest read in seconds."""
    token, slowest = nodes.a.sign_in().token, 0.0
    clients = [server.client(token) for server in (nodes.a, nodes.b)]
    record = clients[0].expect(201, "POST", "/customers", {"name": "无备"})
    for n in range(100):
        path = f"/customers/{record['id']}"
        record = clients[n % 2].expect(200, "PATCH", path, {"description": str(n)})
        began = time.monotonic()
        assert clients[1 - n % 2].get(path)["version"] == record["version"], "a stale read"
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def until_standby_serves(nodes: Nodes) -> float:
    """Seconds until both nodes read from the standby again."""
    began = time.monotonic()
    clients = {server: server.sign_in() for server in (nodes.a, nodes.b)}
    for server, client in clients.items():
        while True:
            before = served(server)
            client.get("/customers")
            if since(server, before)["standby"] > 0:
                break
            assert time.monotonic() - began < 20, "the standby is not used again"
            time.sleep(0.05)
    return time.monotonic() - began
