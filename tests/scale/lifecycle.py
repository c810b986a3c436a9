"""Nodes that come and go: started together, migrated while others serve, killed, tidying up at the same time."""

import threading
import time
from pathlib import Path

import rig
from nodes import Nodes, at_once

STARTS = 2
TRASHED = 150
LONGEST_PAUSE = 3.0


def started_together(cluster: rig.Cluster, folder: Path) -> str:
    """Two nodes over an empty schema at the same moment: one schema, one set of roles, keys and settings."""
    for _ in range(STARTS):
        place = cluster.new_place()
        program = rig.Program(place, folder)
        with program.launch() as one, program.launch() as two:
            at_once(one.wait_until_ready, two.wait_until_ready)
            assert place.rows("SELECT count(*) AS n FROM signing_keys WHERE retired_at IS NULL") == [(1,)], "signing keys"
            assert place.rows("SELECT count(*) AS n FROM pipelines WHERE is_default") == [(1,)], "default pipelines"
            program.add_admin()
            client = one.sign_in()
            for n in range(3):
                client.expect(201, "POST", "/customers", {"name": f"一号 {n}"})
            cursor = client.get("/customers?limit=1")["page"]["next_cursor"]
            two.client(client.token).get(f"/customers?limit=1&cursor={cursor}")
    return f"{STARTS} times"


def migrated_together(cluster: rig.Cluster, folder: Path) -> str:
    """Several `rapport migrate` on an empty schema: all are content, and each step has run once."""
    for _ in range(STARTS):
        place = cluster.new_place()
        program = rig.Program(place, folder)
        ended = at_once(*[lambda: program.run("migrate")] * 4)
        assert [done.returncode for done in ended] == [0] * 4, [done.stderr[-200:] for done in ended]
        steps = place.rows("SELECT count(*) AS n, count(DISTINCT version) AS m FROM __diesel_schema_migrations")
        assert steps[0][0] == steps[0][1] > 0, steps
    return f"{STARTS} times four"


def migrated_while_another_serves(cluster: rig.Cluster, folder: Path) -> str:
    """`rapport migrate` and new nodes beside one that works: nothing is refused, nothing is lost."""
    place = cluster.new_place()
    program = rig.Program(place, folder)
    program.add_admin()
    with program.serve() as server:
        key, ledger = server.api_key(), rig.Ledger()
        with rig.Workload(server.address, key, ledger, 1, writers=2) as load:
            for _ in range(2):
                program.must("migrate")
                with program.serve():
                    load.wait_for(20)
        surprises, done = ledger.surprises(), ledger.acknowledged
        complaints = surprises + rig.judge(place, server.client(key), ledger)
    assert not complaints, complaints[:5]
    return f"{done} writes meanwhile"


def keys_are_renewed(nodes: Nodes) -> None:
    """A node that starts when the signing key is a month old makes a new one. Tokens of both keys hold on all nodes."""
    before = nodes.a.sign_in()
    nodes.place.change("UPDATE signing_keys SET created_at = created_at - interval '31 days'")
    with nodes.program.serve() as newcomer:
        live = nodes.place.rows("SELECT count(*) AS n FROM signing_keys WHERE retired_at IS NULL")
        assert live == [(1,)] and nodes.place.rows("SELECT count(*) AS n FROM signing_keys") >= [(2,)], live
        after, still = newcomer.sign_in(), nodes.a.sign_in()
        for server in (nodes.a, nodes.b, newcomer):
            for client in (before, after, still):
                server.client(client.token).get("/me")


def tidied_together(nodes: Nodes) -> str:
    """Two nodes start at once and tidy up: what is due goes once, and neither complains."""
    admin = nodes.a.sign_in()
    made = [{"action": "create", "data": {"name": f"旧 {n}", "tags": ["old"]}} for n in range(TRASHED)]
    told = admin.expect(200, "POST", "/customers/batch", {"atomic": True, "operations": made})
    gone = [{"action": "delete", "id": done["id"]} for done in told["results"]]
    admin.expect(200, "POST", "/customers/batch", {"atomic": True, "operations": gone})
    nodes.place.change("UPDATE customers SET deleted_at = deleted_at - interval '31 days' WHERE deleted_at IS NOT NULL")
    nodes.place.change("UPDATE sessions SET expires_at = expires_at - interval '200 days', created_at = created_at - interval "
                       f"'200 days' WHERE id <> '{current(admin)}'")
    with nodes.program.launch() as one, nodes.program.launch() as two:
        at_once(one.wait_until_ready, two.wait_until_ready)
        until = time.monotonic() + 20
        while nodes.place.rows("SELECT count(*) AS n FROM customers WHERE deleted_at IS NOT NULL") != [(0,)]:
            assert time.monotonic() < until, f"the trash was not emptied: {one.tail()} {two.tail()}"
            time.sleep(0.05)
        failed = [line for server in (one, two) for line in server.lines() if "upkeep failed" in line]
    assert not failed, failed
    left = nodes.place.rows("SELECT count(*) AS n FROM record_tags WHERE tag = 'old'")
    assert left == [(0,)], f"{left} tags are left of records that are gone"
    return f"{TRASHED} records"


def current(client: rig.Client) -> str:
    return next(str(session["id"]) for session in client.get("/me/sessions")["data"] if session["is_current"])


def one_is_killed(cluster: rig.Cluster, folder: Path) -> str:
    """A node is killed under load: the other goes on, and what was acknowledged is there; it comes back and serves."""
    nodes = Nodes(cluster.new_place(), folder)
    with nodes:
        key, ledger = nodes.a.api_key(), rig.Ledger()
        watch = Pauses(ledger)
        with rig.Workload(nodes.proxy.address, key, ledger, 2, writers=4) as load, watch:
            load.wait_for(40)
            port = int(nodes.a.address.rpartition(":")[2])
            nodes.a.kill()
            load.wait_for(60)
            nodes.a = nodes.program.serve(port=port)
            load.wait_for(40)
        unknown, done = len(ledger.of(rig.Outcome.UNKNOWN)), ledger.acknowledged
        complaints = ledger.surprises(0) + rig.judge(nodes.place, nodes.b.client(key), ledger)
    assert not complaints, complaints[:5]
    assert watch.longest < LONGEST_PAUSE, f"nothing was acknowledged for {watch.longest:.1f} s"
    return f"{done} acknowledged, 0 lost, {unknown} without an answer, longest pause {watch.longest * 1000:.0f} ms"


class Pauses:
    """The longest time in which nothing was acknowledged, and when it ended."""

    def __init__(self, ledger: rig.Ledger):
        self.ledger, self.ended, self.longest = ledger, threading.Event(), 0.0
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> "Pauses":
        self.thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.ended.set()
        self.thread.join()

    def watch(self) -> None:
        last, since = self.ledger.acknowledged, time.monotonic()
        while not self.ended.wait(0.005):
            if self.ledger.acknowledged != last:
                last, since = self.ledger.acknowledged, time.monotonic()
            if time.monotonic() - since > self.longest:
                self.longest, self.until = time.monotonic() - since, time.monotonic()
