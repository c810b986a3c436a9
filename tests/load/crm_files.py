"""Reads a folder of sales data as spreadsheets leave it: every flaw is put right where that is certain, reported where
it is not, and no row is dropped."""

import csv
import difflib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

STAGES = {"Prospecting": "open", "Engaging": "open", "Won": "won", "Lost": "lost"}
SECTORS = ["employment", "entertainment", "finance", "marketing", "medical", "retail", "services", "software",
           "technology", "telecommunications"]
COUNTRIES = {"United States": "US", "Belgium": "BE", "Brazil": "BR", "China": "CN", "France": "FR", "Germany": "DE",
             "Italy": "IT", "Japan": "JP", "Jordan": "JO", "Kenya": "KE", "Korea": "KR", "Norway": "NO", "Panama": "PA",
             "Philippines": "PH", "Poland": "PL", "Romania": "RO", "Singapore": "SG", "United Kingdom": "GB"}
DATE_FORMS = [
    ("month/day/year", re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})")),
    ("year-month-day", re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")),
    ("year/month/day", re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})")),
    ("day.month.year", re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})")),
]
NO_ACCOUNT = "Unknown account (none named in the data)"


@dataclass
class Agent:
    name: str
    manager: str | None = None
    office: str | None = None


@dataclass
class Account:
    name: str
    sector: str | None = None
    founded: str | None = None
    revenue: Decimal | None = None
    employees: int | None = None
    country: str | None = None
    parent: str | None = None


@dataclass
class Deal:
    key: str
    agent: str
    product: str
    account: str
    stage: str
    engaged_on: date | None
    closed_on: date | None
    amount: Decimal | None


@dataclass
class SalesData:
    """What the folder holds, put right, with the list of what was wrong."""

    agents: dict[str, Agent] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    products: dict[str, Decimal] = field(default_factory=dict)
    deals: list[Deal] = field(default_factory=list)
    flaws: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def report(self, flaw, place):
        self.flaws[flaw].append(place)


def rows(folder, name, data):
    """The rows of a file, without stray blanks; which line each stands on."""
    with (Path(folder) / name).open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            clean = {key: " ".join((value or "").split()) for key, value in row.items() if key}
            if any(clean[key] != (row[key] or "") for key in clean):
                data.report("blanks too many were removed", f"{name}:{number}")
            yield f"{name}:{number}", clean


def squeezed(text):
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]", "", folded)


def put_right(value, known, what, place, data):
    """The known name that a misspelt one must mean; one that resembles nothing stays as it is."""
    if not value or value in known:
        return value
    same = [name for name in known if squeezed(name) == squeezed(value)]
    near = same or difflib.get_close_matches(value, known, n=1, cutoff=0.85)
    if near:
        data.report(f"{what} '{value}' is misspelt: taken as '{near[0]}'", place)
        return near[0]
    data.report(f"{what} '{value}' is not in the list: kept as it is", place)
    return value


def parse_date(text, place, data):
    for form, pattern in DATE_FORMS:
        found = pattern.fullmatch(text)
        if found:
            if form != DATE_FORMS[0][0]:
                data.report(f"date written as {form}: understood", place)
            elif not re.fullmatch(r"\d\d/\d\d/\d{4}", text):
                data.report("date without leading zeros: understood", place)
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
    if text:
        data.report(f"'{text}' is no date: left empty", place)
    return None


def parse_amount(text, place, data):
    """An amount of dollars; signs and separators of thousands are taken off."""
    if not text:
        return None
    bare = text.replace("$", "").replace(",", "").strip()
    if bare != text:
        data.report("amount with a currency sign or separators: understood", place)
    try:
        return Decimal(bare).quantize(Decimal("0.01"))
    except InvalidOperation:
        data.report(f"'{text}' is no amount: left empty", place)
        return None


def read_agents(folder, data):
    for _, row in rows(folder, "sales_teams.csv", data):
        data.agents[row["sales_agent"]] = Agent(row["sales_agent"], row["manager"], row["regional_office"])


def read_products(folder, data):
    for place, row in rows(folder, "products.csv", data):
        data.products[row["product"]] = parse_amount(row["sales_price"], place, data)


def read_accounts(folder, data):
    for place, row in rows(folder, "accounts.csv", data):
        revenue = parse_amount(row["revenue"], place, data)
        country = put_right(row["office_location"], list(COUNTRIES), "country", place, data)
        data.accounts[row["account"]] = Account(
            name=row["account"],
            sector=put_right(row["sector"], SECTORS, "sector", place, data) or None,
            founded=row["year_established"] or None,
            revenue=revenue * 1_000_000 if revenue is not None else None,
            employees=int(row["employees"]) if row["employees"].isdigit() else None,
            country=COUNTRIES.get(country),
            parent=row["subsidiary_of"] or None,
        )
    for account in list(data.accounts.values()):
        if account.parent and account.parent not in data.accounts:
            data.report(f"parent company '{account.parent}' is not in accounts.csv: added by its name", account.name)
            data.accounts[account.parent] = Account(account.parent)


def account_of(row, place, data):
    """The account of a deal: put right, added when unknown, a placeholder when none is named."""
    if not row["account"]:
        data.report(f"deal without an account: put under '{NO_ACCOUNT}'", place)
        data.accounts.setdefault(NO_ACCOUNT, Account(NO_ACCOUNT))
        return NO_ACCOUNT
    name = row["account"]
    if name not in data.accounts:
        same = [known for known in data.accounts if squeezed(known) == squeezed(name)]
        if same:
            data.report(f"account '{name}' is misspelt: taken as '{same[0]}'", place)
            return same[0]
        data.report(f"account '{name}' is not in accounts.csv: added by its name", place)
        data.accounts[name] = Account(name)
    return name


def agent_of(row, place, data):
    name = row["sales_agent"]
    if name not in data.agents:
        data.report(f"sales agent '{name}' is not in sales_teams.csv: added without a team", place)
        data.agents[name] = Agent(name)
    return name


def read_deals(folder, data):
    seen = defaultdict(int)
    for place, row in rows(folder, "sales_pipeline.csv", data):
        key = row["opportunity_id"]
        seen[key] += 1
        if seen[key] > 1:
            data.report(f"opportunity id '{key}' is used again: kept as '{key}#{seen[key]}'", place)
            key = f"{key}#{seen[key]}"
        product = put_right(row["product"], list(data.products), "product", place, data)
        stage = put_right(row["deal_stage"], list(STAGES), "stage", place, data)
        amount = parse_amount(row["close_value"], place, data)
        is_open = STAGES.get(stage, "open") == "open"
        if amount is None and is_open and product in data.products:
            data.report("open deal without a value: the list price of its product is expected", place)
            amount = data.products[product]
        deal = Deal(key, agent_of(row, place, data), product, account_of(row, place, data), stage,
                    parse_date(row["engage_date"], place, data), parse_date(row["close_date"], place, data), amount)
        if deal.engaged_on and deal.closed_on and deal.closed_on < deal.engaged_on:
            data.report("deal closed before it was engaged: kept as it is", place)
        if not is_open and deal.closed_on is None:
            data.report("closed deal without a closing date: kept without one", place)
        data.deals.append(deal)


def read_folder(folder):
    """Everything in the folder. Fails when a file is missing; a flaw inside one is reported, not fatal."""
    data = SalesData()
    read_agents(folder, data)
    read_products(folder, data)
    read_accounts(folder, data)
    read_deals(folder, data)
    return data
