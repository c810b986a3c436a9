"""A reader that stays for long: the write-ahead log grows, and is given back afterwards."""

import contextlib
import sqlite3

import rig

from .case import SQLITE, Figures, Trial, Wrong, case

MEBIBYTE = 1 << 20
# `journal_size_limit`, to which the log is cut back.
LIMIT = 64 * MEBIBYTE


@case("a long reader: the log grows past its limit, and is cut back when the reader has gone", on=(SQLITE,))
def log_shrinks(trial: Trial, figures: Figures) -> None:
    with trial.world() as world, world.serve() as server:
        assert isinstance(world.place, rig.SqlitePlace)
        log = world.place.file.with_name("rapport.db-wal")
        with contextlib.closing(sqlite3.connect(world.place.file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            count = reader.execute("SELECT count(*) FROM leads").fetchone()[0]
            with world.load(server, writers=16) as load:
                while log.stat().st_size < LIMIT + 8 * MEBIBYTE:
                    load.wait_for(50)
            if reader.execute("SELECT count(*) FROM leads").fetchone()[0] != count:
                raise Wrong("the reader did not keep its moment")
        largest = log.stat().st_size
        with world.load(server, writers=16) as load:
            load.wait_for(300)
        smallest = log.stat().st_size
        if smallest > LIMIT:
            raise Wrong(f"the log has {smallest >> 20} MiB after the reader has gone")
        world.must_be_whole(server)
        figures.runs = 1
        figures.note(f"{largest >> 20} MiB while the reader stayed, {smallest >> 20} MiB afterwards")
        world.end(figures)
