"""Cases: one fault on one database, what it needs, and what it has counted. Controls must find something wrong."""

import contextlib
import os
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator, Mapping

import rig

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
BOTH = (SQLITE, POSTGRES)


class Wrong(Exception):
    """The program did not do as it must; the text says what."""


@dataclass
class Figures:
    """What a case has counted, for the report. `runs` is how often the fault happened."""

    runs: int = 0
    total: Counter[rig.Outcome] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def add(self, ledger: rig.Ledger) -> None:
        self.total.update(ledger.total)

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass(frozen=True)
class Case:
    """A claim, and the function that tries to refute it: it raises `Wrong`, or fills in the figures."""

    family: str
    title: str
    run: Callable[["Trial", Figures], None]
    databases: tuple[str, ...]
    short: tuple[str, ...]
    needs: tuple[str, ...]
    is_control: bool = False


CASES: list[Case] = []


def case(title: str, on: tuple[str, ...] = BOTH, short: tuple[str, ...] = (),
         needs: tuple[str, ...] = ()) -> Callable[..., object]:
    """Registers a case of the family that its module is named after. `short`: the databases with which
    it is in the part of `make test`."""

    def register(function: Callable[["Trial", Figures], None]) -> Callable[["Trial", Figures], None]:
        CASES.append(Case(function.__module__.rpartition(".")[2], title, function, on, short, needs))
        return function

    return register


def control(title: str, on: tuple[str, ...] = BOTH, short: tuple[str, ...] = (),
            needs: tuple[str, ...] = ()) -> Callable[..., object]:
    """Registers a control: the function answers complaints, and having none is the failure."""

    def register(function: Callable[["Trial"], list[str]]) -> Callable[["Trial"], list[str]]:
        def run(trial: "Trial", figures: Figures) -> None:
            complaints = function(trial)
            if not complaints:
                raise Wrong("the check found nothing wrong where something is")
            figures.note(f"found {len(complaints)}: {complaints[0][:160]}")

        family = function.__module__.rpartition(".")[2]
        CASES.append(Case(family, title, run, on, short, needs, is_control=True))
        return function

    return register


class World:
    """A program on a place of its own with one administrator, and the ledger of what was written to it."""

    def __init__(self, trial: "Trial", place: rig.Place, program: rig.Program):
        self.trial, self.place, self.program, self.ledger = trial, place, program, rig.Ledger()
        self.key, self.rounds = "", 0

    def serve(self, **how: object) -> rig.Server:
        """A ready server; the first one makes the key that writers use."""
        server = self.program.serve(**how)  # type: ignore[arg-type]
        self.key = self.key or server.api_key()
        return server

    def load(self, server: rig.Server, writers: int = 6, timeout: float = 60) -> rig.Workload:
        """Writers with dice of their own for each round."""
        self.rounds += 1
        return rig.Workload(server.address, self.key, self.ledger, self.trial.seed + self.rounds, writers, timeout)

    def judge(self, server: rig.Server) -> list[str]:
        return rig.judge(self.place, server.client(self.key), self.ledger)

    def must_be_whole(self, server: rig.Server, *allowed: int) -> None:
        """Nothing is lost, and nothing but the allowed statuses was answered beside what was asked for."""
        must_be_empty(self.ledger.surprises(*allowed))
        must_be_empty(self.judge(server))

    def end(self, figures: Figures) -> None:
        """The last look, with doctor, and the counts."""
        must_be_empty(self.program.faults())
        figures.add(self.ledger)


def must_be_empty(complaints: list[str]) -> None:
    if complaints:
        more = f" (and {len(complaints) - 5} more)" if len(complaints) > 5 else ""
        raise Wrong("; ".join(complaints[:5]) + more)


@dataclass
class Trial:
    """What a case is run with."""

    database: str
    is_short: bool
    seed: int
    folder: Path
    cluster: rig.Cluster | None

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def count(self, short: int, long: int) -> int:
        """How often, in the short part and in the long run."""
        return short if self.is_short else max(short, round(long * float(os.environ.get("SCALE", "1"))))

    def within(self, seconds: float) -> float:
        """A bar in seconds; beside other tests it only tells whether something hangs."""
        return seconds + 3 if self.is_short else seconds

    def every(self, short: int) -> int:
        """Each how many positions are tried: all of them in the long run."""
        return short if self.is_short else max(1, round(1 / float(os.environ.get("SCALE", "1"))))

    def place(self, folder: Path | None = None, cluster: rig.Cluster | None = None) -> rig.Place:
        """A new place of this trial's database."""
        if self.database == SQLITE:
            return rig.SqlitePlace((folder or self.new_folder()) / "data")
        server = cluster or self.cluster
        assert server is not None
        return server.new_place()

    def new_folder(self) -> Path:
        path = self.folder / f"{self.dice.getrandbits(64):016x}"
        path.mkdir()
        path.chmod(0o711)
        return path

    def program(self, place: rig.Place, environment: Mapping[str, str] | None = None) -> rig.Program:
        return rig.Program(place, self.new_folder(), environment)

    @contextlib.contextmanager
    def world(self, place: rig.Place | None = None, environment: Mapping[str, str] | None = None) -> Iterator[World]:
        """A program with an administrator, on a new place unless one is given."""
        found = place or self.place()
        program = self.program(found, environment)
        program.add_admin()
        yield World(self, found, program)
        if place is None and isinstance(found, rig.SqlitePlace):
            shutil.rmtree(found.data)
