"""PostgreSQL goes away under load: restarted at once, frozen, its connections cut, its connections used up."""

import contextlib
import time

import rig

from .case import POSTGRES, Figures, Trial, World, Wrong, case, control, must_be_empty
from .watch import Watch

HEALED_SECONDS = 2.0
REFUSED_SECONDS = 5.0


def healed_after(world: World, since: float) -> float:
    """Seconds from an instant to the first acknowledgement of a request that began after it."""
    done = [call.ended for call in world.ledger.calls
            if call.began >= since and call.outcome is rig.Outcome.ACKNOWLEDGED]
    if not done:
        raise Wrong("no write succeeded after the database was back")
    return min(done) - since


def server_of(trial: Trial) -> rig.Cluster:
    assert trial.cluster is not None
    return trial.cluster


@case("PostgreSQL is restarted at once (-m immediate) under load", on=(POSTGRES,), short=(POSTGRES,))
def restarted(trial: Trial, figures: Figures) -> None:
    cluster, slowest = server_of(trial), 0.0
    with trial.world() as world, world.serve() as server:
        for _ in range(trial.count(1, 12)):
            with Watch(server, world.key) as watch, world.load(server) as load:
                load.wait_for(trial.dice.randrange(10, 60))
                cluster.restart("immediate")
                back = time.monotonic()
                load.wait_for(40)
            slowest = max(slowest, healed_after(world, back))
            figures.runs += 1
            must_be_empty(watch.complaints)
            world.must_be_whole(server, 503)
        world.end(figures)
    if slowest > trial.within(HEALED_SECONDS):
        raise Wrong(f"the program wrote again only {slowest:.1f} s after PostgreSQL was back")
    figures.note(f"only 503 with Retry-After meanwhile; writing again {slowest:.2f} s after it was back, at most")


@case("the connections to PostgreSQL are cut (pg_terminate_backend)", on=(POSTGRES,))
def cut(trial: Trial, figures: Figures) -> None:
    cluster = server_of(trial)
    with trial.world() as world, world.serve() as server:
        for _ in range(trial.count(3, 30)):
            with Watch(server, world.key) as watch, world.load(server) as load:
                load.wait_for(20)
                cluster.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE datname = 'rapport' AND pid <> pg_backend_pid()")
                load.wait_for(20)
            figures.runs += 1
            must_be_empty(watch.complaints)
            world.must_be_whole(server, 503)
        world.end(figures)


@case("PostgreSQL freezes (SIGSTOP) and thaws", on=(POSTGRES,))
def frozen(trial: Trial, figures: Figures) -> None:
    cluster = server_of(trial)
    with trial.world() as world, world.serve() as server:
        for _ in range(trial.count(1, 4)):
            with contextlib.ExitStack() as stack:
                # More readers and writers than the program has connections: later ones find none.
                watch, *others = [stack.enter_context(Watch(server, world.key)) for _ in range(8)]
                load = stack.enter_context(world.load(server, writers=24))
                load.wait_for(20)
                cluster.freeze()
                try:
                    refusals = refused_after(server, world.key)
                    is_ready = server.is_ready(timeout=10)
                finally:
                    cluster.thaw()
                load.wait_for(40)
            figures.runs += 1
            must_be_empty([complaint for one in (watch, *others) for complaint in one.complaints])
            world.must_be_whole(server, 503)
            if is_ready or max(refusals) > REFUSED_SECONDS or watch.slowest_health > 1:
                raise Wrong(f"ready: {is_ready}; requests were refused after {refusals} s, "
                            f"/healthz took {watch.slowest_health:.2f} s")
        figures.note(f"new requests are refused after {max(refusals):.1f} s, "
                     f"/healthz answers within {watch.slowest_health:.2f} s")
        world.end(figures)


def refused_after(server: rig.Server, key: str) -> list[float]:
    """How long a read and a write wait for their 503 while the database is silent, when all connections are waiting."""
    time.sleep(1)
    taken = []
    for method, path, body in (("GET", "/leads?limit=5", None), ("PATCH", "/me", {"theme": "dark"}),
                               ("POST", "/teams", {"name": "in vain"})):
        began, client = time.monotonic(), server.client(key)
        answer = client.send(method, path, body)
        taken.append(round(time.monotonic() - began, 1))
        if answer.status != 503 or not answer.header("retry-after"):
            raise Wrong(f"{method} {path} was answered {answer.status} while the database was frozen")
    return taken


@case("another user takes all connections of PostgreSQL", on=(POSTGRES,))
def used_up(trial: Trial, figures: Figures) -> None:
    with rig.Cluster(trial.new_folder() / "cluster") as cluster:
        cluster.psql("CREATE ROLE crm LOGIN PASSWORD 'crm' CONNECTION LIMIT 2; GRANT ALL ON DATABASE rapport TO crm")
        place = rig.PostgresPlace.in_new_schema(cluster.url)
        cluster.psql(f"ALTER SCHEMA {place.schema} OWNER TO crm")
        admin, place.url = place.url, place.url.replace(f"rapport:{cluster.password}", "crm:crm")
        with trial.world(place, {"RAPPORT__DATABASE__THREADS": "4"}) as world, world.serve() as server:
            with world.load(server, writers=12) as load:
                load.wait_for(60)
            place.url = admin
            figures.runs += 1
            world.must_be_whole(server, 503)
            figures.add(world.ledger)
            figures.note("two connections for eight threads")


@control("PostgreSQL forgets what it acknowledged (a restart with the data of before)", on=(POSTGRES,))
def forgetful(trial: Trial) -> list[str]:
    with rig.Cluster(trial.new_folder() / "cluster") as cluster, trial.world(cluster.new_place()) as world:
        server = world.serve()
        with world.load(server) as load:
            load.wait_for(30)
        must_be_empty(world.judge(server))
        old = cluster.copy_to(trial.new_folder() / "old")
        with world.load(server) as load:
            load.wait_for(30)
        server.kill()
        cluster.stop("immediate")
        (old.folder / "data" / "standby.signal").unlink()
        (old.folder / "data" / "postgresql.auto.conf").write_text("")
        old.port = cluster.port
        with old, world.serve() as server:
            return [complaint for complaint in world.judge(server) if "lost" in complaint]
