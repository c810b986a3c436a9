"""Taking more than one was given: mass assignment, promoting oneself, granting what one lacks, keys, and others' ids in bodies."""

from target import query, sign_in
from world import NOBODY, OWNED, SECRET

# What only the server sets. A body that names one is refused, wherever the name leads.
SERVERS = {"id_": NOBODY, "number": 1, "version": 99, "created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z",
           "created_by_id": NOBODY, "created_by": {"id": NOBODY}, "updated_by_id": NOBODY, "deleted_at": None, "deleted_by": None,
           "team_id": NOBODY,
           "owner": {"id": NOBODY}, "can": {"edit": True}, "is_admin": True, "role": "admin", "roles": ["admin"], "role_ids": [],
           "permissions": [],
           "org_id": NOBODY, "password_hash": "x", "__proto__": {"is_admin": True}, "constructor": {"prototype": {}}, "$where": "1",
           "_id": "x"}


def mass_assignment(target, world):
    """Nothing but the writable fields is written, by whatever way a body comes."""
    for plural in OWNED:
        path, before = f"/{plural}/{world.ids[(plural, 'sales')]}", world.state_of(plural, "sales")
        for name, value in SERVERS.items():
            for method, place, body in (("PATCH", path, {name: value}), ("POST", f"/{plural}", {"name": "x", name: value}),
                                        ("PUT", f"/{plural}/by/gate/new-{world.word}", {name: value})):
                target.refused(f"{name} in {method} {plural}", target.send(method, place, world.tokens["sales"], body), 422,
                               "validation_failed")
        operation = {"atomic": True, "operations": [{"action": "update", "id": world.ids[(plural, "sales")], "data": {"version": 99}}]}
        target.refused(f"version in a batch of {plural}", target.send("POST", f"/{plural}/batch", world.tokens["sales"], operation), 422)
        target.check(f"mass assignment left {plural} as they were", world.state_of(plural, "sales") == before)


def oneself(target, world):
    """A user makes nothing more of himself."""
    token, me = world.tokens["sales"], world.people["sales"]
    before = world.read("/me", token)
    for name in ("id", "email", "password", "role_ids", "roles", "is_active", "is_admin", "team_id", "manager_id", "permissions", "version",
                 "password_hash"):
        target.refused(f"{name} of oneself", target.send("PATCH", "/me", token, {name: before.get(name, "x")}), 422, "validation_failed")
    for body in ({"role_ids": [world.roles["admin"]["id"]]}, {"is_active": True}, {"team_id": None}, {"password": SECRET}):
        target.refused("oneself as a user", target.send("PATCH", f"/users/{me['id']}", token, body), 403, "forbidden")
    target.check("one is who one was", world.read("/me", token) == before)


def ceilings(target, world):
    """Whoever looks after people gives nobody what he has not, and touches nobody who has more."""
    grants = [{"type": kind, "action": action, "scope": "all"} for kind in ("user", "role") for action in ("view", "configure")]
    keeper = world.make("/roles", {"key": f"keeper_{world.word}", "names": {"en": "Keeper", "zh-CN": "人事"}, "description": "",
                                   "grants": grants})
    world.roles[keeper["key"]] = keeper
    user = world.add_user("keeper", keeper["key"])
    token = sign_in(target, user["email"], SECRET)["access_token"]
    admin, sales = world.roles["admin"]["id"], world.roles["sales"]["id"]
    more = [{"type": "lead", "action": "view", "scope": "own"}]
    before = world.state()
    tries = [
        ("PATCH", f"/users/{user['id']}", {"role_ids": [admin]}), ("PATCH", f"/users/{user['id']}", {"role_ids": [keeper["id"], sales]}),
        ("POST", "/users", {"name": "x", "email": f"x.{world.word}@example.com", "role_ids": [admin]}),
        ("PATCH", f"/users/{world.people['admin']['id']}", {"password": "velvet-orbit-lantern-7"}),
        ("PATCH", f"/users/{world.people['admin']['id']}", {"is_active": False}),
             ("PATCH", f"/users/{world.people['admin']['id']}", {"email": user["email"]}),
        ("PATCH", f"/users/{world.people['admin']['id']}", {"role_ids": []}),
             ("DELETE", f"/users/{world.people['admin']['id']}/sessions", None),
        ("PATCH", f"/users/{world.people['sales']['id']}", {"password": "velvet-orbit-lantern-7"}),
        ("PATCH", f"/roles/{keeper['id']}", {"grants": grants + more}), ("PATCH", f"/roles/{admin}", {"grants": grants}),
        ("POST", "/roles", {"key": "more", "names": {"en": "x", "zh-CN": "x"}, "description": "", "grants": more}),
             ("DELETE", f"/roles/{world.role['id']}", None),
        ("POST", "/sources", {"key": "more", "names": {"en": "x", "zh-CN": "x"}}), ("POST", "/teams", {"name": "x"}),
    ]
    for method, path, body in tries:
        target.refused(f"a keeper of people: {method} {path} {body}", target.send(method, path, token, body), 403, "forbidden")
    target.check("a keeper of people changed nothing", world.state() == before)
    target.refused("the last admin resigns", target.send("PATCH", f"/users/{world.people['admin']['id']}", world.admin,
                                                         {"is_active": False}), 409, "last_admin")


def at_once(target, world):
    """What was taken away is gone with the next request, for tokens and for keys."""
    user = world.add_user("moves", "admin")
    token = sign_in(target, user["email"], SECRET)["access_token"]
    key = world.target.must(target.send("POST", "/api-keys", token, {"name": "x", "scopes": ["*:read"]}), 201)["key"]
    target.check("an admin reads users", target.send("GET", "/users", token).status == target.send("GET", "/users", key).status == 200)
    target.must(target.send("PATCH", f"/users/{user['id']}", world.admin, {"role_ids": [world.roles["sales"]["id"]]}), 200)
    for proof in (token, key):
        target.refused("after demotion", target.send("GET", "/users", proof), 403, "forbidden")
        target.refused("after demotion", target.send("GET", f"/leads/{world.ids[('leads', 'sales2')]}", proof), 404, "not_found")


def keys(target, world):
    """A key makes no key, reads no key, opens no session, and is shown once."""
    for name in world.keys:
        token = world.tokens[name]
        for method, path, body in (("POST", "/api-keys", {"name": "x", "scopes": ["*:write"]}), ("GET", "/api-keys?all=true", None),
                                   ("GET", "/me/sessions", None),
                                   ("POST", "/auth/password", {"current_password": "x", "new_password": SECRET}),
                                   ("PATCH", "/me", {"name": "x"}),
                                   ("POST", "/users", {"name": "x", "email": "x@example.com", "role_ids": []}),
                                   ("POST", "/auth/logout", None)):
            target.refused(f"{name}: {method} {path}", target.send(method, path, token, body), 403, "forbidden")
    for scopes in (["users:write"], ["*"], ["leads:*"], ["admin"], [], ["leads:read"] * 11, ["leads:read' OR '1"], [{"a": 1}],
                   "leads:read"):
        target.refused(f"scopes {scopes}", target.send("POST", "/api-keys", world.tokens["sales"], {"name": "x", "scopes": scopes}), 422,
                       "validation_failed")
    for name in ("key", "secret_hash", "user_id", "prefix", "id", "last_used_at"):
        body = {"name": "x", "scopes": ["leads:read"], name: world.people["admin"]["id"]}
        target.refused(f"{name} of a new key", target.send("POST", "/api-keys", world.tokens["sales"], body), 422, "validation_failed")
    listed = target.send("GET", "/api-keys?all=true", world.admin)
    shown = [name for name in world.keys if world.tokens[name] in listed.text or world.tokens[name][13:40] in listed.text]
    target.check("no list shows a key", listed.status == 200 and not shown and "hash" not in listed.text, shown)


def replayed(target, world):
    """An answer that was kept for one is given to nobody else, nor to a key that could not have asked."""
    body, key = {"name": f"Kept {world.word}"}, {"Idempotency-Key": f"gate-{world.word}"}
    made = target.must(target.send("POST", "/customers", world.tokens["sales"], body, key), 201)
    again = target.send("POST", "/customers", world.tokens["sales"], body, key)
    target.check("the same again is the same", again.status == 201 and again.json["id"] == made["id"], again)
    other = target.send("POST", "/customers", world.tokens["sales2"], body, key)
    target.check("somebody else's is another", other.status == 201 and other.json["id"] != made["id"], other)
    target.refused("a key that reads leads only", target.send("POST", "/customers", world.tokens["key of sales for reading leads"], body,
            key), (403, 422))


def through_bodies(target, world):
    """Ids of hidden records in bodies, filters and includes are ids of nothing."""
    token, hidden = world.tokens["sales"], {plural: world.ids[(plural, "sales2")] for plural in OWNED}
    deal = f"/opportunities/{world.ids[('opportunities', 'sales')]}"
    before = world.state_of("opportunities", "sales")
    for field, plural in (("customer_id", "customers"), ("primary_contact_id", "contacts")):
        known, nothing = (target.send("PATCH", deal, token, {field: id}) for id in (hidden[plural], NOBODY))
        target.refused(f"a hidden {field}", known, 422, "validation_failed")
        target.check(f"a hidden {field} reads like none", known.json.get("errors") == nothing.json.get("errors"), known)
    lead = f"/leads/{world.ids[('leads', 'sales')]}/conversion/preview"
    for part, plural in (("customer", "customers"), ("contact", "contacts")):
        answer = target.send("POST", lead, token, {part: {"mode": "link", "id": hidden[plural]}})
        target.check(f"converting into a hidden {part}", answer.status in (404, 422) and world.word not in answer.text, answer)
    for field, plural in (("customer_id", "customers"), ("customer_id.name", "customers")):
        answer = target.send("GET", query("/opportunities", filter=f"{field} = '{hidden[plural]}'"), token)
        target.check(f"a filter on a hidden {field}", answer.status in (200, 400) and not answer.json.get("data"), answer)
    for plural in OWNED:
        for path in (query(f"/{plural}", q=world.word), query(f"/{plural}", q=world.word, include="owner"), query("/search", q=world.word)):
            answer = target.send("GET", path, token)
            target.check(f"{path} shows no hidden record", answer.status == 200 and hidden[plural] not in answer.text, answer)
        took = target.send("POST", f"/{plural}", token, {"name": "x", "company_name": "x", "id": hidden[plural]})
        target.check(f"the id of a hidden record of {plural} is not taken over", took.status in (409, 422), took)
        operations = [{"action": action, "id": hidden[plural], "data": {"tags": ["taken"]}} for action in ("update", "delete")]
        operations[1].pop("data")
        answer = target.send("POST", f"/{plural}/batch", token, {"atomic": False, "operations": operations})
        statuses = [result["status"] for result in answer.json.get("results", [])]
        target.check(f"a batch on hidden {plural}", statuses == [404, 404], answer)
    target.check("bodies with others' ids changed nothing", world.state_of("opportunities", "sales") == before)


def run(target, world):
    for part in (mass_assignment, oneself, ceilings, at_once, keys, replayed, through_bodies):
        part(target, world)
