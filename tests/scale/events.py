"""Streams of events over two nodes: what one has told, the other goes on from."""

import collections
import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor

import rig
from nodes import Nodes

WRITERS, EACH, PATIENCE = 8, 30, 30.0
# The second is refused, and what the first has written goes with it: its number in the feed is lost.
REFUSED = {"atomic": True, "operations": [{"action": "create", "data": {"company_name": "云杉"}}, {"action": "create", "data": {}}]}


class Reader:
    """Asks the nodes by turns for what has happened since it asked the other."""

    def __init__(self, nodes: Nodes, token: str):
        self.clients = itertools.cycle([nodes.a.client(token), nodes.b.client(token)])
        self.place, self.answers = "", 0
        self.heard: collections.Counter[str] = collections.Counter()

    def ask(self) -> None:
        since = f"&last_event_id={self.place}" if self.place else ""
        answer = next(self.clients).send("GET", f"/events?follow=false{since}")
        assert answer.status == 200, answer.body
        self.answers += 1
        for message in answer.body.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in message.splitlines())
            assert fields.get("event") in (None, "ready"), message
            self.place = fields.get("id", self.place)
            if "data" in fields and "event" not in fields:
                self.heard[json.loads(fields["data"])["record_id"]] += 1


def a_reader_of_events_goes_on_at_any_node(nodes: Nodes) -> str:
    """Both nodes are written to, some of it in vain; whoever asks them by turns hears of everything."""
    token = nodes.a.sign_in().token
    reader = Reader(nodes, token)
    reader.ask()

    def write(n: int) -> list[str]:
        client = (nodes.a, nodes.b)[n % 2].client(token)
        return [made for turn in range(EACH) for made in one(client, turn)]

    def one(client: rig.Client, turn: int) -> list[str]:
        if turn % 5 == 4:
            client.expect(422, "POST", "/leads/batch", REFUSED)
            return []
        return [client.expect(201, "POST", "/leads", {"company_name": f"云杉 {turn}"})["id"]]

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, n) for n in range(WRITERS)]
        while not all(writer.done() for writer in writing):
            reader.ask()
    made = {lead for writer in writing for lead in writer.result()}
    deadline = time.monotonic() + PATIENCE
    while (missing := made - reader.heard.keys()) and time.monotonic() < deadline:
        reader.ask()
    assert not missing, f"{len(missing)} of {len(made)} changes were never told"
    again = sum(reader.heard[lead] - 1 for lead in made)
    return f"{len(made)} changes in {reader.answers} answers, {again} told again"
