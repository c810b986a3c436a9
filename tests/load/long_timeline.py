#!/usr/bin/env python3
"""Reads the timeline of a customer with very many activities, on the server at RAPPORT_URL (PYTHONPATH=tests):

    tests/load/long_timeline.py [--activities 50000] [--reads 200]

Every activity must be shown once, the newest first, over all pages. How long a page takes is printed: the first, one in the middle and the
last, beside that of a customer whose whole story is one page.
"""

import argparse
import datetime
import os
import statistics
import sys
import time
import urllib.parse

import rig
from crm_api import BATCH, PAGE, Api

URL = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080")
PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
BEGAN = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
SHOWN = 25
KINDS = ("call", "email", "meeting", "visit", "message", "note")


class Story:
    """Two customers, one with a long story and one with a short one."""

    def __init__(self, activities, reads):
        self.tally, self.activities, self.reads = rig.Tally(), activities, reads
        self.api = Api(URL, "sales@example.com", PASSWORD)
        self.api.sign_in()
        self.busy, self.quiet = (self.api.post("/customers", {"name": name})[0]["id"] for name in ("Busy Ltd.", "Quiet Ltd."))
        self.cursors = {}

    def write(self):
        """Something of every kind, one each quarter of an hour."""
        began = time.monotonic()
        for start in range(0, self.activities, BATCH):
            numbers = range(start, min(start + BATCH, self.activities))
            self.send([self.activity(number, self.busy) for number in numbers])
        took = time.monotonic() - began
        self.send([self.activity(number, self.quiet) for number in range(SHOWN)])
        return f"{self.activities} activities in {took:.0f} s, {self.activities / took:.0f}/s"

    def send(self, activities):
        operations = [{"action": "create", "data": activity} for activity in activities]
        answer, _ = self.api.post("/activities/batch", {"atomic": True, "operations": operations})
        refused = [result for result in answer["results"] if result.get("problem")]
        assert not refused, refused[0]

    def activity(self, number, customer):
        at = BEGAN + datetime.timedelta(minutes=15 * number)
        return {"kind": KINDS[number % len(KINDS)], "name": str(number), "happened_at": at.isoformat(),
                "about": [{"type": "customer", "id": customer}]}

    def walk(self):
        """All pages: nothing twice, nothing missing, nothing out of order."""
        path, cursor, pages, before = f"/customers/{self.busy}/timeline", None, 0, None
        names = []
        while True:
            page = self.api.get(path, limit=PAGE, **({"cursor": cursor} if cursor else {}))
            for entry in page["data"]:
                assert before is None or entry["at"] <= before, f"{entry['at']} comes after {before}"
                before = entry["at"]
                if entry.get("activity"):
                    names.append(int(entry["activity"]["name"]))
            pages += 1
            following = page["page"].get("next_cursor")
            if not following:
                break
            cursor = self.cursors["the last"] = following
            if len(names) <= self.activities // 2:
                self.cursors["in the middle"] = following
        assert names == list(range(self.activities))[::-1], f"{len(names)} of {self.activities} are shown, or not in order"
        return f"{pages} pages, {self.activities} activities once each"

    def times(self):
        """What a page takes, one after another, all places in turn."""
        long = f"/customers/{self.busy}/timeline"
        places = {"the only one": (f"/customers/{self.quiet}/timeline", {}), "the first": (long, {}),
                  **{name: (long, {"cursor": cursor}) for name, cursor in self.cursors.items()},
                  "calls only": (long, {"kind": "call"})}
        client = rig.Client(urllib.parse.urlsplit(URL).netloc, self.api.token)
        taken = {name: [] for name in places}
        for _ in range(self.reads):
            for name, (path, query) in places.items():
                began = time.monotonic()
                client.get(f"{path}?{urllib.parse.urlencode({'limit': SHOWN, **query})}")
                taken[name].append((time.monotonic() - began) * 1000)
        return "; ".join(f"{name} {statistics.median(each):.1f} ms (slowest of a hundred {percentile(each):.1f})"
                         for name, each in taken.items())


def percentile(each):
    return sorted(each)[int(len(each) * 0.99)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activities", type=int, default=50_000)
    parser.add_argument("--reads", type=int, default=200)
    options = parser.parse_args()
    story = Story(options.activities, options.reads)
    story.tally.run("a long story is written", story.write)
    story.tally.run("every activity is shown once", story.walk)
    story.tally.run("pages", story.times)
    return story.tally.end()


if __name__ == "__main__":
    sys.exit(main())
