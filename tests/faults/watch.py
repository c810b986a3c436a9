"""A reader beside the load: whether the server stays alive and polite while something is broken."""

import time
from collections import Counter

import rig


class Watch(rig.Background):
    """Asks for /healthz and for a list, again and again, until the context ends."""

    def __init__(self, server: rig.Server, key: str, path: str = "/leads?limit=5"):
        super().__init__()
        self.health, self.reader, self.path = server.client(timeout=5), server.client(key), path
        self.complaints: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.slowest_health = self.slowest_read = 0.0
        self.add(self.ask_health)
        self.add(self.read)

    def ask_health(self) -> None:
        while not self.ended.wait(0.02):
            began = time.monotonic()
            try:
                status = self.health.send("GET", "//healthz").status
            except rig.Unanswered as silence:
                status = 0
                self.complaints.append(f"/healthz did not answer: {silence}")
            self.slowest_health = max(self.slowest_health, time.monotonic() - began)
            if status not in (0, 200):
                self.complaints.append(f"/healthz answered {status}")

    def read(self) -> None:
        while not self.ended.wait(0.02):
            began = time.monotonic()
            try:
                answer = self.reader.send("GET", self.path)
                self.statuses[answer.status] += 1
                if answer.status == 503 and not answer.header("retry-after"):
                    self.complaints.append("a 503 without Retry-After")
                if answer.status not in (200, 503):
                    self.complaints.append(f"a read was answered {answer.status}: {answer.body[:200]!r}")
            except rig.Unanswered as silence:
                self.complaints.append(f"a read was not answered: {silence}")
            self.slowest_read = max(self.slowest_read, time.monotonic() - began)
