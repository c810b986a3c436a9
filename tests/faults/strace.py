"""Faults of the disk by strace: system calls of a running process fail, wait or lie, at a position of choice."""

import contextlib
import signal
import subprocess
import time
from pathlib import Path
from typing import Iterator, Sequence

SYNC = "fsync,fdatasync"
WRITE = "pwrite64,pwritev,write,ftruncate,fallocate"


def rule(calls: str, effect: str, paths: Sequence[Path] = (), follows: bool = True) -> list[str]:
    """The arguments for one rule: `rule(SYNC, "error=EIO:when=3", [wal])`. Positions are counted per thread; threads and
    processes that come later obey it as well if it `follows`."""
    return [*(["-f"] if follows else []), "-qq", "-y", "-e", f"trace={calls}", "-e", f"inject={calls}:{effect}",
            *(word for path in paths for word in ("-P", str(path)))]


def prefix(arguments: Sequence[str], trace: Path) -> list[str]:
    """A command to put before another: it is the child itself that runs under its process id, strace is a stranger."""
    return ["strace", "-D", "-o", str(trace), *arguments]


def threads(process: int) -> list[Path]:
    return list(Path(f"/proc/{process}/task").iterdir())


def is_traced(process: int) -> bool:
    """Whether every thread of a process is held by a tracer."""
    return all("\nTracerPid:\t0\n" not in (thread / "status").read_text() for thread in threads(process))


@contextlib.contextmanager
def attached(processes: Sequence[int], arguments: Sequence[str], trace: Path) -> Iterator[Path]:
    """strace on running processes until the context ends; `trace` takes down what it has seen."""
    words = ["strace", "-o", str(trace), *arguments, *(word for process in processes for word in ("-p", str(process)))]
    none = subprocess.DEVNULL
    with subprocess.Popen(words, stdin=none, stdout=none, stderr=subprocess.PIPE, text=True) as tracer:
        late = time.monotonic() + 10
        while not all(is_traced(process) for process in processes):
            if tracer.poll() is not None or time.monotonic() > late:
                tracer.kill()
                raise AssertionError(f"strace cannot attach: {tracer.stderr.read() if tracer.stderr else ''}")
            time.sleep(0.01)
        try:
            yield trace
        finally:
            tracer.send_signal(signal.SIGINT)
            try:
                tracer.wait(5)
            except subprocess.TimeoutExpired:
                # It waits for every process to let go of, and never ends where new ones come and die all the time, as with a
                # PostgreSQL that cannot recover. The kernel lets go of them when it is gone.
                tracer.kill()


def injected(trace: Path) -> int:
    """How many calls were tampered with."""
    return trace.read_text(errors="replace").count("(INJECTED)") + trace.read_text(errors="replace").count("(DELAYED)")
