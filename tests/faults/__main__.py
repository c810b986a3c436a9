"""Runs the faults:  python3 -m faults [--short] [--seed N] [--databases SQLite,PostgreSQL] [--report FILE] [FAMILY …]

Every case prints one line. The same seed breaks at the same places, as far as the machine's timing lets it. --report
writes the figures into a page, of the families that were run as a whole. The last line counts: N passed, M failed.
"""

import argparse
import contextlib
import importlib
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

import rig

from . import case, report

FAMILIES = ("kills", "restarts", "drain", "syscalls", "full", "power", "files", "migrations", "sharing", "clients", "clock",
            "readers")


def can(need: str) -> str:
    """Why something that a case needs is not to be had; nothing if it is."""
    if need == "mount":
        return "" if os.geteuid() == 0 and Path("/dev/loop-control").exists() else "mounting wants root and loop devices"
    return "" if shutil.which(need) else f"{need} is not installed (tools/setup faults)"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    parser.add_argument("--short", action="store_true", help="the part that make test takes")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time_ns() % 10**9))
    parser.add_argument("--databases", default=",".join(case.BOTH), help="SQLite, PostgreSQL or both")
    parser.add_argument("--report", type=Path, help="the page whose tables of the families that pass are written anew")
    parser.add_argument("--only", default="", help="a part of the titles to run")
    asked = parser.parse_args()
    if asked.report and (asked.short or asked.only or os.environ.get("SCALE") or asked.databases != ",".join(case.BOTH)):
        parser.error("--report is for whole families: not with --short, --only, --databases or SCALE")
    unknown = set(asked.families) - set(FAMILIES)
    if unknown:
        parser.error(f"there is no family {', '.join(unknown)}; there are {', '.join(FAMILIES)}")
    return asked


def chosen(asked: argparse.Namespace) -> list[tuple[case.Case, str]]:
    """Each case with each of its databases, in the order of the families."""
    for family in FAMILIES:
        importlib.import_module(f"faults.{family}")
    databases = asked.databases.split(",")
    return [(found, database) for found in case.CASES for database in found.databases
            if database in databases and (not asked.families or found.family in asked.families)
            and (database in found.short or not asked.short) and asked.only in found.title]


def attempt(found: case.Case, trial: case.Trial) -> report.Result:
    """Runs one case, and prints what came of it."""
    began, figures, problem = time.monotonic(), case.Figures(), ""
    try:
        found.run(trial, figures)
    except case.Wrong as wrong:
        problem = str(wrong)
    except Exception as error:  # A case that breaks is a failure like any other, and the rest goes on.
        problem = f"{error!r}\n{traceback.format_exc(limit=-6)}"
    result = report.Result(found, trial.database, figures, problem, time.monotonic() - began)
    print(result.line(), flush=True)
    if problem:
        print(f"{problem}\n  again: SEED={trial.seed} make faults FAMILIES={found.family}", flush=True)
    return result


def run(asked: argparse.Namespace, folder: Path) -> int:
    cases = chosen(asked)
    left_out: dict[str, list[str]] = {}
    print(f"SEED={asked.seed}", flush=True)
    results: list[report.Result] = []
    with contextlib.ExitStack() as stack:
        needs_cluster = any(database == case.POSTGRES for _, database in cases)
        cluster = stack.enter_context(rig.Cluster(folder / "cluster")) if needs_cluster else None
        for found, database in cases:
            reasons = [reason for reason in map(can, found.needs) if reason]
            if reasons:
                left_out.setdefault(found.family, []).append(f"{database}: {found.title} ({'; '.join(reasons)})")
                continue
            place = folder / f"case-{len(results)}"
            place.mkdir(mode=0o711)
            results.append(attempt(found, case.Trial(database, asked.short, asked.seed, place, cluster)))
            shutil.rmtree(place, ignore_errors=True)
    failed = [result for result in results if result.problem]
    omitted = [told for of_family in left_out.values() for told in of_family]
    for told in omitted:
        print(f"- left out: {told}")
    if asked.report:
        report.write(asked.report, FAMILIES, results, left_out, asked.seed)
    print(f"{len(omitted)} left out" if omitted else "nothing was left out")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return int(bool(failed) or not results)


def main() -> int:
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Many connections at once, here and in the server.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with rig.folder() as folder:
        return run(asked, folder)


if __name__ == "__main__":
    sys.exit(main())
