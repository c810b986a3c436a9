"""Writers: threads that create, change and convert, each its own records, and note every call in the ledger."""

import random
import threading
import time
import uuid
from typing import Any

from .background import Background
from .client import Client, Unanswered, Unreachable
from .ledger import Call, Ledger, Outcome

NAMES = ("华东机械", "海风贸易", "Nordlicht Werke", "Acme Harbour", "青石科技", "Oak & Sons")
WHOLE = {"mode": "create"}


class Workload(Background):
    """Several writers on one server, until the context ends."""

    def __init__(self, address: str, token: str, ledger: Ledger, seed: int, writers: int = 6, timeout: float = 60):
        super().__init__()
        self.ledger = ledger
        self.before = ledger.acknowledged
        self.writers = [Writer(Client(address, token, timeout), ledger, random.Random(f"{seed}/{n}"), self.ended)
                        for n in range(writers)]
        for writer in self.writers:
            self.add(writer.run)

    def __exit__(self, *failure: object) -> None:
        super().__exit__(*failure)
        broken = [writer.failure for writer in self.writers if writer.failure]
        if broken and not failure[0]:
            raise AssertionError(f"a writer failed: {broken[0]!r}") from broken[0]

    @property
    def done(self) -> int:
        """How many writes have been acknowledged to these writers."""
        return self.ledger.acknowledged - self.before

    def wait_for(self, count: int, seconds: float = 60) -> None:
        """Until so many writes more have been acknowledged than when this was called."""
        goal, late = self.done + count, time.monotonic() + seconds
        while self.done < goal:
            if time.monotonic() > late:
                raise AssertionError(f"only {self.done} of {goal} writes were acknowledged in {seconds} s: "
                                     f"{dict(self.ledger.statuses())}")
            time.sleep(0.002)


class Writer:
    """One thread's worth of work, the same for the same seed as far as the answers are the same."""

    def __init__(self, client: Client, ledger: Ledger, dice: random.Random, ended: threading.Event):
        self.client, self.ledger, self.dice, self.ended = client, ledger, dice, ended
        self.leads: list[str] = []
        self.views: dict[str, tuple[str, Any]] = {}
        self.failure: BaseException | None = None

    def run(self) -> None:
        steps = [self.create_lead, self.create_customer, self.add_batch, self.change, self.convert, self.try_nonsense]
        try:
            while not self.ended.is_set():
                call = self.dice.choices(steps, (30, 20, 8, 20, 15, 7))[0]()
                if call:
                    self.send(call)
        except BaseException as error:  # Reported where the load ends.
            self.failure = error
        finally:
            self.client.close()

    def send(self, call: Call) -> None:
        call.began = time.monotonic()
        try:
            call.answer = self.client.send(call.method, call.path, call.body, call.headers)
        except Unreachable:
            self.ended.wait(0.02)
            return
        except Unanswered:
            call.answer = None
        call.ended = time.monotonic()
        self.ledger.note(call)
        self.remember(call)
        if call.outcome is Outcome.UNKNOWN:
            self.ended.wait(0.02)

    def remember(self, call: Call) -> None:
        """Keeps what may be changed further; what is in doubt is left alone until somebody has looked."""
        if call.outcome is Outcome.REFUSED:
            return
        for _, identity in call.records:
            self.views.pop(identity, None)
            if identity in self.leads:
                self.leads.remove(identity)
        if call.answer is None or call.outcome is Outcome.UNKNOWN or call.kind in ("batch", "convert"):
            return
        (plural, identity), view = call.records[0], call.answer.json
        self.views[identity] = (plural, view)
        if plural == "leads":
            self.leads.append(identity)

    def identity(self) -> str:
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def name(self) -> str:
        return f"{self.dice.choice(NAMES)} {self.dice.randrange(10**9)}"

    def new(self, kind: str, path: str, body: dict[str, Any], records: list[tuple[str, str]], *expected: int) -> Call:
        """A POST under a key."""
        return Call(kind, "POST", path, body, records, expected, {"Idempotency-Key": self.identity()})

    def create_lead(self) -> Call:
        identity = self.identity()
        body = {"id": identity, "company_name": self.name(), "given_name": "小明", "family_name": self.name(),
                "email": f"{identity[:8]}@example.com", "tags": ["load"]}
        return self.new("create", "/leads", body, [("leads", identity)], 201)

    def create_customer(self) -> Call:
        identity = self.identity()
        body = {"id": identity, "name": self.name(), "phone": f"+86139{self.dice.randrange(10**8):08}",
                "external_ids": [{"system": "erp", "external_id": identity}]}
        return self.new("create", "/customers", body, [("customers", identity)], 201)

    def add_batch(self) -> Call:
        made = [self.identity() for _ in range(3)]
        parts = [{"action": "create", "data": {"id": identity, "family_name": self.name()}} for identity in made]
        return self.new("batch", "/contacts/batch", {"atomic": True, "operations": parts},
                        [("contacts", identity) for identity in made], 200)

    def change(self) -> Call | None:
        """Two fields at once, so that half a change would be seen."""
        if not self.views:
            return None
        identity = self.dice.choice(list(self.views))
        plural, view = self.views[identity]
        text = self.name()
        fields = ("interest", "title") if plural == "leads" else ("description", "website")
        body = {fields[0]: text, fields[1]: f"https://{self.dice.randrange(10**9)}.example.com/"}
        headers = {"If-Match": f'"{view["version"]}"'}
        return Call("change", "PATCH", f"/{plural}/{identity}", body, [(plural, identity)], (200,), headers)

    def convert(self) -> Call | None:
        if not self.leads:
            return None
        identity = self.dice.choice(self.leads)
        body = {"customer": WHOLE, "contact": WHOLE, "opportunity": {**WHOLE, "fields": {"name": self.name()}},
                "on_duplicate": "force", "duplicate_reason": "load"}
        return self.new("convert", f"/leads/{identity}/conversion", body, [("leads", identity)], 201)

    def try_nonsense(self) -> Call | None:
        """What must be refused and leave no trace: a bad value, an old version, an id that is taken."""
        if self.dice.random() < 0.4 or not self.views:
            identity = self.identity()
            return self.new("refuse", "/customers", {"id": identity, "name": ""}, [("customers", identity)], 422)
        identity = self.dice.choice(list(self.views))
        plural, view = self.views[identity]
        if self.dice.random() < 0.5:
            headers = {"If-Match": f'"{view["version"] + 7}"'}
            records = [(plural, identity)]
            return Call("refuse", "PATCH", f"/{plural}/{identity}", {"tags": ["never"]}, records, (412,), headers)
        body = {"id": identity, "company_name": "never"} if plural == "leads" else {"id": identity, "name": "never"}
        return self.new("refuse", f"/{plural}", body, [(plural, identity)], 409)
