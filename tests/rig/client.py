"""A client that keeps its connection and never repeats anything by itself."""

import http.client
import json
from dataclasses import dataclass
from typing import Any, Mapping


class Unanswered(Exception):
    """No whole answer has come: what became of the request is not known."""


class Unreachable(Unanswered):
    """There was not even a connection: the request was not sent."""


@dataclass(frozen=True)
class Answer:
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def header(self, name: str) -> str:
        """A header by its name in small letters; empty if it is missing."""
        return self.headers.get(name, "")


class Client:
    """One connection to one server, for one thread. Paths are below /api/v1, or from the root after `//`."""

    def __init__(self, address: str, token: str = "", timeout: float = 60):
        self.address, self.token, self.timeout = address, token, timeout
        self.connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request, one answer. Raises `Unanswered` when the connection fails, however far it had got."""
        connection = self.connected()
        given = {"Accept": "application/json", **(headers or {})}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        content = None
        if body is not None:
            given["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode()
        try:
            connection.request(method, path[1:] if path.startswith("//") else f"/api/v1{path}", content, given)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(f"{method} {path}: {error!r}") from error

    def connected(self) -> http.client.HTTPConnection:
        """The connection, open."""
        self.connection = self.connection or http.client.HTTPConnection(self.address, timeout=self.timeout)
        try:
            if self.connection.sock is None:
                self.connection.connect()
        except OSError as error:
            raise Unreachable(f"{self.address}: {error!r}") from error
        return self.connection

    def get(self, path: str) -> Any:
        """The body of an answer that must be 200."""
        return self.expect(200, "GET", path)

    def expect(self, status: int, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The body of an answer that must have this status."""
        answer = self.send(method, path, body, headers)
        if answer.status != status:
            raise AssertionError(f"{method} {path} answered {answer.status}: {answer.body.decode(errors='replace')[:600]}")
        return answer.json
