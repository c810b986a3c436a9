"""Files and schemas that are no database of this program: refused with a clear message, and left as they are."""

import contextlib
import hashlib
import os
import sqlite3
from pathlib import Path
from typing import Callable

import rig

from .case import BOTH, SQLITE, Figures, Trial, World, Wrong, case, control


def sound(trial: Trial) -> Path:
    """A database file with some records, closed in good order."""
    with trial.world() as world:
        with world.serve() as server, world.load(server) as load:
            load.wait_for(40)
        assert isinstance(world.place, rig.SqlitePlace)
        world.place.change("PRAGMA wal_checkpoint(TRUNCATE)")
        return world.place.file.rename(trial.new_folder() / "sound.db")


def text(file: Path, _sound: Path) -> None:
    file.write_text("These are the minutes of the meeting of 3 March.\n" * 400)


def head_damaged(file: Path, sound_file: Path) -> None:
    file.write_bytes(b"\0" * 100 + sound_file.read_bytes()[100:])


def truncated(file: Path, sound_file: Path) -> None:
    whole = sound_file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def schema_damaged(file: Path, sound_file: Path) -> None:
    whole = bytearray(sound_file.read_bytes())
    whole[100:4096] = b"\xff" * 3996
    file.write_bytes(whole)


def foreign(file: Path, _sound: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE places (url TEXT); INSERT INTO places (url) VALUES ('a');")


def folder(file: Path, _sound: Path) -> None:
    file.mkdir()


# What stands in the place of rapport.db, and words of the message.
IMPOSTORS: dict[str, tuple[Callable[[Path, Path], None], tuple[str, ...]]] = {
    "a text": (text, ("is not a database",)),
    "a damaged head": (head_damaged, ("is not a database",)),
    "half of the file": (truncated, ("damaged", "backup")),
    "a damaged schema": (schema_damaged, ("damaged", "backup")),
    "a database of another program": (foreign, ("not Rapport's",)),
    "a folder": (folder, ("cannot be reached",)),
}


def fingerprint(data: Path) -> str:
    """All that is in a folder, except the lock of a server."""
    files = sorted(path for path in data.rglob("*") if path.is_file() and not path.name.endswith(("-shm", ".lock")))
    parts = [path.name.encode() + path.read_bytes() for path in files if path.stat().st_size]
    return hashlib.sha256(b"".join(parts)).hexdigest()


@case("a file that is no sound database is refused, and left as it is", on=(SQLITE,), short=(SQLITE,))
def impostors(trial: Trial, figures: Figures) -> None:
    sound_file = sound(trial)
    for name, (make, words) in IMPOSTORS.items():
        place = rig.SqlitePlace(trial.new_folder() / "data")
        place.data.mkdir(mode=0o700)
        make(place.file, sound_file)
        before, program = fingerprint(place.data), trial.program(place)
        for command in (("serve", "--listen", f"127.0.0.1:{rig.free_port()}"), ("migrate",)):
            done = program.run(*command, seconds=20)
            if done.returncode == 0 or not all(word in done.stderr for word in words) or "panicked" in done.stderr:
                raise Wrong(f"{name}: rapport {command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
        if program.run("doctor").returncode == 0:
            raise Wrong(f"{name}: doctor finds nothing wrong")
        if fingerprint(place.data) != before:
            raise Wrong(f"{name}: the file was changed: {os.listdir(place.data)}")
        figures.runs += 1
    figures.note(", ".join(IMPOSTORS))


@case("a database of a newer Rapport is refused, and left as it is", short=BOTH)
def newer(trial: Trial, figures: Figures) -> None:
    place = trial.place()
    program = trial.program(place)
    program.must("migrate")
    place.change("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')")
    before = contents(place)
    for command in (("serve", "--listen", f"127.0.0.1:{rig.free_port()}"), ("migrate",)):
        done = program.run(*command, seconds=20)
        if done.returncode == 0 or "a newer Rapport has been here" not in done.stderr:
            raise Wrong(f"rapport {command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    if contents(place) != before:
        raise Wrong("the database was changed")
    figures.runs = 1


def contents(place: rig.Place) -> list[tuple[object, ...]]:
    return place.rows("SELECT version FROM __diesel_schema_migrations") + place.rows("SELECT key FROM roles ORDER BY key")


def damage_pages(world: World, dice_file: Path) -> None:
    """Overwrites a page in the middle of the largest table of records."""
    root = world.place.rows("SELECT rootpage FROM sqlite_master WHERE name = 'leads'")[0][0]
    with dice_file.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xee" * 4096)


@case("a page is damaged under a database that still opens", on=(SQLITE,))
def page_damaged(trial: Trial, figures: Figures) -> None:
    with trial.world() as world:
        with world.serve() as server, world.load(server) as load:
            load.wait_for(60)
        assert isinstance(world.place, rig.SqlitePlace)
        world.place.change("PRAGMA wal_checkpoint(TRUNCATE)")
        damage_pages(world, world.place.file)
        with world.serve() as server:
            answer = server.client(world.key).send("GET", "/leads?limit=50")
            if answer.status != 503 or not answer.header("retry-after"):
                raise Wrong(f"a list over a damaged page is answered {answer.status}: {answer.body[:200]!r}")
            server.client(world.key).get("/customers?limit=5")
        if not any("integrity" in complaint for complaint in world.program.faults()):
            raise Wrong(f"doctor does not see the damaged page: {world.program.faults()}")
        figures.runs = 1
        figures.note("503 for what is damaged, the rest goes on, doctor names it")


@control("the file is changed while it is refused", on=(SQLITE,))
def changed(trial: Trial) -> list[str]:
    place = rig.SqlitePlace(trial.new_folder() / "data")
    place.data.mkdir()
    foreign(place.file, place.file)
    before = fingerprint(place.data)
    place.change("CREATE TABLE more (id INTEGER)")
    return [] if fingerprint(place.data) == before else ["the fingerprint of the folder is another one"]
