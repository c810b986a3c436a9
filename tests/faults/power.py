"""The power fails: a file system in a file is shut down without a flush, and only what was synced is there afterwards."""

import contextlib
import time
from typing import Iterator

import rig

from . import mounts, strace
from .case import BOTH, POSTGRES, SQLITE, Figures, Trial, World, case, control

MEBIBYTES = 400


class Machine:
    """A disk with a database on it, and the program that uses it."""

    def __init__(self, trial: Trial, disk: mounts.Disk, settings: dict[str, str]):
        self.disk, self.trial = disk, trial
        self.cluster = None if trial.database == SQLITE else rig.Cluster(disk.path / "cluster", settings)
        if self.cluster:
            self.cluster.create()
            self.cluster.start()
            # initdb does not sync; what is there from here on is the business of those who write it.
            mounts.call("sync", "-f", str(disk.path))

    def place(self) -> rig.Place:
        return self.cluster.new_place() if self.cluster else rig.SqlitePlace(self.disk.path / "data")

    def cut_power(self, server: rig.Server) -> None:
        """The disk goes first, so that nothing is written on the way down."""
        self.disk.cut_power()
        server.kill()
        if self.cluster:
            self.cluster.stop("kill")
            time.sleep(0.1)

    def restore_power(self) -> None:
        self.disk.restore_power()
        if self.cluster:
            self.cluster.start()


@contextlib.contextmanager
def machine(trial: Trial, settings: dict[str, str] | None = None) -> Iterator[Machine]:
    with mounts.disk(trial.new_folder(), MEBIBYTES) as disk:
        found = Machine(trial, disk, {"max_wal_size": "64MB", "shared_buffers": "32MB", **(settings or {})})
        try:
            yield found
        finally:
            if found.cluster:
                found.cluster.stop("kill")


def load_until_cut(trial: Trial, world: World, machine_: Machine, server: rig.Server) -> None:
    with world.load(server, writers=trial.dice.choice((1, 6, 16))) as load:
        load.wait_for(trial.dice.randrange(5, 80))
        time.sleep(trial.dice.random() / 50)
        machine_.cut_power(server)


@case("the power fails in write load", short=BOTH, needs=("mount",))
def cut(trial: Trial, figures: Figures) -> None:
    with machine(trial) as found, trial.world(found.place()) as world:
        server = world.serve()
        for _ in range(trial.count(1, 30)):
            load_until_cut(trial, world, found, server)
            figures.runs += 1
            found.restore_power()
            server = world.serve()
            # What was answered after the cut: the disk said no.
            world.must_be_whole(server, 0, 503, 507)
        with server:
            world.must_be_whole(server)
        world.end(figures)


@control("fsync of the program does nothing (strace), then the power fails", on=(SQLITE,), short=(SQLITE,),
         needs=("mount", "strace"))
def unsynced_sqlite(trial: Trial) -> list[str]:
    with machine(trial) as found, trial.world(found.place()) as world:
        world.serve().kill()
        rule = strace.rule(strace.SYNC, "retval=0")
        server = world.serve(prefix=strace.prefix(rule, trial.new_folder() / "trace"))
        load_until_cut(trial, world, found, server)
        return after_loss(world, found)


@control("PostgreSQL acknowledges before it syncs (synchronous_commit=off), then the power fails", on=(POSTGRES,),
         needs=("mount",))
def unsynced_postgres(trial: Trial) -> list[str]:
    hasty = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    with machine(trial, hasty) as found, trial.world(found.place()) as world:
        load_until_cut(trial, world, found, world.serve())
        return after_loss(world, found)


def after_loss(world: World, found: Machine) -> list[str]:
    """The complaints after a cut that has lost something; a database that does not even start is one too."""
    try:
        found.restore_power()
        with world.serve() as server:
            return [complaint for complaint in world.judge(server) if "lost" in complaint or "differs" in complaint]
    except (rig.StartFailed, AssertionError) as failure:
        return [f"the database does not come up: {failure}"]
