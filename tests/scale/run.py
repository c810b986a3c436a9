#!/usr/bin/env python3
"""Several nodes of the real program on one PostgreSQL, a standby, and a fail-over:  PYTHONPATH=tests tests/scale/run.py

RAPPORT_BIN says where the binary is. `--only WORD` runs the checks whose name has the word in it.
"""

import sys
from functools import partial
from pathlib import Path
from typing import Callable

import events
import failover
import lifecycle
import people
import rig
import standby
import writes
from nodes import Nodes

Check = Callable[..., str | None]

OVER_TWO_NODES: list[Check] = [
    people.sessions_are_shared, people.endings_act_everywhere, people.refreshing_never_forks, people.changed_roles_act_at_once,
    people.api_keys_are_shared, people.wrong_passwords_are_counted_together, people.rates_are_counted_by_each_node,
    writes.a_key_has_one_effect, writes.of_two_changes_one_is_told, writes.one_pipeline_is_the_default,
    writes.an_administrator_remains, writes.a_lead_is_converted_once, writes.jobs_convert_each_lead_once, writes.leads_are_given_evenly,
    writes.what_is_due_is_told_once, writes.pooled_customers_are_claimed_once, writes.cursors_hold_on_every_node, events.a_reader_of_events_goes_on_at_any_node,
    lifecycle.keys_are_renewed, lifecycle.tidied_together,
]
OVER_A_CLUSTER: list[Check] = [lifecycle.started_together, lifecycle.migrated_together, lifecycle.migrated_while_another_serves,
                  lifecycle.one_is_killed]
# What must hold as well when reads come from a standby that is late.
OVER_A_STANDBY: list[Check] = [people.sessions_are_shared, people.endings_act_everywhere, people.changed_roles_act_at_once,
                  people.api_keys_are_shared, writes.of_two_changes_one_is_told, writes.cursors_hold_on_every_node,
                  events.a_reader_of_events_goes_on_at_any_node]


class Checks:
    """Runs checks whose name is wanted."""

    def __init__(self, only: str):
        self.tally, self.only = rig.Tally(), only

    def run(self, check: Check, *given: object, where: str = "") -> None:
        name = check.__name__.replace("_", " ") + where
        if self.only in name:
            self.tally.run(name, partial(check, *given))


def two_nodes(checks: Checks, folder: Path) -> None:
    with rig.Cluster(folder / "postgres", rig.HASTY) as cluster:
        with Nodes(cluster.new_place(), folder) as nodes:
            for check in OVER_TWO_NODES:
                checks.run(check, nodes)
        for check in OVER_A_CLUSTER:
            checks.run(check, cluster, folder)


def with_standby(checks: Checks, folder: Path) -> None:
    with standby.Pair(folder) as pair:
        place = pair.primary.new_place()
        with Nodes(place, folder, pair.environment(place)) as nodes:
            standby.until_standby_serves(nodes)
            pair.delay(standby.DELAY)
            checks.run(standby.nobody_reads_less, nodes, pair)
            for check in OVER_A_STANDBY:
                checks.run(check, nodes, where=", reads from a standby that is late")
            pair.delay("0")
            checks.run(standby.every_read_runs_on_a_standby, nodes)
            checks.run(standby.a_standby_that_stands_still, nodes, pair)
            checks.run(standby.a_standby_that_is_away, nodes, pair)
        checks.run(failover.the_standby_takes_over, pair, folder)


def main() -> int:
    checks = Checks(sys.argv[2] if sys.argv[1:2] == ["--only"] else "")
    with rig.folder() as folder:
        two_nodes(checks, folder)
        with_standby(checks, folder)
    return checks.tally.end()


if __name__ == "__main__":
    sys.exit(main())
