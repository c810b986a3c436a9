"""The databases that a release has left behind, in `releases/VERSION`, and copies of them to try."""

import datetime
import gzip
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from rig import Cluster, Place, PostgresPlace, SqlitePlace, find_programs

RELEASES = Path(__file__).resolve().parent / "releases"
TABLES_WITH_TRASH = ("customers", "contacts", "leads", "opportunities")


class Fixture:
    """What one release wrote: an SQLite file, a dump of a PostgreSQL schema, a backup, and the answers it gave."""

    def __init__(self, version: str):
        self.version, self.folder = version, RELEASES / version
        self.sqlite, self.postgres = self.folder / "sqlite.db.gz", self.folder / "postgres.sql.gz"
        self.backup, self.answers = self.folder / "backup.rapport", self.folder / "answers.json.gz"

    @classmethod
    def all(cls) -> list["Fixture"]:
        """Those of every release, the oldest first."""
        versions = [path.name for path in RELEASES.iterdir() if path.is_dir()]
        return [cls(version) for version in sorted(versions, key=lambda text: [int(part) for part in text.split(".")])]

    def expected(self) -> dict[str, Any]:
        """The answers and the API keys, by the name of the database, and when they were given."""
        told: dict[str, Any] = json.loads(gzip.decompress(self.answers.read_bytes()))
        return told

    # -- making it

    def write(self, sqlite: SqlitePlace, postgres: PostgresPlace, told: dict[str, Any]) -> None:
        """Keeps two databases that no server has open, and what was asked of them. The backup is there already."""
        self.sqlite.write_bytes(pack(sqlite.file.read_bytes()))
        self.postgres.write_bytes(pack(dump(postgres).encode()))
        told["made_at"] = datetime.datetime.now(datetime.UTC).isoformat()
        self.answers.write_bytes(pack(json.dumps(told, ensure_ascii=False, indent=1).encode()))

    # -- using it

    def copy_sqlite(self, data: Path) -> SqlitePlace:
        data.mkdir(mode=0o700)
        place = SqlitePlace(data)
        place.file.write_bytes(gzip.decompress(self.sqlite.read_bytes()))
        return place

    def copy_postgres(self, cluster: Cluster) -> PostgresPlace:
        """Into a schema with another name."""
        place = cluster.new_place()
        place.change(gzip.decompress(self.postgres.read_bytes()).decode())
        return place

    def bring_to_today(self, place: Place) -> None:
        """What was thrown away is gone after thirty days, and keys end after a year: as if the fixture were of today."""
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(self.expected()["made_at"])
        sqlite = isinstance(place, SqlitePlace)
        age_sql = str(age // datetime.timedelta(microseconds=1)) if sqlite else f"interval '{age.total_seconds()} seconds'"
        for table in TABLES_WITH_TRASH:
            place.change(f"UPDATE {table} SET deleted_at = deleted_at + {age_sql} WHERE deleted_at IS NOT NULL")
        place.change(f"UPDATE api_keys SET expires_at = expires_at + {age_sql}")


def pack(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def dump(place: PostgresPlace) -> str:
    """The schema as plain SQL that names no schema, so that it loads into any."""
    words = ["--schema", place.schema, "--no-owner", "--no-privileges", "--no-comments", place.url]
    done = subprocess.run([find_programs() / "pg_dump", *words], capture_output=True, text=True, check=True)
    text = done.stdout.replace(f"{place.schema}.", "")
    unwanted = re.compile(r"^(CREATE SCHEMA |SELECT pg_catalog\.set_config\('search_path'|SET |\\restrict|\\unrestrict|--|$)")
    inside = False
    kept = []
    for line in text.splitlines():
        if inside or not unwanted.match(line):
            kept.append(line)
        inside = line.startswith("COPY ") or (inside and line != "\\.")
    return "\n".join(kept) + "\n"
