"""What was asked and answered: what must be there, what must not, and what nobody knows yet."""

import enum
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .client import Answer


class Outcome(enum.Enum):
    """What an answer says of the effect."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Call:
    """One request that writes, and what came of it."""

    kind: str
    method: str
    path: str
    body: dict[str, Any]
    # The records that it makes or changes: (plural, id). What a conversion makes has ids of the server's choice.
    records: list[tuple[str, str]]
    # The statuses that may come while all is well.
    expected: tuple[int, ...]
    headers: dict[str, str] = field(default_factory=dict)
    began: float = 0.0
    ended: float = 0.0
    answer: Answer | None = None

    @property
    def key(self) -> str:
        return self.headers.get("Idempotency-Key", "")

    @property
    def outcome(self) -> Outcome:
        """503 and silence say nothing of the effect; every other refusal is one."""
        if self.answer is None or self.answer.status == 503:
            return Outcome.UNKNOWN
        return Outcome.ACKNOWLEDGED if self.answer.status < 300 else Outcome.REFUSED

    def effects(self, answer: Answer) -> list[tuple[str, str, int, Any]]:
        """What an answer says of records: plural, id, version and, where it is shown, the whole view."""
        told = answer.json
        if self.kind == "batch":
            return [(plural, identity, done["version"], None)
                    for (plural, identity), done in zip(self.records, told["results"], strict=True)]
        if self.kind == "convert":
            named = [("leads", "lead"), ("customers", "customer"), ("contacts", "contact"), ("opportunities", "opportunity")]
            return [(plural, told[word]["id"], told[word]["version"], told[word]) for plural, word in named]
        return [(plural, identity, told["version"], told) for plural, identity in self.records]


class Ledger:
    """All calls of several threads. Settled records stay known from round to round; the rest is of one round."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: dict[str, tuple[str, int]] = {}
        self.keys: set[str] = set()
        self.acknowledged = 0
        # Over all rounds: how many calls had which outcome.
        self.total: Counter[Outcome] = Counter()
        self.calls: list[Call] = []
        self.views: dict[str, Any] = {}
        # Members of views that follow from the clock, without another version: for whoever moves it.
        self.by_the_clock: tuple[str, ...] = ()

    def lasting(self, view: dict[str, Any]) -> dict[str, Any]:
        """What a view says of a record whenever it is asked for."""
        return {name: value for name, value in view.items() if name not in self.by_the_clock}

    def new_round(self) -> None:
        """Begins a round: what is known stays, what was in doubt has been settled."""
        self.total.update(call.outcome for call in self.calls)
        self.calls, self.views = [], {}

    def note(self, call: Call) -> None:
        """Takes down a call that has ended."""
        with self.lock:
            self.calls.append(call)
            if call.answer is not None and call.outcome is Outcome.ACKNOWLEDGED:
                self.acknowledge(call, call.answer)

    def acknowledge(self, call: Call, answer: Answer) -> None:
        """The effect of a call is certain, as an answer tells it."""
        self.acknowledged += 1
        for plural, identity, version, view in call.effects(answer):
            self.known[identity] = (plural, version)
            self.views[identity] = view
        if call.key:
            self.keys.add(call.key)

    def learn(self, plural: str, identity: str, view: Any) -> None:
        """A record that was in doubt has been read."""
        self.known[identity] = (plural, view["version"])
        self.views[identity] = view

    def of(self, outcome: Outcome) -> list[Call]:
        """This round's calls with an outcome."""
        return [call for call in self.calls if call.outcome is outcome]

    def statuses(self) -> Counter[int]:
        """How often each status came in this round; 0 is silence."""
        return Counter(call.answer.status if call.answer else 0 for call in self.calls)

    def surprises(self, *allowed: int) -> list[str]:
        """Answers that came although neither the request nor the fault asked for them; 0 is silence. A 503 or 507
        must say when to come back."""
        found = []
        for call in self.calls:
            status = call.answer.status if call.answer else 0
            if status not in call.expected and status not in allowed:
                text = call.answer.body.decode(errors="replace")[:300] if call.answer else "no answer"
                found.append(f"{call.kind} {call.path} was answered {status}: {text}")
            elif status in (503, 507) and call.answer and not call.answer.header("retry-after").isdigit():
                found.append(f"{call.kind} {call.path} was answered {status} without Retry-After")
        return found
