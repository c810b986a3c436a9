"""Texts that mean something to somebody else – SQL, templates, terminals, readers of JSON – at every place of the contract
where a text may stand. What was written reads back as it was sent, or was refused; no other record is touched.
"""

import decimal
import re
import unicodedata
import urllib.parse

import languages
from contract import at
from world import NOBODY, OWNED, SECRET

TEXTS = [
    "' OR '1'='1", "'; DROP TABLE customers; --", "\" OR \"\"=\"", "1); DELETE FROM users; --", "%' OR 1=1 --", "%", "_", "%_%", "\\",
         "\\'", "''", "`id`", "$(id)", "${7*7}", "{{7*7}}",
    "<%= 7*7 %>", "#{7*7}", "%s%s%n", "{0}", "$1", ":name", "?", "?1", "@me", "@today", "null", "NULL", "true", "undefined", "NaN", "-1",
         "0x7f", "1e309", "__proto__", "constructor",
    "../../etc/passwd", "file:///etc/passwd", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "=1+1",
         "+1", "@SUM(1)", "|calc", "a\u202eb", "a\u200bb",
    "\u0430dmin", "e\u0301", "\ufeffx", "\U0001f4a9", "\u2028", "ﬀ", "İ", "ß", "a\u0300" * 30, "x' AND name ~ 'y",
         "name = 'x' OR id IS NOT NULL", "a,b", "a AND b", "a*", "\"a\" NEAR \"b\"", "-a", "a:b",
    "(a", "a'b:*", "!a & b", "a\\", "~0~1/", "${jndi:ldap://x}", "a b", "\x7f", "a\tb", "a\r\nX-Injected: yes", "a\n{\"level\":\"ERROR\"}",
         "\x1b[31mred", "a\0b", "\ud800",
]
# Places whose text is not kept as it came, on purpose: an address in small letters, a number in its international form.
REWRITTEN = re.compile(r"phone|email|website|domain|country|language|currency|password|key$|time_zone|tax_id|code$")
OTHERS = {"filter", "q", "sort", "fields", "include", "cursor", "count", "limit", "group_by", "sum", "types", "all", "If-Match",
          "If-None-Match", "Idempotency-Key"}
EACH = 4


class Rotation:
    """All texts after one another over all places, some for each: every place has SQL, and every text many places."""

    def __init__(self):
        self.next = 0

    def some(self):
        first = [TEXTS[0], TEXTS[5]]
        for _ in range(EACH):
            first.append(TEXTS[self.next % len(TEXTS)])
            self.next += 1
        return first


def is_sendable(text):
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


class Injection:
    """All texts at all places, in turn."""

    def __init__(self, target, world, contract):
        self.target, self.world, self.contract, self.rotation = target, world, contract, Rotation()
        victim = world.add_user("victim", "viewer")
        team = world.make("/teams", {"name": f"Gate {world.word}"})
        self.ids = {"users": victim["id"], "teams": team["id"], "roles": world.role["id"], "pipelines": world.pipeline["id"],
                    "assignment-rules": world.rule["id"], "scoring-rules": world.scoring["id"], "pools": world.pool["id"], "jobs": world.job["id"],
                    "activity-templates": world.template["id"], "files": world.file["id"]}

    def names(self, operation):
        """What a path is filled with while something else is attacked."""
        record = self.world.ids.get((operation.plural, "admin")) or self.ids.get(operation.plural, NOBODY)
        key = {"sources": "website", "lead-statuses": "working"}.get(operation.plural, "none")
        return {"id": record, "system": "gate", "external_id": f"injected-{self.world.word}", "key": key,
                "stage_id": self.world.stages["open"], "type": "lead"}

    def parameters(self):
        """Every parameter of the path, the query and the head."""
        for operation in self.contract.operations:
            if operation.is_open or operation.id in ("logout", "endMyOtherSessions"):
                continue
            for parameter in operation.parameters:
                if self.contract.resolve(parameter.get("schema", {})).get("type") not in ("integer", "boolean"):
                    for text in filter(is_sendable, self.rotation.some()):
                        self.parameter(operation, parameter, text)

    def parameter(self, operation, parameter, text):
        names, sent, headers = self.names(operation), f"?{operation.question}", {"If-Match": '"0"'} if operation.is_change else {}
        quoted = urllib.parse.quote(text, safe="")
        if parameter["in"] == "path":
            names[parameter["name"]] = quoted
        elif parameter["in"] == "query":
            needed = "" if operation.question.startswith(f"{parameter['name']}=") else operation.question
            sent = f"?{parameter['name']}={quoted}&{needed}".rstrip("&")
        else:
            # What no head may hold is refused before anybody reads it: wire.py.
            headers[parameter["name"]] = re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", " ", text).encode()
        # What would act is refused for its version, or for what it says, after the text has been read.
        body = None if operation.example is None else {"no_such_field": 1} if operation.is_change else {"limit": 1}
        answer = self.target.send(operation.method, operation.place(names) + sent.rstrip("?"), self.world.admin, body, headers)
        what = f"{operation.id}: {parameter['in']} {parameter['name']} = {text[:40]!r}"
        is_answered = answer.status < 300 or 400 <= answer.status < 500
        self.target.check(what, is_answered and "X-Injected" not in answer.headers, answer)
        if parameter["in"] == "query" and operation.plural in OWNED and parameter["name"] not in OTHERS and means_nothing(text):
            rows = [row for row in answer.json.get("data") or [] if row.get("count") != 0]
            self.target.check(f"{what} matches nothing", not rows, answer)

    def bodies(self):
        """Every text of every body that makes or changes a record or a piece of configuration."""
        for operation in self.contract.operations:
            if operation.is_open or not operation.example or operation.id in ("changePassword", "createApiKey", "updateMe"):
                continue
            for place in dict.fromkeys(self.contract.texts(operation.body)):
                for text in self.rotation.some() + (TEXTS[-2:] if operation.plural in OWNED else []):
                    self.body(operation, place, text)

    def body(self, operation, place, text):
        body = self.fitting(operation, place, self.contract.body_with(operation, place, text))
        answer = self.target.send(operation.method, operation.place(self.names(operation)), self.world.admin, body)
        what, is_done = f"{operation.id}: body {place} = {text[:40]!r}", answer.status in (200, 201, 202)
        self.target.check(what, is_done or 400 <= answer.status < 500, answer)
        is_kept = operation.is_change and not operation.id.startswith("batch") and not REWRITTEN.search(str(place[-1] or place[-2]))
        if is_done and is_kept:
            kept = at(answer.json, place)
            self.target.check(f"{what} reads back", kept is None or same(kept, text), f"{kept!r}: {answer}")
        if answer.status == 201 and operation.id.startswith("create") and operation.plural not in OWNED:
            self.clear_away(operation, answer.json)

    def fitting(self, operation, place, body):
        """The body, with ids that there are in place of the examples'."""
        if operation.id in ("createOpportunity", "upsertOpportunity") and place != ("customer_id",):
            body["customer_id"] = self.world.ids[("customers", "admin")]
        if operation.id in ("createAssignmentRule", "dryRunAssignmentRule") and "user_ids" not in place:
            (body if operation.id.startswith("create") else body["rule"])["user_ids"] = [self.world.people["admin"]["id"]]
        if operation.id == "convertLeads" and "filter" not in place:
            body = {name: value for name, value in body.items() if name != "filter"} | {"ids": [NOBODY]}
        if operation.plural == "pools" and "team_id" not in place:
            body["team_id"] = self.world.free_team if operation.id.startswith("create") else self.world.pool["team"]["id"]
        if operation.plural in ("users", "teams"):
            own = {"name": "Gate", "email": f"x{self.world.word}@example.com", "role_ids": [], "password": SECRET}
            known = ("name",) if operation.plural == "teams" else ("name", "email", "role_ids", "is_active")
            body = {name: value if name == place[0] else own.get(name, value) for name, value in body.items()
                    if name in known or name == place[0]}
        return body

    def clear_away(self, operation, made):
        """Configuration has limits; what an attack has made must not keep the next one from being made."""
        if operation.plural == "users":
            self.target.send("PATCH", f"/users/{made['id']}", self.world.admin, {"email": f"gone.{made['id']}@example.com"})
        else:
            name = made["key"] if operation.plural in ("sources", "lead-statuses") else made["id"]
            self.target.send("DELETE", f"{operation.place(self.names(operation))}/{name}", self.world.admin)


def means_nothing(text):
    """Whether a value is no word of the short filters."""
    return not text.startswith(("@", "null", "NULL"))


def same(kept, text):
    """Spaces around a text go, and its letters are composed (NFC); an amount is given all the decimals of its currency. Nothing
    else is done to it."""
    text = unicodedata.normalize("NFC", text.strip())
    return not isinstance(kept, str) or kept in (text, text.replace("\r\n", "\n")) or is_same_amount(kept, text)


def is_same_amount(kept, text):
    is_amount = all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in (kept, text))
    return is_amount and decimal.Decimal(kept) == decimal.Decimal(text)


def run(target, world, contract):
    people = world.read("/users?limit=200")["data"]
    beside = [f"/{plural}/{world.ids[(plural, 'sales')]}" for plural in OWNED]
    versions = [world.read(path)["version"] for path in beside]
    languages.run(target, world)
    injection = Injection(target, world, contract)
    injection.parameters()
    injection.bodies()
    target.check("records beside the injected ones are as they were", versions == [world.read(path)["version"] for path in beside])
    now = {user["id"]: user["version"] for user in world.read("/users?limit=200")["data"]}
    target.check("so are the people", all(now.get(user["id"]) == user["version"] for user in people))
    print(f"── injection: {injection.rotation.next} texts at every place of the contract", flush=True)
