#!/usr/bin/env python3
"""Loads a folder of sales data into a running Rapport, through its public API only, and checks the result.

    tests/load/load_crm.py FOLDER --url http://127.0.0.1:8080 --email admin@example.com --password rapport-demo

The folder holds accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv. Every flaw in them is reported and
no row is lost. The load is done twice (--once: once): the second run must change nothing. Then won total and win rate
per agent and the open pipeline per stage, as Rapport reports them, must equal those computed from the files. Ends with
a status other than 0 when anything differs.
"""

import argparse
import os
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from crm_api import Api, Refused  # noqa: E402
from crm_figures import Comparison, compare_figures, compare_records  # noqa: E402
from crm_files import read_folder  # noqa: E402
from crm_load import load_all  # noqa: E402

SMALL = Path(__file__).resolve().parent / "small"
ORDINALS = ("first", "second")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SMALL, help="default: a small set of the project's own")
    parser.add_argument("--url", default=os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080"))
    parser.add_argument("--email", default="admin@example.com")
    parser.add_argument("--password", default=os.environ.get("RAPPORT_PASSWORD", "rapport-demo"))
    parser.add_argument("--once", action="store_true", help="load once, without the proof that a second run is idle")
    return parser.parse_args()


def print_flaws(data):
    print(f"read {len(data.agents)} agents, {len(data.accounts)} accounts, {len(data.products)} products, "
          f"{len(data.deals)} opportunities; flaws found:")
    for flaw, places in sorted(data.flaws.items(), key=lambda item: -len(item[1])):
        print(f"  {len(places):6} × {flaw} (first: {places[0]})")
    if not data.flaws:
        print("  none")


def run_once(api, data, ordinal, comparison):
    began = time.monotonic()
    loaded = load_all(api, data)
    done = loaded.done
    print(f"{ordinal} run: {done['created']} created, {done['updated']} updated, {done['unchanged']} unchanged "
          f"({time.monotonic() - began:.1f} s)")
    if ordinal == ORDINALS[1]:
        comparison.check("created by the second run", 0, done["created"])
        comparison.check("updated by the second run", 0, done["updated"])
    return loaded


def check_replay(api, comparison):
    """The same request under the same key acts once and answers the same."""
    key, name = str(uuid.uuid4()), f"Replayed {uuid.uuid4()}"
    first, _ = api.post("/customers", {"name": name}, key)
    second, headers = api.post("/customers", {"name": name}, key)
    comparison.check("id of a replayed creation", first["id"], second["id"])
    comparison.check("header of a replayed creation", "true", headers.get("Idempotent-Replayed"))
    api.call("DELETE", f"/customers/{first['id']}")


def main():
    options = arguments()
    data = read_folder(options.folder)
    print_flaws(data)
    api, comparison = Api(options.url, options.email, options.password), Comparison()
    try:
        api.sign_in()
        for ordinal in ORDINALS[:1 if options.once else 2]:
            loaded = run_once(api, data, ordinal, comparison)
        compare_figures(api, data, loaded, comparison)
        compare_records(api, data, loaded, comparison)
        check_replay(api, comparison)
    except Refused as refusal:
        sys.exit(f"error: {refusal}")
    print(f"{comparison.passed} passed, {comparison.failed} failed")
    return int(comparison.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
