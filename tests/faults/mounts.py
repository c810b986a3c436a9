"""File systems of our own: a small one that fills up, and one whose power is cut."""

import contextlib
import fcntl
import os
import struct
import subprocess
import time
from pathlib import Path
from typing import Iterator

EXT4_IOC_SHUTDOWN = 0x8004587D
# Nothing is flushed, not even the journal: what was not synced is lost, as when the power fails.
NOLOGFLUSH = 2


def call(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(words)} failed: {done.stderr}")


class Disk:
    """An ext4 in a file, mounted at `path`."""

    def __init__(self, folder: Path, mebibytes: int):
        self.image, self.path = folder / "disk.img", folder / "disk"
        self.path.mkdir()
        with self.image.open("wb") as image:
            image.truncate(mebibytes << 20)
        call("mkfs.ext4", "-q", "-F", "-O", "^metadata_csum", "-E", "lazy_itable_init=1,lazy_journal_init=1", str(self.image))
        self.mount()

    def mount(self) -> None:
        call("mount", "-o", "loop", str(self.image), str(self.path))
        self.path.chmod(0o711)

    def cut_power(self) -> None:
        """The file system stops at once: every later write and sync fails."""
        found = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(found, EXT4_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
        finally:
            os.close(found)

    def unmount(self) -> None:
        """Processes that have just ended may hold it for a moment."""
        for _ in range(100):
            if subprocess.run(["umount", str(self.path)], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        call("umount", str(self.path))

    def restore_power(self) -> None:
        """Mounts anew; the journal is replayed."""
        self.unmount()
        self.mount()


@contextlib.contextmanager
def disk(folder: Path, mebibytes: int) -> Iterator[Disk]:
    """An ext4 of this size until the context ends."""
    made = Disk(folder, mebibytes)
    try:
        yield made
    finally:
        made.unmount()
        made.image.unlink()


@contextlib.contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A file system in memory that is soon full."""
    path = folder / "small"
    path.mkdir()
    call("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0711", "tmpfs", str(path))
    try:
        yield path
    finally:
        for _ in range(100):
            if subprocess.run(["umount", str(path)], capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.05)


def fill(path: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = path / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 512)
    return ballast
