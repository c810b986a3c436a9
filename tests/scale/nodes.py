"""Two nodes of the real program on one database, and what every check needs of them."""

import itertools
import threading
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence, TypeVar

import rig
from proxy import Proxy

T = TypeVar("T")
PASSWORD = "plum rain on grey roof tiles 12"


def at_once(*actions: Callable[[], T]) -> list[T]:
    """Runs actions at the same moment, each on a thread of its own; their results in order."""
    results: list[Any] = [None] * len(actions)
    gate = threading.Barrier(len(actions))

    def run(n: int) -> None:
        gate.wait()
        try:
            results[n] = actions[n]()
        except BaseException as error:  # Raised again below.
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


class Nodes:
    """Two servers on one place, behind a proxy."""

    def __init__(self, place: rig.Place, folder: Path, environment: Mapping[str, str] | None = None):
        self.place, self.program = place, rig.Program(place, folder, environment)
        self.program.add_admin()
        self.numbers = itertools.count(1)

    def __enter__(self) -> "Nodes":
        self.a, self.b = self.program.serve(), self.program.serve()
        self.proxy = Proxy([self.a.address, self.b.address]).__enter__()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.proxy.__exit__()
        for server in (self.a, self.b):
            server.__exit__(kind, error, trace)

    @property
    def pairs(self) -> list[tuple[rig.Server, rig.Server]]:
        """The nodes in both orders: where something happens, and where it must be seen."""
        return [(self.a, self.b), (self.b, self.a)]

    def person(self, admin: rig.Client, *roles: str) -> tuple[str, str]:
        """A new user with roles, by their keys: id and address."""
        known = {role["key"]: role["id"] for role in admin.get("/roles")["data"]}
        email = f"person{next(self.numbers)}@example.com"
        body = {"name": "李晓晨", "email": email, "password": PASSWORD, "role_ids": [known[role] for role in roles]}
        return admin.expect(201, "POST", "/users", body)["id"], email


def statuses(answers: Sequence[rig.Answer]) -> list[int]:
    """The statuses of answers, sorted."""
    return sorted(answer.status for answer in answers)


def token_of(server: rig.Server, email: str, password: str = PASSWORD) -> dict[str, Any]:
    """Both tokens of a new session."""
    grant = {"grant_type": "password", "email": email, "password": password}
    told: dict[str, Any] = server.client().expect(200, "POST", "/auth/token", grant)
    return told


def refresh(server: rig.Server, token: str) -> rig.Answer:
    return server.client().send("POST", "/auth/token", {"grant_type": "refresh_token", "refresh_token": token})
