"""Threads that work beside a test, for as long as a context lasts."""

import threading
from typing import Callable, Self


class Background:
    """Work that looks at `ended` now and then; all of it is over when the context is."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.threads: list[threading.Thread] = []

    def add(self, work: Callable[[], None]) -> None:
        """One more thread; before the context begins."""
        self.threads.append(threading.Thread(target=work, daemon=True))

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()
