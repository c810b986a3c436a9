"""The primary dies under load and the standby takes over: nothing acknowledged is lost, and no node is restarted."""

import time
from pathlib import Path

import rig
from lifecycle import Pauses
from nodes import Nodes
from standby import Pair

LONGEST_PAUSE = 15.0


def two_hosts(place: rig.PostgresPlace, pair: Pair) -> rig.PostgresPlace:
    """The same schema by a URL of both servers, which leads to the one that takes writes."""
    hosts = f"127.0.0.1:{pair.primary.port},127.0.0.1:{pair.standby.port}"
    server = pair.primary.url.replace(f"127.0.0.1:{pair.primary.port}", hosts)
    both = rig.PostgresPlace(server, place.schema)
    both.url += "&target_session_attrs=read-write&connect_timeout=2"
    return both


def the_standby_takes_over(pair: Pair, folder: Path) -> str:
    """The standby confirms every commit; the primary is stopped at once; the standby is promoted a moment later."""
    place = two_hosts(pair.primary.new_place(), pair)
    pair.primary.psql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    pair.primary.psql("SELECT pg_reload_conf()")
    with Nodes(place, folder, pair.environment(rig.PostgresPlace(pair.primary.url, place.schema))) as nodes:
        key, ledger = nodes.a.api_key(), rig.Ledger()
        watch = Pauses(ledger)
        with rig.Workload(nodes.proxy.address, key, ledger, 3, writers=3) as load, watch:
            load.wait_for(60)
            pair.primary.stop("immediate")
            time.sleep(0.5)
            pair.standby.psql("SELECT pg_promote()")
            promoted = time.monotonic()
            load.wait_for(60)
        unknown, done = ledger.of(rig.Outcome.UNKNOWN), ledger.acknowledged
        surprises = ledger.surprises(0, 503)
        complaints = surprises + rig.judge(place, nodes.b.client(key), ledger) + nodes.program.faults()
        still = [server.process.poll() for server in (nodes.a, nodes.b)]
    assert not complaints, complaints[:5]
    assert still == [None, None], "a node has ended"
    assert watch.longest < LONGEST_PAUSE, f"nothing was acknowledged for {watch.longest:.1f} s"
    return (f"{done} acknowledged, 0 lost, {len(unknown)} unknown, pause {watch.longest:.2f} s, of which "
            f"{watch.until - promoted:.2f} s after the promotion")
