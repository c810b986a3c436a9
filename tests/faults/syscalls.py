"""The disk fails: errors of fsync and write at every position, while running and while starting, and a disk that hangs."""

import time
from pathlib import Path

import rig

from . import strace
from .case import POSTGRES, SQLITE, Figures, Trial, World, Wrong, case, must_be_empty
from .watch import Watch

HANG_SECONDS = 4


def files_of(world: World) -> dict[str, Path]:
    assert isinstance(world.place, rig.SqlitePlace)
    return {"the log": world.place.file.with_name("rapport.db-wal"), "the database": world.place.file}


def break_calls(world: World, server: rig.Server, rule: list[str], writes: int = 12) -> int:
    """Load while calls fail, then load while they do not: how many calls failed. The server must go on by itself."""
    trace = world.trial.new_folder() / "trace"
    with world.load(server) as load:
        with strace.attached([server.process.pid], rule, trace):
            late = time.monotonic() + 6
            while not strace.injected(trace) and time.monotonic() < late:
                time.sleep(0.005)
            time.sleep(0.05)
        load.wait_for(writes)
    return strace.injected(trace)


def at_every_position(trial: Trial, figures: Figures, calls: str, error: str, allowed: tuple[int, ...]) -> None:
    """One failure at each position of the log and of the database file, with a kill and a start now and then."""
    with trial.world() as world:
        server = world.serve()
        positions = {"the log": range(1, trial.count(3, 40) + 1), "the database": range(1, trial.count(1, 6) + 1)}
        missed = 0
        for name, file in files_of(world).items():
            for position in positions[name]:
                if name == "the database":
                    fill_log(world, server)
                rule = strace.rule(calls, f"error={error}:when={position}", [file])
                failed = break_calls(world, server, rule)
                figures.runs += bool(failed)
                missed += not failed
                must_be_empty(world.ledger.surprises(*allowed))
                if position % 4 == 0 or name == "the database":
                    # A page that only seemed to be written would be seen after this.
                    server.kill()
                    server = world.serve()
                must_be_empty(world.judge(server))
        with server:
            world.must_be_whole(server)
        world.end(figures)
        if not figures.runs or missed > figures.runs:
            raise Wrong(f"only {figures.runs} failures happened, {missed} positions were not reached")
        figures.note(f"{missed} positions not reached")


def fill_log(world: World, server: rig.Server) -> None:
    """Writes until a checkpoint is near, in which the database file is written."""
    log = files_of(world)["the log"]
    with world.load(server) as load:
        for _ in range(40):
            if log.stat().st_size > 3 << 20:
                return
            load.wait_for(10)


@case("fsync fails (EIO) at every position", on=(SQLITE,), short=(SQLITE,), needs=("strace",))
def sync_fails(trial: Trial, figures: Figures) -> None:
    at_every_position(trial, figures, strace.SYNC, "EIO", (503,))


@case("a write fails (EIO) at every position", on=(SQLITE,), needs=("strace",))
def write_fails(trial: Trial, figures: Figures) -> None:
    at_every_position(trial, figures, strace.WRITE, "EIO", (503,))


@case("a write finds no room (ENOSPC) at every position", on=(SQLITE,), short=(SQLITE,), needs=("strace",))
def no_room(trial: Trial, figures: Figures) -> None:
    at_every_position(trial, figures, strace.WRITE, "ENOSPC", (503, 507))


@case("fsync of PostgreSQL fails (EIO): it stops and recovers by itself", on=(POSTGRES,), needs=("strace",))
def sync_of_postgres_fails(trial: Trial, figures: Figures) -> None:
    with rig.Cluster(trial.new_folder() / "cluster") as cluster, trial.world(cluster.new_place()) as world:
        with world.serve() as server:
            for position in range(1, trial.count(2, 10) + 1):
                trace = trial.new_folder() / "trace"
                with world.load(server) as load:
                    # Where recovery fails as well, PostgreSQL gives up, as it must: its disk is broken.
                    rule = strace.rule(strace.SYNC, f"error=EIO:when={position}", follows=False)
                    with strace.attached(cluster.processes(), rule, trace):
                        late = time.monotonic() + 10
                        while not strace.injected(trace) and time.monotonic() < late:
                            time.sleep(0.01)
                    load.wait_for(20)
                figures.runs += bool(strace.injected(trace))
                world.must_be_whole(server, 503)
        world.end(figures)


@case("fsync fails at every position of a first start", on=(SQLITE,), needs=("strace",))
def start_fails(trial: Trial, figures: Figures) -> None:
    for position in range(1, trial.count(4, 40) + 1):
        place = trial.place()
        program = trial.program(place)
        trace = trial.new_folder() / "trace"
        rule = strace.rule(strace.SYNC, f"error=EIO:when={position}")
        server = program.launch(strace.prefix(rule, trace))
        try:
            server.wait_until_ready()
            server.kill()
        except rig.StartFailed as failure:
            if "error:" not in str(failure):
                raise Wrong(f"position {position}: the program ended without a message: {failure}") from failure
        figures.runs += bool(strace.injected(trace))
        program.add_admin()
        with program.serve() as again:
            again.sign_in().get("/leads")
        must_be_empty([*place.integrity(), *program.faults()])


@case("the disk hangs: fsync does not come back for a while", on=(SQLITE,), needs=("strace",))
def disk_hangs(trial: Trial, figures: Figures) -> None:
    with trial.world() as world, world.serve() as server:
        for _ in range(trial.count(1, 3)):
            trace = trial.new_folder() / "trace"
            rule = strace.rule(strace.SYNC, f"delay_enter={HANG_SECONDS}000000:when=1", [files_of(world)["the log"]])
            with world.load(server) as load, Watch(server, world.key) as watch:
                with strace.attached([server.process.pid], rule, trace):
                    time.sleep(1)
                    is_ready = server.is_ready(timeout=HANG_SECONDS)
                    time.sleep(HANG_SECONDS)
                load.wait_for(20)
            figures.runs += strace.injected(trace)
            must_be_empty(watch.complaints)
            world.must_be_whole(server, 503)
            if is_ready or watch.slowest_health > 1 or watch.slowest_read > 2:
                raise Wrong(f"while the disk hung: ready {is_ready}, health after {watch.slowest_health:.2f} s, "
                            f"a list after {watch.slowest_read:.2f} s")
        if not figures.runs:
            raise Wrong("the disk never hung")
        figures.note(f"meanwhile /healthz answers within {watch.slowest_health:.2f} s, lists within "
                     f"{watch.slowest_read:.2f} s, /readyz says no")
        world.end(figures)
