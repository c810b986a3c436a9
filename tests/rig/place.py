"""Where the program's data is: an SQLite file or a schema of PostgreSQL, asked and changed behind its back."""

import contextlib
import os
import shutil
import socket
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, Iterator, Protocol


class Place(Protocol):
    """A database, for the program by its arguments and for the test by SQL."""

    word: str

    def arguments(self) -> list[str]:
        """What tells the program of it."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query answers."""

    def change(self, sql: str) -> None:
        """Changes rows behind the program's back."""

    def text_of(self, column: str) -> str:
        """SQL for an id as 32 hexadecimal digits."""

    def integrity(self) -> list[str]:
        """What the database itself finds wrong."""


MEMORY = Path("/dev/shm")
MEMORY_ROOM_BYTES = 4 * 1024**3


def is_memory_roomy() -> bool:
    """Whether a server of some small databases can keep its files in memory."""
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_ROOM_BYTES


@contextlib.contextmanager
def folder(beneath: Path | None = None) -> Iterator[Path]:
    """A folder that is gone at the end, and that a PostgreSQL server run by another user can reach; among the temporary
    ones, or beneath another."""
    path = Path(tempfile.mkdtemp(prefix="rapport-rig-", dir=beneath))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SqlitePlace:
    """`rapport.db` in a data folder."""

    word = "SQLite"

    def __init__(self, data: Path):
        self.data, self.file = data, data / "rapport.db"

    def arguments(self) -> list[str]:
        return ["--data", str(self.data)]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)) as connection:
            return list(connection.execute(sql).fetchall())

    def change(self, sql: str) -> None:
        with contextlib.closing(sqlite3.connect(self.file, timeout=30)) as connection:
            connection.execute(sql)
            connection.commit()

    def text_of(self, column: str) -> str:
        return f"lower(hex({column}))"

    def integrity(self) -> list[str]:
        found = [f"integrity_check: {row[0]}" for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [f"foreign_key_check: {row}" for row in self.rows("PRAGMA foreign_key_check")]
