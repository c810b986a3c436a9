"""PostgreSQL as a place for the program's data: a schema of a server that runs already."""

import functools
import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any


@functools.cache
def find_programs() -> Path:
    """The folder with initdb, postgres and psql."""
    told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False).stdout.strip() \
        if shutil.which("pg_config") else ""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for path in [*([Path(told)] if told else []), *known]:
        if os.access(path / "initdb", os.X_OK) and os.access(path / "postgres", os.X_OK):
            return path
    raise SystemExit("error: no PostgreSQL server found (initdb, postgres); install Debian's package postgresql")


def psql(url: str, sql: str) -> str:
    """What psql prints, without decoration."""
    words = [str(find_programs() / "psql"), url, "-XqAt", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(words, input=sql, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"psql failed: {done.stderr[-2000:]}")
    return done.stdout


class PostgresPlace:
    """A schema; several programs may share it."""

    word = "PostgreSQL"

    def __init__(self, server: str, schema: str):
        self.schema = schema
        self.url = f"{server}?options=-csearch_path%3D{schema}"

    @classmethod
    def in_new_schema(cls, server: str) -> "PostgresPlace":
        """A schema of its own, never `public`, on the server of a URL."""
        place = cls(server, f"server_{secrets.token_hex(4)}")
        psql(server, f"CREATE SCHEMA {place.schema}")
        return place

    def arguments(self) -> list[str]:
        return ["--database", self.url]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        query = f"SELECT coalesce(json_agg(found), '[]') FROM ({sql}) AS found;"
        return [tuple(row.values()) for row in json.loads(psql(self.url, query))]

    def change(self, sql: str) -> None:
        psql(self.url, sql)

    def text_of(self, column: str) -> str:
        return f"replace({column}::text, '-', '')"

    def integrity(self) -> list[str]:
        """PostgreSQL checks nothing by itself; every row of every table is read, and every foreign key holds by its rules."""
        tables = self.rows(f"SELECT tablename FROM pg_tables WHERE schemaname = '{self.schema}'")
        psql(self.url, ";".join(f"SELECT count(x.*::text) FROM {table} AS x" for (table,) in tables))
        return []
