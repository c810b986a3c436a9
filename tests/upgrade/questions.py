"""What is asked of a database of an earlier release, and how the answers are compared with those that release gave."""

import json
from typing import Any, Iterator

from rig import Client, Server
from story import ADMIN, PARTNER, SALES

KINDS = ("customers", "contacts", "leads", "opportunities")
# What is different at another time, or wherever it is asked.
PASSING = frozenset({"deleted_at", "purge_at", "expires_at", "last_used_at", "last_sign_in_at", "next_cursor", "cursor", "trace",
                     "request_id"})
SEARCHES = ("海岳", "hyyq", "haiyue", "云杉", "1188", "sun.le", "olsen", "jinggong", "müller", "東京", "重复", "1002")
FILTERS = {
    "customers": ("tags HAS ANY ('重点')", "name ~ '海岳'", "contacts ANY (wechat IS NOT NULL)"),
    "leads": ("status_category = 'converted'", "source = 'fair'"),
    "opportunities": ("amount > 90000", "customer.parent.name ~ '集团'"),
}
SETTINGS = ("users", "teams", "roles", "sources", "lead-statuses", "pipelines", "api-keys", "access/matrix", "me", "trash",
            "users/directory")


def ask(server: Server, keys: dict[str, str]) -> dict[str, Any]:
    """Every answer by the question: as the administrator, as people who see less, and with an API key."""
    admin = server.sign_in(*ADMIN)
    answers = {f"admin {path}": body for path, body in everything(admin)}
    for name, person in [("sales", SALES), ("partner", PARTNER)]:
        client = server.sign_in(*person)
        answers |= {f"{name} /{kind}": names(client.get(f"/{kind}?limit=200&sort=created_at")) for kind in KINDS}
    reports = server.client(keys["报表"])
    answers["key /customers"] = names(reports.get("/customers?limit=200&sort=created_at"))
    answers["key, a wrong one"] = server.client(keys["报表"][:-2] + "xx").send("GET", "/customers").status
    answers["key that may not read"] = names(server.client(keys["网站表单"]).get("/customers"))
    return answers


def everything(admin: Client) -> Iterator[tuple[str, Any]]:
    """The records with their histories, the lists, sums and searches, and the settings."""
    for kind in KINDS:
        rows = admin.get(f"/{kind}?limit=200&sort=created_at&count=exact")
        yield f"/{kind}", names(rows)
        for row in rows["data"]:
            for path in [f"/{kind}/{row['id']}", f"/{kind}/{row['id']}/history"]:
                yield path, admin.get(path)
    for path in summaries(admin):
        yield path, admin.get(path)
    for kind, filters in FILTERS.items():
        for text in filters:
            yield f"/{kind} where {text}", names(admin.get(f"/{kind}?sort=created_at&filter={quoted(text)}"))
    for word in SEARCHES:
        hits = admin.get(f"/search?q={quoted(word)}&limit=20")["data"]
        yield f"/search {word}", sorted(f"{hit['type']} {hit['name']}" for hit in hits)
    for path in SETTINGS:
        yield f"/{path}", admin.get(f"/{path}")


def summaries(admin: Client) -> Iterator[str]:
    """Sums, the board of each pipeline, and what only one type has."""
    for kind in KINDS:
        yield f"/{kind}/summary"
    yield "/opportunities/summary?group_by=stage_id&sum=amount"
    yield "/leads/summary?group_by=status"
    for pipeline in admin.get("/pipelines")["data"]:
        yield f"/opportunities/board?pipeline_id={pipeline['id']}"
    for row in admin.get("/customers?limit=200")["data"]:
        yield f"/customers/{row['id']}/lifecycle"
    for row in admin.get("/opportunities?limit=200")["data"]:
        yield f"/opportunities/{row['id']}/stages"


def quoted(word: str) -> str:
    return "".join(f"%{byte:02X}" for byte in word.encode())


def names(page: dict[str, Any]) -> dict[str, Any]:
    """Of a list: who is in it, in its order, and how many there are."""
    return {"rows": [[row["number"], row["name"], row["version"]] for row in page["data"]], "meta": page.get("meta")}


def differences(expected: Any, actual: Any, at: str = "") -> list[str]:
    """What of the expected answer is not in the actual one. A later release may say more, never less or something else.

    Built-in roles follow the program: what they allowed they allow, and what is new they may allow too.
    """
    if at.endswith(("/grants", "/permissions", "/access/matrix/text")):
        now = actual.splitlines() if isinstance(actual, str) else actual
        then = expected.splitlines() if isinstance(expected, str) else expected
        return [f"{at} lacks {part}" for part in then if part not in now]
    if isinstance(expected, dict) and isinstance(actual, dict):
        if actual.get("is_builtin"):
            expected = {name: value for name, value in expected.items() if name not in ("version", "updated_at")}
        found = [f"{at}/{name} is missing" for name in expected.keys() - actual.keys() - PASSING]
        both = sorted((expected.keys() & actual.keys()) - PASSING)
        return found + [text for name in both for text in differences(expected[name], actual[name], f"{at}/{name}")]
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return [f"{at} has {len(actual)} entries instead of {len(expected)}"]
        return [text for n, pair in enumerate(zip(expected, actual)) for text in differences(*pair, f"{at}/{n}")]
    shown = [json.dumps(value, ensure_ascii=False)[:200] for value in (expected, actual)]
    return [] if expected == actual else [f"{at} was {shown[0]} and is {shown[1]}"]
