"""The clock jumps: hours forward, hours back, and on again (libfaketime)."""

import os
import time
from pathlib import Path

import rig

from .case import Figures, Trial, Wrong, case, must_be_empty

JUMPS = ("+3h", "-3h", "+40d", "+0")


def library() -> str:
    """Debian's libfaketime, wherever this machine's architecture has it."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise Wrong("libfaketime is not installed")
    return str(found[0])


@case("the clock jumps forward and back", needs=("faketime",))
def jumps(trial: Trial, figures: Figures) -> None:
    now = trial.new_folder() / "now"
    now.write_text("+0\n")
    fake = {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(now), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    with trial.world() as world:
        world.program.environment.update(fake)
        # After forty days a deal has stood too long in its stage.
        world.ledger.by_the_clock = ("stale",)
        with world.serve() as server:
            if set(os.environ) & set(fake):
                raise Wrong("this process itself must keep its clock")
            for jump in JUMPS:
                with world.load(server) as load:
                    load.wait_for(15)
                    now.write_text(f"{jump}\n")
                    time.sleep(0.05)
                    load.wait_for(15)
                figures.runs += 1
                world.must_be_whole(server)
                check_sign_in(server, jump)
        with world.serve() as server:
            must_be_empty(world.judge(server))
        figures.note(f"{', '.join(JUMPS)}: signing in works after each, versions and events stay in order")
        world.end(figures)


def check_sign_in(server: rig.Server, jump: str) -> None:
    client = server.sign_in()
    if client.send("GET", "/me").status != 200:
        raise Wrong(f"after {jump} a new session does not hold")
