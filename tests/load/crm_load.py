"""Puts sales data into Rapport through its public API: teams, people, a pipeline, customers, opportunities."""

import hashlib
import re
import secrets
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from crm_files import STAGES

SYSTEM = "crm-sales"
PIPELINE = "CRM sales opportunities"
LOST_NOTE = "No reason is given in sales_pipeline.csv."
CURRENCY = "USD"


@dataclass
class Loaded:
    """What stands in Rapport after a run, and what the run had to do for it."""

    users: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    pipeline: str = ""
    done: Counter = field(default_factory=Counter)

    def count(self, kind, what, number=1):
        self.done[what] += number
        self.done[f"{kind} {what}"] += number


def money(amount):
    return None if amount is None else {"amount": f"{amount:.2f}", "currency": CURRENCY}


def address_for(name):
    """A unique, made-up e-mail address for a person of the files."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    local = re.sub(r"[^a-z0-9]+", ".", ascii_name).strip(".")
    if len(ascii_name) < len(name):
        local = f"{local or 'agent'}.{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"{local}@crm-sales.example"



def ensure(found, loaded, kind, key, create):
    """What is already there under that key, or what `create` makes."""
    if key in found:
        loaded.count(kind, "unchanged")
    else:
        found[key] = create()
        loaded.count(kind, "created")
    return found[key]


def load_teams(api, data, loaded):
    """A team for each regional office and, under it, one for each manager. Gives back `{manager: team id}`."""
    found = {(team["name"], team.get("parent_id")): team["id"] for team in api.list_all("/teams")}

    def team(name, parent=None):
        body = {"name": name, "parent_id": parent}
        return ensure(found, loaded, "teams", (name, parent), lambda: api.post("/teams", body)[0]["id"])

    pairs = sorted({(a.office, a.manager) for a in data.agents.values() if a.manager and a.office})
    offices = {office: team(f"Sales {office}") for office in sorted({office for office, _ in pairs})}
    return {manager: team(f"{office}: {manager}", offices[office]) for office, manager in pairs}


def load_users(api, data, loaded):
    """Managers first, since the agents report to them."""
    teams = load_teams(api, data, loaded)
    roles = {role["key"]: role["id"] for role in api.list_all("/roles")}
    found = {user["email"]: user["id"] for user in api.list_all("/users")}

    def user(name, role, team, manager):
        body = {"name": name, "email": address_for(name), "role_ids": [roles[role]], "team_id": team,
                "manager_id": manager, "password": secrets.token_urlsafe(18)}
        return ensure(found, loaded, "users", body["email"], lambda: api.post("/users", body)[0]["id"])

    for manager in sorted(teams):
        loaded.users[manager] = user(manager, "manager", teams[manager], None)
    for agent in data.agents.values():
        loaded.users[agent.name] = user(agent.name, "sales", teams.get(agent.manager), loaded.users.get(agent.manager))


def load_pipeline(api, loaded):
    found = {pipeline["name"]: pipeline for pipeline in api.list_all("/pipelines")}
    chances = {"Prospecting": 20, "Engaging": 50, "Won": 100, "Lost": 0}
    body = {"names": {"en": PIPELINE}, "stages": [
        {"names": {"en": name}, "category": category, "probability": chances[name]} for name, category in STAGES.items()]}
    pipeline = ensure(found, loaded, "pipelines", PIPELINE, lambda: api.post("/pipelines", body)[0])
    loaded.pipeline = pipeline["id"]
    loaded.stages = {stage["name"]: stage["id"] for stage in pipeline["stages"]}


def customer_fields(account, customers):
    """The fields that the file knows; what it does not know is not touched."""
    fields = {
        "name": account.name,
        "industry": account.sector,
        "employees": account.employees,
        "annual_revenue": money(account.revenue),
        "address": {"country": account.country} if account.country else None,
        "parent_id": customers.get(account.parent),
        "description": f"Established in {account.founded}." if account.founded else None,
        "tags": [SYSTEM],
    }
    return {name: value for name, value in fields.items() if value is not None}


def waves(accounts):
    """The accounts, parents before their subsidiaries."""
    placed = {None}
    left = dict(accounts)
    while left:
        wave = [account for account in left.values() if account.parent in placed] or list(left.values())
        yield wave
        placed |= {account.name for account in wave}
        for account in wave:
            del left[account.name]


def deal_fields(deal, loaded):
    fields = {
        "name": f"{deal.product} · {deal.account}"[:200],
        "customer_id": loaded.customers[deal.account],
        "owner_id": loaded.users[deal.agent],
        "pipeline_id": loaded.pipeline,
        "stage_id": loaded.stages[deal.stage],
        "amount": money(deal.amount),
        "engaged_on": deal.engaged_on and deal.engaged_on.isoformat(),
        "closed_on": deal.closed_on and deal.closed_on.isoformat(),
        "tags": [deal.product],
    }
    if STAGES[deal.stage] == "lost":
        fields |= {"lost_reason": "other", "lost_note": LOST_NOTE}
    return {name: value for name, value in fields.items() if value is not None}


def known(api, resource, **query):
    """`{external id: (id, version)}` of what an earlier run has left."""
    records = api.list_all(f"/{resource}", fields="id,version,external_ids", **query)
    return {link["external_id"]: (record["id"], record["version"])
            for record in records for link in record["external_ids"] if link["system"] == SYSTEM}


def upsert(api, loaded, kind, records, before):
    """Upserts and counts by comparing versions with those from before the run."""
    results = api.upsert(kind, SYSTEM, records)
    for name, result in results.items():
        old = before.get(name)
        what = "created" if old is None else "unchanged" if old == (result["id"], result["version"]) else "updated"
        loaded.count(kind, what)
    return {name: result["id"] for name, result in results.items()}


def load_all(api, data):
    """One run. Everything is looked up or upserted by its name in the files, so that a second run finds it all."""
    loaded = Loaded()
    load_users(api, data, loaded)
    load_pipeline(api, loaded)
    before = known(api, "customers")
    for wave in waves(data.accounts):
        records = {account.name: customer_fields(account, loaded.customers) for account in wave}
        loaded.customers |= upsert(api, loaded, "customers", records, before)
    before = known(api, "opportunities", pipeline_id=loaded.pipeline)
    upsert(api, loaded, "opportunities", {deal.key: deal_fields(deal, loaded) for deal in data.deals}, before)
    return loaded
