"""Counts checks and says what each found: a test's last line is `N passed, M failed`."""

import time
from typing import Callable, Iterable

SHOWN = 12


class Tally:
    """How many checks have passed and failed."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def check(self, name: str, complaints: Iterable[str]) -> None:
        """A check with its complaints; without any it has passed."""
        found = list(complaints)
        self.passed, self.failed = self.passed + (not found), self.failed + bool(found)
        print(f"{'✗' if found else '✓'} {name}", flush=True)
        for text in found[:SHOWN]:
            print(f"    {text}", flush=True)

    def run(self, name: str, action: Callable[[], str | None]) -> None:
        """An action that raises AssertionError when something does not hold, and may answer what it has measured."""
        began, told = time.monotonic(), None
        try:
            told = action()
            found = []
        except AssertionError as failure:
            found = [str(failure) or repr(failure)]
        self.check(f"{name} ({time.monotonic() - began:.1f} s)" + (f": {told}" if told else ""), found)

    def end(self) -> int:
        """Prints the closing line; the exit status."""
        print(f"{self.passed} passed, {self.failed} failed")
        return int(bool(self.failed or not self.passed))
