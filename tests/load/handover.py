#!/usr/bin/env python3
"""Hands over everything of somebody who has very much, on the server at RAPPORT_URL (PYTHONPATH=tests):

    tests/load/handover.py [--records 10000]

Makes a colleague with so many records – customers, contacts, open opportunities and tasks, as many of each –, hands them over to two
others in turn, switches the colleague off, undoes it, and prints how long both took. Afterwards everything is with whom
it should be, and while it ran others could read.
"""

import argparse
import os
import sys
import threading
import time
import urllib.parse
import uuid
from typing import Any

import rig

URL = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080")
PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
SECRET = "plum rain on grey roof tiles 12"
BATCH, EACH = 200, 4


def client(token: str = "") -> rig.Client:
    """One connection; what is refused ends the program."""
    return rig.Client(urllib.parse.urlsplit(URL).netloc, token, timeout=300)


def sign_in(email: str, password: str) -> rig.Client:
    proof = {"grant_type": "password", "email": email, "password": password}
    return client(client().expect(200, "POST", "/auth/token", proof)["access_token"])


def add_user(admin: rig.Client, word: str) -> tuple[str, rig.Client]:
    """A colleague: the id, and a client of theirs."""
    role = next(role["id"] for role in admin.get("/roles")["data"] if role["key"] == "sales")
    email = f"handover.{word}.{uuid.uuid4().hex[:8]}@example.com"
    user = {"name": f"Handover {word}", "email": email, "password": SECRET, "role_ids": [role]}
    return admin.expect(201, "POST", "/users", user)["id"], sign_in(email, SECRET)


def make(colleague: rig.Client, plural: str, bodies: list[dict[str, Any]]) -> list[str]:
    """Makes records by batches: their ids."""
    ids: list[str] = []
    for start in range(0, len(bodies), BATCH):
        operations = [{"action": "create", "data": body} for body in bodies[start:start + BATCH]]
        answer = colleague.expect(200, "POST", f"/{plural}/batch", {"atomic": True, "operations": operations})
        ids.extend(result["id"] for result in answer["results"])
    return ids


def fill(colleague: rig.Client, count: int) -> None:
    """So many of each kind."""
    customers = make(colleague, "customers", [{"name": f"Handed over {n}"} for n in range(count)])
    make(colleague, "contacts", [{"given_name": f"Of {n}", "customers": [{"customer_id": customer, "primary": True}]}
                             for n, customer in enumerate(customers)])
    make(colleague, "opportunities", [{"name": f"Of {n}", "customer_id": customer} for n, customer in enumerate(customers)])
    make(colleague, "activities", [{"kind": "task", "name": f"Of {n}", "about": [{"type": "customer", "id": customer}]}
                               for n, customer in enumerate(customers)])


class Reader(threading.Thread):
    """Reads a page all the while, and remembers the longest it waited."""

    def __init__(self, token: str):
        super().__init__(daemon=True)
        self.client, self.longest, self.count, self.is_over = client(token), 0.0, 0, threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            began = time.monotonic()
            self.client.get("/leads?limit=20")
            self.longest, self.count = max(self.longest, time.monotonic() - began), self.count + 1
            time.sleep(0.02)


def timed(what: str, admin: rig.Client, status: int, path: str, body: Any) -> Any:
    reader = Reader(admin.token)
    reader.start()
    began = time.monotonic()
    answer = admin.expect(status, "POST", path, body)
    seconds = time.monotonic() - began
    reader.is_over.set()
    reader.join()
    print(f"{what}: {seconds:.2f} s; {reader.count} pages read meanwhile, the slowest in {reader.longest:.2f} s", flush=True)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    count = parser.parse_args().records // EACH
    admin = sign_in("admin@example.com", PASSWORD)
    leaver, colleague = add_user(admin, "leaver")
    heirs = [add_user(admin, word)[0] for word in ("one", "other")]
    fill(colleague, count)
    to = {"user_ids": heirs}
    body = {"customers": to, "contacts": to, "opportunities": to, "tasks": to, "deactivate": True}
    handover = timed(f"{count * EACH} records handed over", admin, 201, f"/users/{leaver}/handovers", body)
    wanted = {"customers": count, "contacts": count, "opportunities": count, "tasks": count}
    given = {kind: sum(share["counts"][kind] for share in handover["shares"]) for kind in wanted}
    left = admin.get(f"/users/{leaver}/holdings")
    if given != wanted or left["is_any_open"]:
        sys.exit(f"✗ not everything was handed over: {given} of {wanted}, left {left}")
    back = timed("undone", admin, 200, f"/handovers/{handover['id']}/undo", {})
    has = admin.get(f"/users/{leaver}/holdings")
    if back["left"] or any(has[kind] != wanted[kind] for kind in wanted):
        sys.exit(f"✗ not everything is back: {has}")
    print(f"✓ {count * EACH} records were handed over, and are back", flush=True)


if __name__ == "__main__":
    main()
