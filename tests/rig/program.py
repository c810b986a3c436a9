"""The binary on a place: commands that end, and a server that is started, killed and started again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Mapping, Sequence

from .client import Client, Unanswered
from .place import Place, free_port

EMAIL, PASSWORD = "admin@example.com", "seven lanterns over the harbour 47"
START_SECONDS = 60
STOP_SECONDS = 30


class StartFailed(Exception):
    """The server ended, or did not answer, before it was ready; the text is the end of its log."""


class Server:
    """A running `rapport serve`. Leaving it as a context stops it in good order, and complains of panics."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, log: Path):
        self.process, self.address, self.log = process, address, log
        self.url = f"http://{address}"

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        problem = self.stop() if self.process.returncode is None else None
        if kind is None and (problem or self.panics()):
            raise AssertionError("; ".join([*([problem] if problem else []), *self.panics()]))

    def client(self, token: str = "", timeout: float = 60) -> Client:
        """A connection of its own."""
        return Client(self.address, token, timeout)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> Client:
        """A connection of somebody who is signed in for ten minutes."""
        client = self.client()
        body = {"grant_type": "password", "email": email, "password": password}
        client.token = client.expect(200, "POST", "/auth/token", body)["access_token"]
        return client

    def api_key(self) -> str:
        """An administrator's key, which outlives restarts."""
        body = {"name": "rig", "scopes": ["*:read", "*:write"]}
        return str(self.sign_in().expect(201, "POST", "/api-keys", body)["key"])

    def is_ready(self, timeout: float = 2) -> bool:
        """Whether /readyz says yes."""
        client = self.client(timeout=timeout)
        try:
            return client.send("GET", "//readyz").status == 200
        except Unanswered:
            return False
        finally:
            client.close()

    def wait_until_ready(self, seconds: float = START_SECONDS) -> float:
        """Waits, and answers how many seconds that took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.process.poll() is not None:
                raise StartFailed(f"the server ended with status {self.process.returncode}: {self.tail()}")
            if self.is_ready():
                return time.monotonic() - began
            time.sleep(0.02)
        raise StartFailed(f"the server was not ready after {seconds} s: {self.tail()}")

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is written."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = STOP_SECONDS) -> str | None:
        """SIGTERM, and the wait for its end: what was wrong with it, if anything."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return f"the server did not stop within {seconds} s of SIGTERM"
        return None if status == 0 else f"the server ended with status {status}"

    def panics(self) -> list[str]:
        """Lines of the log that tell of a mistake in the program."""
        return [line for line in self.lines() if "panicked at" in line]

    def lines(self) -> list[str]:
        return self.log.read_text(errors="replace").splitlines() if self.log.exists() else []

    def tail(self, count: int = 5) -> str:
        """The end of the log, for messages."""
        return " ¦ ".join(self.lines()[-count:])[-1500:]

    def show_log(self, count: int = 80) -> None:
        """Prints the end of the log."""
        print(f"--- the last lines of the server's log ({self.log.name})", file=sys.stderr)
        print("\n".join(self.lines()[-count:]), file=sys.stderr)


class Program:
    """The binary with the arguments that lead it to its place. `folder` takes the logs."""

    def __init__(self, place: Place, folder: Path, environment: Mapping[str, str] | None = None):
        self.place, self.folder = place, folder
        self.binary = os.environ.get("RAPPORT_BIN") or sys.exit("error: RAPPORT_BIN does not say where the binary is")
        kept = {name: value for name, value in os.environ.items() if name != "RUST_LOG"}
        self.environment: dict[str, str] = {"RAPPORT__RATE_LIMIT__ENABLED": "false"} | kept | dict(environment or {})

    def run(self, *words: str, given: str = "", seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """A command that ends, with its output; the words that lead to the place are added."""
        return self.run_under([], *words, given=given, seconds=seconds)

    def run_under(self, prefix: Sequence[str], *words: str, given: str = "",
                  seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """The same under another program."""
        command = [*prefix, self.binary, *words, *self.place.arguments()]
        return subprocess.run(command, input=given, capture_output=True, text=True, env=self.environment, timeout=seconds,
                              check=False)

    def must(self, *words: str, given: str = "") -> str:
        """The output of a command that must succeed."""
        done = self.run(*words, given=given)
        if done.returncode:
            raise AssertionError(f"rapport {' '.join(words)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def add_admin(self) -> None:
        """Makes the schema, and the first user."""
        self.must("user", "create", "--name", "Ada", "--email", EMAIL, "--role", "admin", given=f"{PASSWORD}\n")

    def faults(self) -> list[str]:
        """What `rapport doctor` finds wrong."""
        told: dict[str, Any] = json.loads(self.run("doctor", "--json").stdout)
        return [f"doctor: {found['check']}: {found['detail']}" for found in told["checks"] if found["level"] == "fault"]

    def launch(self, prefix: Sequence[str] = (), port: int = 0, more: Sequence[str] = ()) -> Server:
        """Starts the server, perhaps under another program, and does not wait for it."""
        address = f"127.0.0.1:{port or free_port()}"
        log = self.folder / f"server-{address.rpartition(':')[2]}.log"
        command = [*prefix, self.binary, "serve", "--listen", address, *self.place.arguments(), *more]
        with log.open("ab") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self.environment)
        return Server(process, address, log)

    def serve(self, prefix: Sequence[str] = (), port: int = 0, more: Sequence[str] = ()) -> Server:
        """Starts the server and waits until it is ready."""
        server = self.launch(prefix, port, more)
        try:
            server.wait_until_ready()
        except BaseException:
            server.kill()
            raise
        return server
