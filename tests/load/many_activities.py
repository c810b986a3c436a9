#!/usr/bin/env python3
"""Asks for what a day asks for, among very many activities and notifications:

    PYTHONPATH=tests tools/with-postgres tests/load/many_activities.py [--activities 1000000] [--reads 100]

`rapport seed` makes the activities, once on each database; without RAPPORT_TEST_POSTGRES_URL on SQLite alone. How long the
requests take is printed beside what they take among a hundredth of it. On PostgreSQL no request may read the whole of a large
table, as the server's own counters have it; what SQLite does with a statement does not depend on how much there is, and is
looked at in the plans of the tests.
"""

import argparse
import os
import statistics
import sys
import time
import urllib.parse
from typing import Any

import rig

TABLES = "'activities', 'notifications', 'customers', 'leads', 'opportunities', 'changes', 'search_docs'"
ACTIVITIES_EACH = 3  # of a customer of `rapport seed`
HOURS = 3
OWNER = "seed05@example.com"


def seeded(place: Any, folder: Any, activities: int) -> rig.Program:
    program = rig.Program(place, folder)
    program.add_admin()
    made = program.run("seed", "--size", str(activities // ACTIVITIES_EACH), "--seed", "7", seconds=HOURS * 3600)
    assert made.returncode == 0, made.stderr
    return program


def tell(place: Any, lines: int) -> None:
    """Notifications of the administrator and of another, few of them unread."""
    is_sqlite = isinstance(place, rig.SqlitePlace)
    identity = "randomblob(16)" if is_sqlite else "gen_random_uuid()"
    at = "(1795000000000000 + i * 1000000)" if is_sqlite else "(timestamptz '2026-11-20' + i * interval '1 second')"
    other = f"(SELECT id FROM users WHERE email = '{OWNER}')"
    place.change(f"""
        INSERT INTO notifications (id, user_id, kind, dedupe_key, subject, stands_for, in_inbox, created_at, shows_at, read_at)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {lines})
        SELECT {identity}, CASE i % 2 WHEN 0 THEN (SELECT id FROM users WHERE email = '{rig.EMAIL}') ELSE {other} END, 'assigned',
          'k' || i, 'lead', 1, i % 200 <> 0, {at}, {at}, CASE i % 100 WHEN 0 THEN NULL ELSE {at} END FROM n""")


def requests(client: Any) -> dict[str, str]:
    """What home, My day and the bell ask for, about somebody who owns much."""
    people = client.get("/users?limit=200")["data"]
    owner = next(person["id"] for person in people if person["email"] == OWNER)

    def activities(condition: str, more: str = "") -> str:
        asked = f'owner_id = "{owner}" AND status = "open" AND {condition}'
        return f"/activities?filter={urllib.parse.quote(asked)}&sort=due_at{more}"

    busiest = client.get("/customers?filter=" + urllib.parse.quote("number IN (99999, 1999, 1049)") + "&sort=-number&limit=1")
    return {
        "My day, overdue": activities("due_at < @today"),
        "My day, today": activities("due_at >= @today AND due_at < @today+1d"),
        "My day, to come": activities("due_at >= @today+1d"),
        "counted": activities("due_at < @today+1d", "&count=capped&limit=1"),
        "calendar, a month": activities('due_at >= "2026-11-01T00:00:00Z" AND due_at < "2026-12-01T00:00:00Z"', "&limit=200"),
        "timeline": f"/customers/{busiest['data'][0]['id']}/timeline",
        "bell": "/me/notifications?unread=true",
        "inbox": "/me/notifications?state=all",
    }


def measure(server: rig.Server, reads: int) -> dict[str, float]:
    """Half of the answers took at most so many milliseconds."""
    client = server.sign_in()
    taken: dict[str, list[float]] = {}
    asked = requests(client)
    for _ in range(reads):
        for name, path in asked.items():
            began = time.monotonic()
            client.get(path)
            taken.setdefault(name, []).append((time.monotonic() - began) * 1000)
    return {name: statistics.median(each) for name, each in taken.items()}


def scans(place: Any) -> dict[str, int]:
    """How often large tables were read as a whole; a server writes down its counts when its connections end."""
    if isinstance(place, rig.SqlitePlace):
        return {}
    time.sleep(2)
    of = f"schemaname = '{place.schema}' AND relname IN ({TABLES})"
    return dict(place.rows(f"SELECT relname AS name, seq_scan AS n FROM pg_stat_user_tables WHERE {of}"))


def look(name: str, place_of: Any, activities: int, reads: int) -> str:
    times = []
    for size in (activities // 100, activities):
        with rig.folder() as folder:
            place = place_of(folder)
            program = seeded(place, folder, size)
            tell(place, max(size // 10, 200))
            if name == "PostgreSQL":
                place.change("VACUUM (ANALYZE)")
            with program.serve() as server:
                measure(server, 2)
            before = scans(place)
            with program.serve() as server:
                times.append(measure(server, reads))
            more = {table: n - before[table] for table, n in scans(place).items() if n > before[table]}
            # Where there is little, to read the whole table is the shortest way.
            assert size < activities or not more, f"read as a whole, so often: {more}"
    small, large = times
    told = (f"{what} {large[what]:.1f} ms (among a hundredth {small[what]:.1f})" for what in large)
    return f"among {activities}: " + "; ".join(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--reads", type=int, default=100)
    options = parser.parse_args()
    tally = rig.Tally()
    places: dict[str, Any] = {"SQLite": lambda folder: rig.SqlitePlace(folder / "data")}
    if url := os.environ.get("RAPPORT_TEST_POSTGRES_URL"):
        places["PostgreSQL"] = lambda _folder: rig.PostgresPlace.in_new_schema(url)
    for name, place_of in places.items():
        tally.run(f"a day on {name}", lambda name=name, place_of=place_of: look(name, place_of, options.activities, options.reads))
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
