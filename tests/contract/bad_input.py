"""Bad requests against the server at RAPPORT_URL: each is refused with its own status, code and place, in a complete
problem document, and changes nothing. Part of `make contract`.
"""

import json
import sys
import uuid

from asking import JSON, NOBODY, must, query, send, sign_in
from bad_rules import rules, scoring

OWNED = ("customers", "contacts", "leads", "opportunities", "activities")
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}


class World:
    """Whoever signs in, and what is there before the bad requests come."""

    def __init__(self):
        self.admin, self.sales, self.viewer = sign_in("admin"), sign_in("sales"), sign_in("viewer")
        other = sign_in("sales2")
        word = uuid.uuid4().hex[:8]
        self.customer = self.make(self.admin, "customers", {"name": f"Bad Input {word}"})
        self.contact = self.make(self.admin, "contacts", {"family_name": f"Input{word}"})
        self.lead = self.make(self.admin, "leads", {"company_name": f"Bad Input Lead {word}"})
        self.hidden = self.make(other, "leads", {"company_name": f"Hidden {word}"})
        self.deal = self.make(self.admin, "opportunities", {"name": f"Deal {word}", "customer_id": self.customer})
        self.key = f"bad-input-{word}"
        must(send("POST", "/customers", self.admin, {"name": f"Keyed {word}"}, {"Idempotency-Key": self.key}), 201)
        self.cursor = must(send("GET", "/customers?limit=1", self.admin), 200)["page"]["next_cursor"]
        pipelines = must(send("GET", "/pipelines", self.admin), 200)["data"]
        stages = next(pipeline for pipeline in pipelines if pipeline["is_default"])["stages"]
        self.seller = must(send("GET", "/me", self.sales), 200)["id"]
        self.rule = {"name": f"Bad Input {word}", "strategy": "user", "is_active": False, "user_ids": [self.seller]}
        self.rule_id = self.make(self.admin, "assignment-rules", self.rule)
        self.scoring = {"name": f"Bad Input {word}", "kind": "property", "is_active": False, "points": 5, "condition": "region = x"}
        self.scoring_id = self.make(self.admin, "scoring-rules", self.scoring)
        self.pool = next(pool["id"] for pool in must(send("GET", "/pools", self.admin), 200)["data"] if pool["is_default"])
        self.lost = next(stage["id"] for stage in stages if stage["category"] == "lost")

    def make(self, who, plural, body):
        return must(send("POST", f"/{plural}", who, body), 201)["id"]

    def state(self):
        """How many of each there are, which was changed last, the rules and the organisation."""
        found = []
        for plural in OWNED:
            page = must(send("GET", f"/{plural}?limit=1&count=exact&fields=id,version,updated_at", self.admin), 200)
            found.append((plural, page["meta"]["total"], page["data"]))
        return [*found, *(send("GET", path, self.admin).text for path in ("/assignment-rules", "/scoring-rules", "/pools", "/organisation"))]


class Cases:
    """Runs bad requests and counts."""

    def __init__(self, world):
        self.world, self.before = world, world.state()
        self.passed = self.failed = 0

    def refuse(self, what, expected, method, path, body=None, who=None, headers=None):
        """`expected` is (status, code) or (status, code, place of the first fault)."""
        answer = send(method, path, self.world.admin if who is None else who, body, headers)
        found = self.found(answer)
        faults = self.faults(answer)
        if found[:len(expected)] != tuple(expected):
            faults.append(f"expected {expected}")
        if self.world.state() != self.before:
            faults.append("something was changed")
            self.before = self.world.state()
        if faults:
            self.failed += 1
            print(f"✗ {what}: {method} {path[:120]} → {found}: {'; '.join(faults)}\n    {answer.text[:400]}")
        else:
            self.passed += 1

    @staticmethod
    def found(answer):
        problem = answer.json if isinstance(answer.json, dict) else {}
        first = (problem.get("errors") or [{}])[0]
        return answer.status, problem.get("code"), first.get("pointer", first.get("parameter")), first.get("code")

    @staticmethod
    def faults(answer):
        """What is wrong with the form of a refusal."""
        problem, faults = answer.json if isinstance(answer.json, dict) else {}, []
        if answer.headers.get("Content-Type") != "application/problem+json":
            faults.append(f"content type {answer.headers.get('Content-Type')}")
        if MEMBERS - problem.keys():
            faults.append(f"lacks {sorted(MEMBERS - problem.keys())}")
        if problem.get("status") != answer.status or problem.get("request_id") != answer.headers.get("X-Request-Id"):
            faults.append("status or request id differ from the answer's")
        return faults


def bodies(cases, world):
    """What is no JSON, too large, too deep or of another kind."""
    broken = {
        "nothing": b"", "half an object": b'{"name":"a"', "a bare word": b"nul", "two values": b'{"name":"a"} x',
        "bytes that are no UTF-8": b'{"name":"\xff\xfe"}', "a raw NUL": b'{"name":"a\0"}',
        "a lone surrogate": b'{"name":"\\ud800"}', "a reversed pair": b'{"name":"\\udc00\\ud800"}',
        "deep nesting": b'{"name":' + b"[" * 50_000 + b"]" * 50_000 + b"}", "NaN": b'{"employees":NaN}',
    }
    for what, body in broken.items():
        cases.refuse(what, (400, "malformed_json"), "POST", "/customers", body)
        cases.refuse(what, (400, "malformed_json"), "PATCH", f"/customers/{world.customer}", body)
    for method, path in (("POST", "/customers"), ("PATCH", f"/customers/{world.customer}")):
        cases.refuse("NUL", (422, "validation_failed"), method, path, b'{"name":"a\\u0000b"}')
        cases.refuse("a list for an object", (422, "validation_failed"), method, path,
                     {"name": "a", "annual_revenue": ["12.00", "CNY"]})
    cases.refuse("a list", (422, "validation_failed"), "POST", "/customers", [])
    cases.refuse("a list", (422, "validation_failed"), "POST", "/customers/search", [None, None])
    cases.refuse("no new owner", (422, "validation_failed", "/owner_id", "required"), "POST", f"/customers/{world.customer}/transfer", {})
    cases.refuse("a list as patch", (422, "validation_failed"), "PATCH", f"/customers/{world.customer}", [1])
    huge = {"name": "x" * (10 << 20)}
    for method, path in [("POST", "/customers"), ("PATCH", f"/leads/{world.lead}"), ("POST", "/leads/batch")]:
        cases.refuse("ten megabytes", (413, "body_too_large"), method, path, huge)
    cases.refuse("plain text", (415, "unsupported_media_type"), "POST", "/leads", b"{}", headers={"Content-Type": "text/plain"})
    cases.refuse("a form", (415, "unsupported_media_type"), "POST", "/leads", b"a=b",
                 headers={"Content-Type": "application/x-www-form-urlencoded"})


def fields(cases, world):
    """Unknown and read-only fields, wrong types, texts and numbers beyond their limits."""
    customer, lead, deal = f"/customers/{world.customer}", f"/leads/{world.lead}", f"/opportunities/{world.deal}"
    for name in ("nmae", "number", "version", "created_at", "lifecycle", "constructor", "a/b~c"):
        place = "/" + name.replace("~", "~0").replace("/", "~1")
        fault = (422, "validation_failed", place, "unknown_field")
        cases.refuse("an unknown field", fault, "POST", "/customers", {"name": "x", name: 1})
        cases.refuse("an unknown field", fault, "PATCH", customer, {name: 1})
    wrong = {"name": 7, "tags": "vip", "address": "Shanghai", "employees": "many", "annual_revenue": "12", "owner_id": "me",
             "level": "Z", "kind": "robot", "external_ids": {}, "parent_id": 0}
    for name, value in wrong.items():
        fault = (422, "validation_failed", f"/{name}")
        cases.refuse("a wrong type", fault, "POST", "/customers", {"name": "x"} | {name: value})
        cases.refuse("a wrong type", fault, "PATCH", customer, {name: value})
    beyond = {"name": "x" * 201, "employees": 10_000_001, "description": "x" * 10_001, "tags": ["x" * 300]}
    beyond |= {"tags": [f"tag{n}" for n in range(1000)], "external_ids": [{"system": "s", "external_id": "x" * 201}]}
    for name, value in beyond.items():
        cases.refuse("beyond its limit", (422, "validation_failed"), "PATCH", customer, {name: value})
    for value in (-1, 1.5, 10**30):
        cases.refuse("no count", (422, "validation_failed", "/employees"), "PATCH", customer, {"employees": value})
    for value in ("a\nb", "a\u0007b", "", "   "):
        cases.refuse("no line of text", (422, "validation_failed", "/name"), "PATCH", customer, {"name": value})
    for value in (-1, 101, 50.5, "50"):
        cases.refuse("no probability", (422, "validation_failed", "/probability"), "PATCH", deal, {"probability": value})
    cases.refuse("nothing to call it by", (422, "validation_failed"), "POST", "/leads", {"source": "website"})
    cases.refuse("a required field cleared", (422, "validation_failed", "/name"), "PATCH", customer, {"name": None})
    cases.refuse("no such e-mail", (422, "validation_failed", "/email"), "PATCH", lead, {"email": "at nowhere"})


def values(cases, world):
    """Dates that never were, amounts that cannot be, references to nothing."""
    deal, lead, contact = f"/opportunities/{world.deal}", f"/leads/{world.lead}", f"/contacts/{world.contact}"
    for date in ("2026-02-30", "26-01-01", "10000-01-01", "2025-02-29", "2026-13-01", "0000-00-00", "20260101", "tomorrow", "2026-01-01T00:00:00Z", 5):
        cases.refuse("an impossible date", (422, "validation_failed", "/expected_close_on"), "PATCH", deal,
                     {"expected_close_on": date})
        cases.refuse("an impossible date", (422, "validation_failed", "/revisit_on"), "PATCH", lead, {"revisit_on": date})
    for month, day in ((2, 30), (13, 1), (4, 31), (0, 0)):
        cases.refuse("an impossible birthday", (422, "validation_failed"), "PATCH", contact,
                     {"birthday": {"month": month, "day": day, "year": None}})
    money = lambda amount, currency="CNY": {"amount": {"amount": amount, "currency": currency}}  # noqa: E731
    for amount in ("1e5", "NaN", "1,000.00", "", "１２", "9" * 40, "0.001", 12, 12.5, None, "--1"):
        cases.refuse("an impossible amount", (422, "validation_failed"), "PATCH", deal, money(amount))
    for currency in ("XYZ", "cny", "", "CNYY", 156):
        cases.refuse("an impossible currency", (422, "validation_failed"), "PATCH", deal, money("1.00", currency))
    references = {"customer_id": deal, "primary_contact_id": deal, "owner_id": deal, "source": deal, "status": lead}
    for name, path in references.items():
        value = "no_such_word" if name in ("source", "status") else NOBODY
        cases.refuse("a reference to nothing", (422, "validation_failed", f"/{name}"), "PATCH", path, {name: value})
    cases.refuse("moving by patch", (422, "use_move"), "PATCH", deal, {"stage_id": world.lost})
    cases.refuse("a move to nowhere", (422, "validation_failed", "/stage_id"), "POST", f"{deal}/move", {"stage_id": NOBODY})
    cases.refuse("converting by patch", (422, "use_conversion"), "PATCH", lead, {"status": "converted"})


def lists(cases, world):
    """Parameters, cursors, sort orders and filters."""
    cases.refuse("a cursor of another list", (400, "cursor_mismatch"), "GET", query("/leads", cursor=world.cursor))
    cases.refuse("a cursor of another order", (400, "cursor_mismatch"), "GET", query("/customers", cursor=world.cursor, sort="name"))
    cases.refuse("a cursor of another filter", (400, "cursor_mismatch"), "GET", query("/customers", cursor=world.cursor, q="x"))
    for cursor in ("x", "", world.cursor[:-2], world.cursor[:-3] + "AAA", "A" * 5000):
        cases.refuse("no cursor", (400,), "GET", query("/customers", cursor=cursor))
    for limit in ("0", "201", "-1", "x", "1.5", "9" * 30, ""):
        cases.refuse("no limit", (400, "limit_invalid", "limit"), "GET", query("/customers", limit=limit))
    for sort in ("nothing", "password_hash", "name,-name", "name;drop table users", "name,number,created_at,updated_at"):
        cases.refuse("no order", (400, "sort_invalid", "sort"), "GET", query("/customers", sort=sort))
    for name in ("colour", "password_hash", "name_key", "owner.password_hash"):
        cases.refuse("an unknown filter", (400, "unknown_field"), "GET", query("/customers", **{name: "x"}))
        cases.refuse("an unknown filter", (400, "unknown_field"), "GET", query("/customers", filter=f"{name} = 'x'"))
        cases.refuse("an unknown filter", (400, "unknown_field"), "POST", "/customers/search",
                     {"filter": {"field": name, "op": "eq", "value": "x"}})
    for text in ("name =", "= 1", "(name = 'x'", "name = 'x", "name LIKE 'x'", "number = 'x' AND", "created_at > 'yesterday'",
                 "number = 1 OR", "owner_id = 'x'", "'; DROP TABLE customers; --"):
        cases.refuse("no filter", (400, "filter_invalid", "filter"), "GET", query("/customers", filter=text))
    for text in (" OR ".join(["number = 1"] * 51), "NOT (" * 40 + "number = 1" + ")" * 40,
                 f"number IN ({','.join(map(str, range(201)))})"):
        cases.refuse("too much of a filter", (400, "filter_too_complex"), "GET", query("/customers", filter=text))
    nested = {"field": "number", "op": "eq", "value": 1}
    for _ in range(40):
        nested = {"not": nested}
    cases.refuse("too deep a filter", (400, "filter_too_complex"), "POST", "/customers/search", {"filter": nested})
    cases.refuse("a filter of another form", (400, "filter_invalid"), "POST", "/customers/search", {"filter": [1]})
    for parameters in ({"fields": "id,nmae"}, {"include": "nobody"}, {"fields": "password_hash"}):
        cases.refuse("no such member", (400, "unknown_field"), "GET", query("/customers", **parameters))
    cases.refuse("no such count", (400, "parameter_invalid", "count"), "GET", query("/customers", count="all"))
    cases.refuse("NUL in a query", (400, "parameter_invalid"), "GET", "/customers?q=%00")
    cases.refuse("too many words", (400, "parameter_invalid", "q"), "GET", query("/customers", q="x" * 201))
    cases.refuse("words twice", (400, "parameter_invalid", "q"), "GET", "/customers?q=a&q=b")
    cases.refuse("no such type", (400, "parameter_invalid", "types"), "GET", query("/search", q="x", types="users"))
    cases.refuse("no words", (400, "parameter_invalid", "q"), "GET", "/search")
    cases.refuse("no such group", (400, "parameter_invalid", "group_by"), "GET", query("/customers/summary", group_by="nothing"))


def notifications(cases, world):
    """Mentions of people who are not there or do not see it, reminders that make no sense, lines that are nobody's, settings that say nothing."""
    about = [{"type": "lead", "id": world.lead}]
    for user, code in ((NOBODY, "mention_unknown"), (world.seller, "mention_not_visible")):
        note = {"kind": "note", "body": f"@[Somebody](user:{user})", "about": about}
        cases.refuse("who cannot be named", (422, "validation_failed", "/body", code), "POST", "/activities", note)
    crowd = "".join(f"@[x](user:01900000-0000-7000-8000-{n:012x})" for n in range(51))
    cases.refuse("too many are named", (422, "validation_failed", "/body", "too_long"), "POST", "/activities", {"kind": "note", "body": crowd})
    for reminder in ({"kind": "note", "reminder_at": "2030-01-01T00:00:00Z"}, {"kind": "task", "reminder_at": "9999-12-31T00:00:00Z"}):
        cases.refuse("no reminder", (422, "validation_failed", "/reminder_at", "invalid_value"), "POST", "/activities", reminder)
    cases.refuse("nobody's line", (404, "not_found"), "PATCH", f"/me/notifications/{NOBODY}", {"is_read": True})
    cases.refuse("nobody's line", (422, "validation_failed", "/up_to", "not_found"), "POST", "/me/notifications/read", {"up_to": NOBODY})
    for parameters in ({"state": "gone"}, {"kind": "stale"}, {"unread": "maybe"}):
        cases.refuse("no list", (400, "parameter_invalid", next(iter(parameters))), "GET", query("/me/notifications", **parameters))
    for settings, place in (({"digest": "weekly"}, "/digest"), ({"digest_at": "24:00"}, "/digest_at"), ({"kinds": {"stale": {}}}, "/kinds/stale"),
                            ({"quiet_hours": {"start": "22:00", "end": "22:00"}}, "/quiet_hours/end")):
        cases.refuse("no settings", (422, "validation_failed", place), "PUT", "/me/notification-settings", settings)


def at_hand(cases, world):
    """Favourites that are no records one sees, and notes that say nothing, too much, or nothing one may refer to."""
    for place in (f"lead/{NOBODY}", f"user/{NOBODY}", f"leads/{world.lead}", "lead/no-id"):
        cases.refuse("no favourite", (404, "not_found"), "PUT", f"/me/favourites/{place}")
    cases.refuse("somebody else's", (404, "not_found"), "PUT", f"/me/favourites/lead/{world.hidden}", who=world.sales)
    for note, place, code in (({}, "/body", "required"), ({"body": " "}, "/body", "required"), ({"body": "x" * 2001}, "/body", "too_long"),
                              ({"body": "x", "colour": "red"}, "/colour", "invalid_value"), ({"body": "x", "id": None}, "/id", "invalid_value"),
                              ({"body": "x", "about": {"type": "lead", "id": NOBODY}}, "/about/id", "not_found"),
                              ({"body": "x", "about": {"type": "note", "id": NOBODY}}, "/about/type", "invalid_value")):
        cases.refuse("no note", (422, "validation_failed", place, code), "POST", "/me/sticky-notes", note)
    for method in ("PATCH", "DELETE"):
        cases.refuse("nobody's note", (404, "not_found"), method, f"/me/sticky-notes/{NOBODY}", {} if method == "PATCH" else None)


def jobs(cases, world):
    """Conversions of leads that are not named, too many, or hidden, by plans that make no sense; jobs that are nobody's."""
    plan, path = {"customer": "create"}, "/leads/conversions"
    for body, place, code in (
            ({"plan": plan}, "/ids", "required"), ({"ids": [], "plan": plan}, "/ids", "required"), ({"filter": " ", "plan": plan}, "/ids", "required"),
            ({"ids": [NOBODY] * 10001, "plan": plan}, "/ids", "too_long"), ({"ids": [NOBODY], "plan": plan}, "/ids", "invalid_value"),
            ({"ids": [world.lead], "q": "x", "plan": plan}, "/ids", "invalid_value"), ({"ids": ["x"], "plan": plan}, "/ids/0", "invalid_value"),
            ({"ids": [world.lead], "plan": {}}, "/plan/customer", "required"), ({"ids": [world.lead]}, "/plan/customer", "required"),
            ({"ids": [world.lead], "plan": {"opportunity": "create"}}, "/plan/customer", "required"),
            ({"ids": [world.lead], "plan": {"customer": "link"}}, "/plan/customer", "invalid_value"),
            ({"ids": [world.lead], "plan": plan | {"on_duplicate": "force"}}, "/plan/duplicate_reason", "required"),
            ({"ids": [world.lead], "plan": plan | {"owner_id": NOBODY}}, "/plan/owner_id", "not_found"),
            ({"ids": [world.lead], "plan": plan, "atomic": True}, "/atomic", "unknown_field")):
        cases.refuse("no conversion of many", (422, "validation_failed", place, code), "POST", path, body)
    cases.refuse("somebody else's", (422, "validation_failed", "/ids", "invalid_value"), "POST", path, {"ids": [world.hidden], "plan": plan}, who=world.sales)
    cases.refuse("no field to filter by", (400, "unknown_field"), "POST", path, {"filter": "nonsense = 1", "plan": plan})
    cases.refuse("who may not", (403, "forbidden"), "POST", path, {"ids": [world.lead], "plan": plan}, who=world.viewer)
    for place in (NOBODY, "no-id"):
        for method, rest in (("GET", ""), ("GET", "/items"), ("POST", "/cancel")):
            cases.refuse("nobody's job", (404, "not_found"), method, f"/jobs/{place}{rest}")
    for name, value in (("status", "done"), ("all", "perhaps")):
        cases.refuse("no list", (400, "parameter_invalid", name), "GET", query("/jobs", **{name: value}))
    cases.refuse("no cursor", (400, "cursor_invalid"), "GET", query("/jobs", cursor="x"))
    cases.refuse("no state", (400, "parameter_invalid", "state"), "GET", query(f"/jobs/{NOBODY}/items", state="gone"))
    cases.refuse("everybody's", (403, "forbidden"), "GET", "/jobs?all=true", who=world.sales)


def files(cases, world):
    """Files that lie, run, are empty or too large; names that deceive; attachments that are nobody's or somebody else's."""
    octets = {"Content-Type": "application/octet-stream"}
    html, program = b"<!doctype html><script>alert(1)</script>", b"MZ\x90\0\x03\0\0\0" + bytes(64)
    for name, content, code in (("a.png", html, "file_type_mismatch"), ("a.pdf", b"PK\3\4" + bytes(40), "file_type_mismatch"),
                                ("a.csv", bytes(99), "file_type_mismatch"), ("a.pdf", program, "file_type_refused"),
                                ("fdp.a\u202e", program, "file_type_refused"), ("a.pdf.exe", b"x", "file_type_refused"),
                                ("a.txt", b"", "file_empty")):
        cases.refuse("no such file", (422, code), "POST", query("/files", name=name), content, headers=octets)
    cases.refuse("said to be a picture", (422, "file_type_mismatch"), "POST", query("/files", name="a", type="image/png"), html, headers=octets)
    cases.refuse("too large", (413, "body_too_large"), "POST", "/files?name=a", bytes(25 * 2**20 + 1), headers=octets)
    cases.refuse("no name", (400, "parameter_invalid", "name"), "POST", "/files", b"x", headers=octets)
    cases.refuse("no plain bytes", (415, "unsupported_media_type"), "POST", "/files?name=a", {})
    cases.refuse("who may not", (403, "forbidden"), "POST", "/files?name=a", b"x", who=world.viewer, headers=octets)
    theirs = must(send("POST", "/files?name=a.txt", world.sales, b"theirs", octets), 201)["id"]
    for path in (f"/files/{theirs}", f"/files/{theirs}/content", f"/files/{NOBODY}", "/files/no-id"):
        cases.refuse("a file that is hidden", (404, "not_found"), "GET", path)
    cases.refuse("a file that is hidden", (404, "not_found"), "DELETE", f"/files/{theirs}")
    for ids, place, code in (([theirs], "/attachments/0", "not_found"), ([NOBODY], "/attachments/0", "not_found"),
                             ([NOBODY] * 21, "/attachments", "too_long"), ("x", "/attachments", "invalid_value"),
                             (["x"], "/attachments/0", "invalid_value")):
        cases.refuse("no attachments", (422, "validation_failed", place, code), "POST", "/activities", {"kind": "note", "attachments": ids})
    must(send("DELETE", f"/files/{theirs}", world.sales), 204)


def templates(cases, world):
    """Templates with places that nobody can fill, for kinds that are none, of somebody else's."""
    path, good = "/activity-templates", {"name": "x", "kind": "call"}
    for changes, place, code in (
            ({"name": " "}, "/name", "required"), ({"kind": "letter"}, "/kind", "invalid_value"), ({"kind": None}, "/kind", "invalid_value"),
            ({"subject": "{{customer.phone}}"}, "/subject", "placeholder_unknown"), ({"body": "{{ }}"}, "/body", "placeholder_unknown"),
            ({"follow_up_days": 1, "follow_up_name": "{{Today}}"}, "/follow_up_name", "placeholder_unknown"),
            ({"follow_up_name": "x"}, "/follow_up_days", "required"), ({"follow_up_days": -1}, "/follow_up_days", "invalid_value"),
            ({"duration_minutes": 10**9}, "/duration_minutes", "invalid_value"),
            ({"kind": "note", "direction": "inbound"}, "/direction", "invalid_value"), ({"body": "x" * 10_001}, "/body", "too_long"),
            ({"position": 1001}, "/position", "invalid_value"), ({"owner_id": NOBODY}, "/owner_id", "unknown_field")):
        cases.refuse("no template", (422, "validation_failed", place, code), "POST", path, good | changes)
    cases.refuse("for everybody", (403, "forbidden"), "POST", path, good | {"is_shared": True}, who=world.sales)
    cases.refuse("who may not", (403, "forbidden"), "POST", path, good, who=world.viewer)
    theirs = must(send("POST", path, world.sales, good | {"name": f"Bad Input {uuid.uuid4().hex}"}), 201)["id"]
    for method, place, body in (("GET", "", None), ("PATCH", "", {"name": "y"}), ("DELETE", "", None), ("POST", "/preview", {})):
        for template in (theirs, NOBODY):
            cases.refuse("somebody else's", (404, "not_found"), method, f"{path}/{template}{place}", body)
    cases.refuse("it stays whose it is", (422, "validation_failed", "/is_shared"), "PATCH", f"{path}/{theirs}", {"is_shared": True},
                 who=world.sales)
    for about, place, code in (([{"type": "lead", "id": world.hidden}], "/about/0/id", "not_found"),
                               ([{"type": "user", "id": NOBODY}], "/about/0/type", "invalid_value")):
        cases.refuse("what is hidden fills nothing", (422, "validation_failed", place, code), "POST", f"{path}/{theirs}/preview",
                     {"about": about}, who=world.sales)
    must(send("DELETE", f"{path}/{theirs}", world.sales), 204)


def pools(cases, world):
    """Customer pools with numbers that are none, people who may not, and customers that are not as they are thought to be."""
    path = f"/pools/{world.pool}"
    for changes, place, code in [
            ({"nmae": "x"}, "/nmae", "unknown_field"), ({"is_active": False}, "/is_active", "invalid_value"),
            ({"team_id": NOBODY}, "/team_id", "invalid_value"), ({"release": {"no_activity_days": 0}}, "/release/no_activity_days", "invalid_value"),
            ({"release": {"not_won_days": 10**9}}, "/release/not_won_days", "invalid_value"), ({"release": 7}, "/release", "invalid_value"),
            ({"warn_days": 91}, "/warn_days", "invalid_value"), ({"owned_cap": -1}, "/owned_cap", "invalid_value"),
            ({"claims_per_day": 10**12}, "/claims_per_day", "invalid_value"), ({"cooldown_days": 1.5}, "/cooldown_days", "invalid_value")]:
        cases.refuse("no change of a pool", (422, "validation_failed", place, code), "PATCH", path, changes)
    cases.refuse("no team", (422, "validation_failed", "/team_id", "required"), "POST", "/pools", {"name": "x"})
    cases.refuse("no such team", (422, "validation_failed", "/team_id", "not_found"), "POST", "/pools", {"name": "x", "team_id": NOBODY})
    cases.refuse("the default pool stays", (409, "in_use"), "DELETE", path)
    cases.refuse("no pool", (404, "not_found"), "DELETE", f"/pools/{NOBODY}")
    cases.refuse("who may not", (403, "forbidden"), "POST", "/pools", {"name": "x"}, who=world.sales)
    customer = f"/customers/{world.customer}"
    cases.refuse("somebody has it", (409, "already_owned"), "POST", f"{customer}/claim")
    cases.refuse("somebody has it", (409, "already_owned"), "POST", f"{customer}/allot", {"owner_id": NOBODY})
    cases.refuse("who may not", (403, "forbidden"), "POST", f"{customer}/claim", who=world.viewer)
    cases.refuse("somebody else's", (404, "not_found"), "POST", f"{customer}/claim", who=world.sales)
    cases.refuse("no reason", (422, "validation_failed", "/reason", "required"), "POST", f"{customer}/release", {"reason": " "})
    cases.refuse("no pool", (422, "validation_failed", "/pool_id", "not_found"), "POST", f"{customer}/release", {"reason": "x", "pool_id": NOBODY})
    cases.refuse("what is over", (422, "validation_failed", "/until", "invalid_value"), "POST", f"{customer}/lock", {"until": "2001-01-01T00:00:00Z"})
    cases.refuse("a stale version", (412, "version_conflict"), "POST", f"{customer}/lock", {"until": None}, headers={"If-Match": '"99"'})


def handovers(cases, world):
    """Handovers to people, pools and nobody where that cannot be, of what nobody may hand over, and customers that take along what there is not."""
    path, me = f"/users/{world.seller}/handovers", must(send("GET", "/me", world.admin), 200)["id"]
    to = {"user_ids": [me]}
    for body, place, code in [
            ({"customers": {}}, "/customers/user_ids", "required"), ({"customers": to | {"nobody": True}}, "/customers", "invalid_value"),
            ({"customers": {"nobody": True}}, "/customers/nobody", "invalid_value"), ({"leads": {"pool_id": world.pool}}, "/leads/pool_id", "invalid_value"),
            ({"customers": {"pool_id": NOBODY}}, "/customers/pool_id", "not_found"), ({"tasks": {"user_ids": [NOBODY]}}, "/tasks/user_ids/0", "not_found"),
            ({"leads": {"user_ids": [me, me]}}, "/leads/user_ids/1", "duplicate"), ({"leads": {"user_ids": [me] * 10_000}}, "/leads/user_ids", "too_long"),
            ({"contacts": {"user_ids": [world.seller]}}, "/contacts/user_ids/0", "invalid_value"), ({"contacts": 7}, "/contacts", "invalid_value"),
            ({"reports_to": world.seller}, "/reports_to", "invalid_value"), ({"assignment_rules_to": NOBODY}, "/assignment_rules_to", "not_found"),
            ({"everything": to}, "/everything", "unknown_field"), ({"customers": to | {"share": 0.5}}, "/customers/share", "unknown_field"),
            ({"deactivate": "yes"}, "/deactivate", "invalid_value"), ({"reason": "x" * 501}, "/reason", "too_long"), ([], "", None)]:
        cases.refuse("no handover", (422, "validation_failed", place) + ((code,) if code else ()), "POST", path, body)
    cases.refuse("nothing at all", (409, "nothing_to_hand_over"), "POST", path, {})
    cases.refuse("who may not", (403, "forbidden"), "POST", path, {"customers": to}, who=world.sales)
    cases.refuse("nobody leaves", (404, "not_found"), "POST", f"/users/{NOBODY}/handovers", {"customers": to})
    for method, place in (("GET", ""), ("GET", "/items"), ("POST", "/undo")):
        cases.refuse("no handover", (404, "not_found"), method, f"/handovers/{NOBODY}{place}")
        cases.refuse("who may not", (403, "forbidden"), method, f"/handovers/{NOBODY}{place}", who=world.sales)
    transfer = f"/customers/{world.customer}/transfer"
    for cascade, place, code in (({"leads": "all"}, "/cascade/leads", "unknown_field"), ({"tasks": "mine"}, "/cascade/tasks", "invalid_value"),
                                 ("all", "/cascade", "invalid_value")):
        cases.refuse("nothing goes along", (422, "validation_failed", place, code), "POST", transfer, {"owner_id": world.seller, "cascade": cascade})
    cases.refuse("nobody to follow", (422, "validation_failed", "/cascade", "invalid_value"), "POST", transfer,
                 {"owner_id": None, "cascade": {"contacts": "all"}})
    cases.refuse("nobody to follow", (400, "parameter_invalid", "owner_id"), "GET", f"{transfer}/preview?owner_id={NOBODY}")


def follow_up(cases, world):
    """When deals become stale is calculated, and until when leads are answered is the organisation's to say, within reason."""
    for name in ("warn_at", "stale_at", "stale"):
        cases.refuse("what is calculated", (422, "validation_failed", f"/{name}", "unknown_field"), "PATCH", f"/opportunities/{world.deal}",
                     {name: "2026-11-21T08:00:00Z"})
    for name in ("first_response_due_at", "response"):
        cases.refuse("what is calculated", (422, "validation_failed", f"/{name}", "unknown_field"), "PATCH", f"/leads/{world.lead}", {name: None})
    cases.refuse("a word that is no moment", (400, "filter_invalid"), "GET", query("/opportunities", filter="stale_at = 'red'"))
    cases.refuse("no field to filter by", (400, "unknown_field"), "GET", query("/opportunities", filter="stale = 'red'"))
    cases.refuse("no order", (400, "sort_invalid", "sort"), "GET", query("/leads", sort="response"))
    for hours in (0, -1, 721, 10**12, 1.5, "24", [24]):
        cases.refuse("no time to answer within", (422, "validation_failed", "/lead_response_hours"), "PATCH", "/organisation",
                     {"lead_response_hours": hours})
    for days in (-1, 366, 0.5, "2"):
        cases.refuse("no time of grace", (422, "validation_failed", "/stale_grace_days"), "PATCH", "/organisation", {"stale_grace_days": days})
    for body, place in (({"name": " "}, "/name"), ({"name": "x" * 201}, "/name"), ({"name": None}, "/name"), ({"currency": "YUAN"}, "/currency"),
                        ({"time_zone": "Mars/Olympus"}, "/time_zone"), ({"language": "fr"}, "/language"), ({"version": 7}, "/version"), ([], "")):
        cases.refuse("no organisation", (422, "validation_failed", place), "PATCH", "/organisation", body)
    cases.refuse("who may not", (403, "forbidden"), "PATCH", "/organisation", {"lead_response_hours": 1}, who=world.sales)
    cases.refuse("a stale version", (412, "version_conflict"), "PATCH", "/organisation", {"name": "x"}, headers={"If-Match": '"99"'})


def callers(cases, world):
    """Others' records, stale versions, repeated keys, wrong doors."""
    hidden = f"/leads/{world.hidden}"
    for method, path, body in (("GET", hidden, None), ("PATCH", hidden, {"tags": ["mine"]}), ("DELETE", hidden, None),
                               ("GET", f"{hidden}/history", None), ("POST", f"{hidden}/restore", None),
                               ("POST", f"{hidden}/conversion", {}), ("POST", f"{hidden}/conversion/preview", {}),
                               ("POST", f"{hidden}/transfer", {"owner_id": None})):
        cases.refuse("somebody else's", (404, "not_found"), method, path, body, who=world.sales)
        cases.refuse("nobody's", (404, "not_found"), method, path.replace(world.hidden, NOBODY), body)
        cases.refuse("no id", (404, "not_found"), method, path.replace(world.hidden, "no-id"), body)
        cases.refuse("nobody is signed in", (401, "unauthenticated"), method, path, body, who="")
    for who, status, code in ((world.viewer, 403, "forbidden"), ("rap_not_a_key", 401, "unauthenticated"), ("a.b.c", 401, "unauthenticated")):
        cases.refuse("who may not", (status, code), "POST", "/customers", {"name": "x"}, who=who)
        cases.refuse("who may not", (status, code), "DELETE", f"/customers/{world.customer}", who=who)
    customer = f"/customers/{world.customer}"
    for tag in ('"99"', '"0"', "1", 'W/"1"', "nonsense", '"1', '"-1"', "9" * 40):
        cases.refuse("a stale version", (412, "version_conflict"), "PATCH", customer, {"level": "A"}, headers={"If-Match": tag})
        cases.refuse("a stale version", (412, "version_conflict"), "DELETE", customer, headers={"If-Match": tag})
    key = {"Idempotency-Key": world.key}
    cases.refuse("a key used before", (422, "idempotency_key_reused"), "POST", "/customers", {"name": "another"}, headers=key)
    cases.refuse("a key used elsewhere", (422, "idempotency_key_reused"), "POST", "/leads", {"company_name": "x"}, headers=key)
    cases.refuse("a key too long", (400, "parameter_invalid"), "POST", "/leads", {"company_name": "x"}, headers={"Idempotency-Key": "x" * 256})
    for method, path in (("PUT", "/customers"), ("PATCH", "/opportunities/board"), ("DELETE", "/users/directory"), ("POST", "/search")):
        cases.refuse("a wrong method", (405, "method_not_allowed"), method, path, {} if method != "DELETE" else None)
    cases.refuse("no such path", (404, "not_found"), "GET", "/nothing")
    cases.refuse("no form it can be answered in", (406, "not_acceptable"), "GET", "/customers", headers={"Accept": "text/html"})


def batches(cases, world):
    """Batches: refused as a whole, or, each for itself, with a problem for every operation."""
    create = {"action": "create", "data": {"name": "x"}}
    for operations in ([create] * 201, [], [{"action": "explode"}], [{"action": "create", "data": {}, "colour": 1}], "all"):
        cases.refuse("no batch", (422, "validation_failed"), "POST", "/customers/batch", {"atomic": True, "operations": operations})
    bad = [{"action": "create", "data": {"name": 7}}, {"action": "update", "id": NOBODY, "data": {}}, {"action": "update", "data": {}},
           {"action": "update", "id": world.customer, "version": 99, "data": {"level": "A"}}, {"action": "upsert", "data": {"name": "x"}},
           {"action": "delete", "id": NOBODY}, {"action": "create", "data": {"name": "x", "number": 1}}]
    answer = send("POST", "/customers/batch", world.admin, {"atomic": False, "operations": bad})
    statuses = [result["status"] for result in must(answer, 200)["results"]]
    problems = all(result.get("problem", {}).get("status") == result["status"] for result in answer.json["results"])
    is_right = statuses == [422, 404, 422, 412, 422, 404, 422] and problems and world.state() == cases.before
    cases.passed, cases.failed = cases.passed + is_right, cases.failed + (not is_right)
    if not is_right:
        print(f"✗ a batch of bad operations → {statuses}\n    {answer.text[:2000]}")
    answer = send("POST", "/customers/batch", world.admin, {"atomic": True, "operations": [create, bad[0]]})
    is_right = world.state() == cases.before
    cases.passed, cases.failed = cases.passed + is_right, cases.failed + (not is_right)
    if not is_right:
        print(f"✗ an atomic batch left something behind\n    {answer.text[:2000]}")


def run():
    """How many bad requests were refused as they must be, and how many were not."""
    world = World()
    cases = Cases(world)
    for part in (bodies, fields, values, lists, rules, scoring, pools, handovers, jobs, notifications, at_hand, files, templates, follow_up, callers, batches):
        part(cases, world)
    return cases.passed, cases.failed


def main():
    passed, failed = run()
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
