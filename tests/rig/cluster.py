"""A PostgreSQL server of a test's own: it can be stopped in every way, frozen, and copied to a standby."""

import os
import secrets
import signal
import subprocess
import time
from pathlib import Path
from typing import Mapping

from .place import free_port
from .postgres import PostgresPlace, find_programs, psql

USER = "rapport"
START_SECONDS = 60
STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill": signal.SIGKILL}
# Settings of every server here; a test that throws its data away adds HASTY.
SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "300", "shared_buffers": "256MB",
            "autovacuum_naptime": "10s", "log_min_messages": "fatal", "log_destination": "stderr"}
# Durability is of no use to a server that is thrown away; these settings make tests quick.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def earnest() -> dict[str, str]:
    """Settings of a server in earnest, as docs/operations.md recommends them: for what is measured."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return {"shared_buffers": f"{min(memory // 4, 2048)}MB", "max_wal_size": "4GB", "autovacuum_naptime": "1min"}


def as_server() -> list[str]:
    """PostgreSQL refuses to run as root, so root hands it to an ordinary user."""
    if os.geteuid() != 0:
        return []
    name = owner()
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups"]


def owner() -> str:
    """Whom the files of a server belong to."""
    known = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return "postgres" if "postgres" in known else "nobody"


class Cluster:
    """A server with its data in `folder`, which is made if it is not there."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, password: str = "", port: int = 0):
        self.folder, self.programs = folder, find_programs()
        self.settings = SETTINGS | dict(settings or {})
        self.password = password or secrets.token_hex(16)
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8",
                            "PGPASSWORD": self.password}

    def __enter__(self) -> "Cluster":
        if not (self.folder / "data").exists():
            self.create()
        return self.start()

    def __exit__(self, *_failure: object) -> None:
        self.stop("immediate")

    @property
    def url(self) -> str:
        return self.url_of("rapport")

    def url_of(self, database: str) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def take_over(self) -> None:
        """Makes the folder, if it is not there, and gives it with all that is in it to the server's user."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", owner(), str(self.folder)], check=True)
        self.folder.chmod(0o700)

    def create(self, *options: str) -> None:
        """Makes the data folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        word = self.folder / "password"
        word.write_text(self.password + "\n")
        word.chmod(0o600)
        self.take_over()
        self.command("initdb", f"--pgdata={self.folder / 'data'}", f"--username={USER}", f"--pwfile={word}",
                     "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", *options)

    def command(self, name: str, *words: str, given: str | None = None) -> str:
        """Runs a program of PostgreSQL's as the server's user."""
        done = subprocess.run([*as_server(), str(self.programs / name), *words], input=given, capture_output=True, text=True,
                              cwd="/", env=self.environment, check=False)
        if done.returncode:
            raise AssertionError(f"{name} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def start(self, wait: bool = True) -> "Cluster":
        """Starts the server; `wait`: until it takes connections and the database is there."""
        words = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        # --pdeathsig: whatever kills this process (or ends this thread) takes the server with it.
        command = [*as_server(), "setpriv", "--pdeathsig", "QUIT", str(self.programs / "postgres"), "-D",
                   str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder), *words]
        with (self.folder / "server.log").open("ab") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                                            env=self.environment)
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Waits for connections, and makes the database of the first start."""
        ended = time.monotonic() + seconds
        while time.monotonic() < ended:
            if self.process is None or self.process.poll() is not None:
                raise AssertionError(f"PostgreSQL ended: {self.log_tail()}")
            try:
                self.psql("SELECT 1", "postgres")
                break
            except AssertionError:
                time.sleep(0.02)
        else:
            raise AssertionError(f"PostgreSQL was not ready after {seconds} s: {self.log_tail()}")
        if "standby.signal" in os.listdir(self.folder / "data"):
            return
        if self.psql("SELECT count(*) FROM pg_database WHERE datname = 'rapport'", "postgres").strip() == "0":
            self.psql("CREATE DATABASE rapport", "postgres")

    def stop(self, mode: str = "fast") -> None:
        """smart, fast, immediate (no shutdown checkpoint: recovery at the next start), or kill (all of its processes)."""
        if self.process is None or self.process.poll() is not None:
            return
        children = self.processes()
        self.process.send_signal(STOP_SIGNALS[mode])
        if mode == "kill":
            send(children, signal.SIGKILL)
        self.process.wait(60)

    def restart(self, mode: str) -> None:
        self.stop(mode)
        self.start()

    def processes(self) -> list[int]:
        """The server and all its backends."""
        if self.process is None:
            return []
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *(int(word) for word in path.read_text().split())]

    def freeze(self) -> None:
        """SIGSTOP to all of it: connections stay open, and nothing answers."""
        send(self.processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Goes on where `freeze` stopped it."""
        send(self.processes(), signal.SIGCONT)

    def copy_to(self, folder: Path, settings: Mapping[str, str] | None = None) -> "Cluster":
        """A standby that follows this server; start it as any other. A later promotion: `SELECT pg_promote()`."""
        other = Cluster(folder, {**self.settings, **(settings or {})}, self.password)
        other.take_over()
        self.command("pg_basebackup", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-D", str(folder / "data"), "-R",
                     "-X", "stream", "-c", "fast")
        return other

    def psql(self, sql: str, database: str = "rapport") -> str:
        """What psql prints, without decoration."""
        return psql(self.url_of(database), sql)

    def new_place(self) -> PostgresPlace:
        """A schema of its own, never `public`."""
        return PostgresPlace.in_new_schema(self.url)

    def log_tail(self) -> str:
        log = self.folder / "server.log"
        return " ¦ ".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else "(no log)"


def send(processes: list[int], which: signal.Signals) -> None:
    """A signal to processes of which some may be gone."""
    for process in processes:
        try:
            os.kill(process, which)
        except ProcessLookupError:
            continue

