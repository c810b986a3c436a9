#!/usr/bin/env python3
"""Opens what every release has left behind with the present binary:  PYTHONPATH=tests tests/upgrade/run.py

From a copy of each database, and from each backup restored into both: the schema is brought up to date, doctor finds nothing,
everything that was asked of the release is asked again and answered alike, people sign in with their passwords, keys open,
and work goes on. A database of a newer program is refused. Controls: what was damaged is noticed.
"""

import sys
from functools import partial
from pathlib import Path
from typing import Any, Callable

import rig
from fixture import Fixture
from questions import ask, differences
from story import ADMIN


class Upgrade:
    """One release, tried in every way."""

    def __init__(self, fixture: Fixture, cluster: rig.Cluster, folder: Path, tally: rig.Tally):
        self.fixture, self.cluster, self.folder, self.tally = fixture, cluster, folder, tally
        self.expected = fixture.expected()
        self.places = 0

    def fresh_folder(self) -> Path:
        self.places += 1
        return self.folder / f"{self.fixture.version}-{self.places}"

    def empty(self, word: str) -> rig.Place:
        if word == "PostgreSQL":
            return self.cluster.new_place()
        return rig.SqlitePlace(self.fresh_folder())

    def copy(self, word: str) -> rig.Place:
        if word == "PostgreSQL":
            return self.fixture.copy_postgres(self.cluster)
        return self.fixture.copy_sqlite(self.fresh_folder())

    def run(self) -> None:
        for word in ("SQLite", "PostgreSQL"):
            self.tally.check(f"{self.fixture.version}: {word} goes on as it was", self.opened(self.copy(word), word))
            place = self.empty(word)
            rig.Program(place, self.folder).must("restore", str(self.fixture.backup))
            self.tally.check(f"{self.fixture.version}: the backup, restored into {word}", self.opened(place, "SQLite"))
            self.tally.check(f"{self.fixture.version}: a newer {word} is refused", self.newer(self.copy(word)))
        self.controls()

    def opened(self, place: rig.Place, source: str, damage: Callable[[rig.Place], None] = lambda _place: None) -> list[str]:
        """What is wrong with a database of the release, once it is brought up to date."""
        program = rig.Program(place, self.folder)
        program.must("migrate")
        self.fixture.bring_to_today(place)
        damage(place)
        complaints = program.faults() + place.integrity()
        keys = self.expected["keys"][source]
        with program.serve() as server:
            actual = ask(server, keys)
            goes_on = work(server, actual)
        before = self.expected["answers"][source]
        print(f"    {len(before)} questions asked again")
        return complaints + differences(before, actual) + goes_on + program.faults()

    def newer(self, place: rig.Place) -> list[str]:
        """A step this program does not know: nothing but a refusal that says what to do, and nothing changed."""
        place.change("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')")
        program, complaints = rig.Program(place, self.folder), []
        before = place.rows("SELECT count(*) AS steps, max(version) AS last FROM __diesel_schema_migrations")
        for command in (["migrate"], ["serve", "--listen", f"127.0.0.1:{rig.free_port()}"]):
            done = program.run(*command)
            if done.returncode == 0 or "a newer Rapport has been here" not in done.stderr or "20991231000000" not in done.stderr:
                complaints.append(f"rapport {command[0]} ended with {done.returncode}: {done.stderr[-300:]}")
        after = place.rows("SELECT count(*) AS steps, max(version) AS last FROM __diesel_schema_migrations")
        return complaints + ([] if before == after else [f"steps were {before} and are {after}"])

    # -- controls: what the checks above must notice

    def controls(self) -> None:
        damages = {
            "an amount that changed": "UPDATE opportunities SET amount = amount + 1 WHERE name LIKE '%光谱仪'",
            "a lost line of history": "DELETE FROM changes WHERE id = (SELECT max(id) FROM changes WHERE record_type = 'lead')",
            "a password that changed": "UPDATE users SET password_hash = NULL WHERE email LIKE 'li.%'",
        }
        for name, sql in damages.items():
            self.control(name, partial(self.damaged_rows, sql))
        self.control("a damaged page", self.damaged_page)
        self.control("a changed byte of the backup", self.damaged_backup)

    def control(self, name: str, check: Callable[[], list[str]]) -> None:
        try:
            found = check()
        except (AssertionError, rig.StartFailed) as failure:
            found = [str(failure)]
        self.tally.check(f"control: {name} is noticed" + (f": {found[0][:110]}" if found else ""),
                         [] if found else ["nothing was noticed"])

    def damaged_rows(self, sql: str) -> list[str]:
        return self.opened(self.copy("SQLite"), "SQLite", lambda place: place.change(sql))

    def damaged_page(self) -> list[str]:
        place = self.fixture.copy_sqlite(self.fresh_folder())
        content = bytearray(place.file.read_bytes())
        content[8 * 4096:9 * 4096] = bytes(4096)
        place.file.write_bytes(content)
        return rig.Program(place, self.folder).faults()

    def damaged_backup(self) -> list[str]:
        content = bytearray(self.fixture.backup.read_bytes())
        content[len(content) // 2] ^= 1
        copy = self.fresh_folder()
        copy.write_bytes(content)
        done = rig.Program(self.empty("SQLite"), self.folder).run("restore", str(copy))
        return [done.stderr.strip()] if done.returncode else []


def work(server: rig.Server, answers: dict[str, Any]) -> list[str]:
    """A lead is captured and converted, and its number goes on from the last one."""
    admin = server.sign_in(*ADMIN)
    last = max(row[0] for row in answers["admin /leads"]["rows"])
    lead = admin.expect(201, "POST", "/leads", {"family_name": "新", "company_name": "升级之后有限公司"})
    wanted = {"customer": {"mode": "create"}, "contact": {"mode": "create"}}
    made = admin.expect(201, "POST", f"/leads/{lead['id']}/conversion", wanted)
    hits = admin.get("/search?q=sjzh&types=customers")["data"]
    complaints = [] if lead["number"] > last else [f"the new lead has the number {lead['number']}, after {last}"]
    return complaints + ([] if made["customer"]["id"] in [hit["id"] for hit in hits] else ["the new customer is not found"])


def main() -> int:
    tally = rig.Tally()
    with rig.folder() as folder, rig.Cluster(folder / "postgres", rig.HASTY) as cluster:
        for fixture in Fixture.all():
            Upgrade(fixture, cluster, folder, tally).run()
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
