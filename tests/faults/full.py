"""The disk is full, and has room again later; nobody restarts anything."""

import time
from pathlib import Path

import rig

from . import mounts
from .case import BOTH, SQLITE, Figures, Trial, World, Wrong, case, must_be_empty
from .watch import Watch


def fill_and_free(world: World, server: rig.Server, path: Path, cluster: rig.Cluster | None) -> int:
    """Load over the time in which there is no room: how many writes were refused for it."""
    with Watch(server, world.key) as watch, world.load(server) as load:
        load.wait_for(20)
        ballast = mounts.fill(path)
        late = time.monotonic() + 20
        while world.ledger.statuses()[507] < 20 and time.monotonic() < late:
            time.sleep(0.02)
        is_ready = server.is_ready(timeout=10)
        ballast.unlink()
        if cluster and cluster.process and cluster.process.poll() is not None:
            # Without room for its log PostgreSQL ends; whoever looks after it starts it again, and nobody starts Rapport.
            cluster.start()
        load.wait_for(40)
    must_be_empty(watch.complaints)
    if is_ready and world.place.word == SQLITE:
        raise Wrong("/readyz said yes while the disk was full")
    if not watch.statuses[200]:
        raise Wrong("nothing could be read while the disk was full")
    return world.ledger.statuses()[507]


@case("the disk is full, and has room again", short=BOTH, needs=("mount",))
def full(trial: Trial, figures: Figures) -> None:
    refused = 0
    with mounts.small_disk(trial.new_folder(), 160 if trial.database == SQLITE else 400) as path:
        if trial.database == SQLITE:
            with trial.world(rig.SqlitePlace(path / "data")) as world, world.serve() as server:
                refused = rounds(trial, figures, world, server, path, None)
        else:
            settings = {"max_wal_size": "64MB", "shared_buffers": "32MB"}
            with rig.Cluster(path / "cluster", settings) as cluster, trial.world(cluster.new_place()) as world:
                with world.serve() as server:
                    refused = rounds(trial, figures, world, server, path, cluster)
    figures.note(f"{refused} writes answered 507; reads went on; no restart")


def rounds(trial: Trial, figures: Figures, world: World, server: rig.Server, path: Path, cluster: rig.Cluster | None) -> int:
    refused = 0
    for _ in range(trial.count(1, 8)):
        refused += fill_and_free(world, server, path, cluster)
        figures.runs += 1
        world.must_be_whole(server, 503, 507)
    world.end(figures)
    if not refused:
        raise Wrong("no write was answered 507 while the disk was full")
    return refused
