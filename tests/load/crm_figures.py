"""Compares what Rapport holds and reports with what the files say."""

from collections import defaultdict
from decimal import Decimal

from crm_files import STAGES
from crm_load import SYSTEM, deal_fields


class Comparison:
    """Counts what agrees and prints what does not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, wanted, found):
        if wanted == found:
            self.passed += 1
        else:
            self.failed += 1
            print(f"  ✗ {what}: the files say {wanted}, Rapport says {found}")


def figures_of_files(data):
    """Per agent: won, lost, won total. Per open stage: count, amount."""
    agents = {name: {"won": 0, "lost": 0, "total": Decimal(0)} for name in data.agents}
    stages = {name: {"count": 0, "amount": Decimal(0)} for name, category in STAGES.items() if category == "open"}
    for deal in data.deals:
        category = STAGES[deal.stage]
        if category == "open":
            stages[deal.stage]["count"] += 1
            stages[deal.stage]["amount"] += deal.amount or 0
            continue
        agents[deal.agent][category] += 1
        if category == "won":
            agents[deal.agent]["total"] += deal.amount or 0
    return agents, stages


def amount_of(group):
    return sum((Decimal(each["amount"]) for each in group["sums"] if each["currency"] == "USD"), Decimal(0))


def figures_of_rapport(api, loaded):
    """The same, as the summary endpoint computes them."""
    users = {user: name for name, user in loaded.users.items()}
    agents = defaultdict(lambda: {"won": 0, "lost": 0, "total": Decimal(0)})
    ask = {"pipeline_id": loaded.pipeline, "sum": "amount"}
    for group in api.get("/opportunities/summary", group_by="owner_id,category", **ask)["data"]:
        name, category = users.get(group["key"]["owner_id"], "?"), group["key"]["category"]
        if category in ("won", "lost"):
            agents[name][category] = group["count"]
        if category == "won":
            agents[name]["total"] = amount_of(group)
    names = {stage: name for name, stage in loaded.stages.items()}
    stages = {names[group["key"]["stage_id"]]: {"count": group["count"], "amount": amount_of(group)}
              for group in api.get("/opportunities/summary", group_by="stage_id", **ask)["data"]}
    return agents, stages


def win_rate(agent):
    closed = agent["won"] + agent["lost"]
    return f"{100 * agent['won'] / closed:.1f} %" if closed else "none closed"


def compare_figures(api, data, loaded, comparison):
    agents, stages = figures_of_files(data)
    agents_there, stages_there = figures_of_rapport(api, loaded)
    print(f"  {'agent':24} {'won total':>14} {'win rate':>12}")
    for name, agent in sorted(agents.items(), key=lambda item: -item[1]["total"]):
        print(f"  {name:24} {agent['total']:>14,.2f} {win_rate(agent):>12}")
        comparison.check(f"won total of {name}", agent["total"], agents_there[name]["total"])
        comparison.check(f"win rate of {name}", win_rate(agent), win_rate(agents_there[name]))
        comparison.check(f"closed deals of {name}", agent["won"] + agent["lost"],
                         agents_there[name]["won"] + agents_there[name]["lost"])
    for name, stage in stages.items():
        print(f"  open in {name:16} {stage['count']:>6} deals {stage['amount']:>16,.2f}")
        comparison.check(f"open pipeline in {name}", stage, stages_there.get(name))


def as_sent(record):
    """A record of the API in the words of `deal_fields`."""
    fields = ("name", "customer_id", "owner_id", "pipeline_id", "stage_id", "amount", "engaged_on", "closed_on", "tags",
              "lost_reason", "lost_note")
    return {name: record.get(name) for name in fields if record.get(name) is not None}


def compare_records(api, data, loaded, comparison):
    """Every single deal, field by field: nothing lost, nothing added."""
    there = {}
    for record in api.list_all("/opportunities", pipeline_id=loaded.pipeline):
        for link in record["external_ids"]:
            if link["system"] == SYSTEM:
                there[link["external_id"]] = as_sent(record)
    comparison.check("number of opportunities", len(data.deals), len(there))
    wrong = [deal.key for deal in data.deals if deal_fields(deal, loaded) != there.get(deal.key)]
    comparison.check("opportunities that differ", [], wrong[:20])
    for key in wrong[:3]:
        deal = next(deal for deal in data.deals if deal.key == key)
        print(f"    {key}: sent {deal_fields(deal, loaded)}\n    {' ' * len(key)}   is {there.get(key)}")
