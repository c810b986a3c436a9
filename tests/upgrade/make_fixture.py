#!/usr/bin/env python3
"""Makes the fixture of a release, once, with that release's own binary:  PYTHONPATH=tests tests/upgrade/make_fixture.py

RAPPORT_BIN says where the binary is; its version names the folder below `releases`, which must not exist. The story is told to
it over SQLite and over PostgreSQL, everything is asked, and what it wrote and answered is kept.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import rig
from fixture import Fixture
from questions import ask
from story import Story, set_up


def tell(place: rig.Place, folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """Tells the story to a server over `place`: the API keys, and all answers."""
    program = rig.Program(place, folder)
    with program.serve() as server:
        set_up(server)
        keys = Story(server).tell()
        answers = ask(server, keys)
    faults = program.faults()
    assert not faults, faults
    return keys, answers


def make(fixture: Fixture, folder: Path) -> None:
    told: dict[str, Any] = {"keys": {}, "answers": {}}
    with rig.Cluster(folder / "postgres", rig.HASTY) as cluster:
        sqlite, postgres = rig.SqlitePlace(folder / "data"), cluster.new_place()
        for place in (sqlite, postgres):
            told["keys"][place.word], told["answers"][place.word] = tell(place, folder)
        rig.Program(sqlite, folder).must("backup", "--to", str(fixture.backup))
        fixture.write(sqlite, postgres, told)


def main() -> None:
    with rig.folder() as folder:
        program = rig.Program(rig.SqlitePlace(folder / "data"), folder)
        version = subprocess.run([program.binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
        fixture = Fixture(version)
        if fixture.folder.exists():
            sys.exit(f"error: {fixture.folder} exists; what a release has written is never written anew")
        fixture.folder.mkdir(parents=True)
        make(fixture, folder)
    size = sum(path.stat().st_size for path in fixture.folder.iterdir())
    print(f"{fixture.folder}: {size / 1000:.0f} kB in {len(list(fixture.folder.iterdir()))} files")


if __name__ == "__main__":
    main()
