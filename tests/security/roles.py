"""Every operation of the contract, tried by everybody: people of eight roles, keys of four scopes, and whoever proves nothing.

Who must be refused sends what would work for somebody else, and afterwards nothing has changed. Who may sends what the
rules refuse after the decision (a version that never was), so that the matrix itself changes nothing.
"""

import copy

from contract import Contract
from policy import OPEN, OWNED, Actor, expected, is_on_record
from world import NOBODY

# What a person or key that may is answered when the request says that it is based on version 0.
STALE = {"If-Match": '"0"'}
# What is no file at all is told so after the decision.
UNCHANGED = (200, 204, 400, 404, 409, 412, 415, 422)


class Matrix:
    def __init__(self, target, world, contract):
        self.target, self.world, self.contract = target, world, contract
        self.refusals = 0

    def run(self):
        before = self.world.state()
        for operation in self.contract.operations:
            self.without_proof(operation)
            if operation.id not in OPEN:
                for name in self.world.tokens:
                    self.by(Actor(self.world, name), operation)
        self.target.check("after the whole matrix nothing has changed", self.world.state() == before)
        print(f"── matrix: {len(self.contract.operations)} operations, {self.refusals} refusals, each followed by a look", flush=True)

    def without_proof(self, operation):
        """Nobody, and everybody whose proof is over."""
        if operation.is_open:
            return self.target.check("what is open is known", operation.id in OPEN, operation.id)
        owner = "sales" if is_on_record(operation) else None
        for who, token in self.world.over.items():
            answer = self.send(operation, owner, token)
            self.target.refused(f"{who} gets nowhere", answer, 401)
            self.target.check("a 401 says how to prove who one is", "WWW-Authenticate" in answer.headers, answer)
        return None

    def by(self, actor, operation):
        is_ours = operation.plural in OWNED and is_on_record(operation)
        for owner in ("sales", "sales2") if is_ours else ("sales",):
            plural = "activities" if operation.plural == "files" else operation.plural
            record = self.world.records[(plural, owner)] if is_ours or operation.plural == "files" else None
            refusal = expected(actor, operation, record)
            if refusal:
                self.must_refuse(actor, operation, owner, refusal)
            else:
                self.must_let(actor, operation, owner)

    def must_refuse(self, actor, operation, owner, refusal):
        owner_of_record = owner if operation.plural in OWNED and is_on_record(operation) else None
        looked_at = {"access": "roles", "auth": "users", "handovers": "users", "files": "activities"}.get(operation.plural, operation.plural)
        before = self.world.state_of(looked_at, owner_of_record) if operation.is_change else None
        answer = self.send(operation, owner, self.world.tokens[actor.name])
        self.refusals += 1
        self.target.refused(f"{actor.name}: {operation.id} of {owner}'s", answer, refusal)
        if operation.is_change:
            after = self.world.state_of(looked_at, owner_of_record)
            self.target.check(f"{actor.name}: refused, {operation.id} changed nothing", after == before, answer)

    def must_let(self, actor, operation, owner):
        """Whoever may is let in, and sees no row that is not theirs to see."""
        token, is_safe = self.world.tokens[actor.name], not operation.is_change
        if operation.id in ("logout", "endMyOtherSessions", "changePassword", "endUserSessions", "createCalendarFeed"):
            return
        names = {} if is_safe else {"id": NOBODY} if operation.id in ("deleteApiKey", "endMySession") else {}
        body = None if is_safe or operation.example is None else self.harmless(operation)
        answer = self.send(operation, owner, token, names, STALE, body)
        self.target.check(f"{actor.name}: {operation.id} of {owner}'s is allowed", answer.status in UNCHANGED and (
            not is_safe or answer.status in (200, 404)), answer)
        if operation.plural in OWNED and answer.status == 200 and isinstance(answer.json.get("data"), list):
            self.only_visible(actor, operation, answer)

    def only_visible(self, actor, operation, answer):
        subject = operation.plural.removesuffix("ies") + "y" if operation.plural.endswith("ies") else operation.plural[:-1]
        rows = [row for row in answer.json["data"] if isinstance(row, dict) and "owner_id" in row]
        hidden = [row["id"] for row in rows if not actor.reaches(subject, "view", row) and not self.seen_through(actor, row)]
        self.target.check(f"{actor.name}: {operation.id} shows only what may be seen", not hidden, hidden[:3])

    def seen_through(self, actor, row):
        """An activity is also shown to whoever may see a record that it is about."""
        plurals = {"customer": "customers", "contact": "contacts", "lead": "leads", "opportunity": "opportunities"}
        places = (f"/{plurals[party['type']]}/{party['id']}" for party in row.get("about", []))
        return any(self.target.send("GET", place, self.world.tokens[actor.name]).status == 200 for place in places)

    def send(self, operation, owner, token, names=None, headers=None, body=None):
        names = self.names(operation, owner) | (names or {})
        body = body or self.fitting(operation)
        if operation.path.endswith("/search") and operation.method == "POST":
            body = {"limit": 20}
        path = f"{operation.place(names)}?{operation.question}".removesuffix("?")
        return self.target.send(operation.method, path, token, body, headers)

    def names(self, operation, owner):
        """The ids that a path is filled with."""
        world, plural = self.world, operation.plural
        ids = {"users": world.people["viewer"]["id"], "roles": world.role["id"], "teams": next(iter(world.teams)),
               "pipelines": world.pipeline["id"], "assignment-rules": world.rule["id"], "scoring-rules": world.scoring["id"],
               "pools": world.pool["id"], "jobs": world.job["id"], "activity-templates": world.template["id"], "files": world.file["id"],
               "api-keys": NOBODY, "me": NOBODY}
        record = world.ids.get((plural, owner)) or ids.get(plural, NOBODY)
        key = {"sources": "website", "lead-statuses": "working"}.get(plural, "none")
        return {"id": record, "system": "gate", "external_id": world.known_as(owner or "sales"), "key": key,
                "stage_id": world.stages["open"], "type": "lead"}

    def fitting(self, operation):
        """A body that would do what it says."""
        world, body = self.world, copy.deepcopy(operation.example)
        admin = world.roles["admin"]["id"]
        if operation.path.endswith("/transfer"):
            return {"owner_id": world.people["viewer"]["id"]}
        if "/conversion" in operation.path:
            return {} if body else None
        if operation.path.endswith("/move"):
            return {"stage_id": world.stages["open"]}
        if operation.path.endswith("/allot"):
            return {"owner_id": world.people["viewer"]["id"]}
        if operation.path.endswith("/lock"):
            return {"until": None}
        if operation.id == "createCustomerPool":
            body["team_id"] = world.free_team
        if operation.id in ("createOpportunity", "upsertOpportunity"):
            body["customer_id"] = world.ids[("customers", "sales")]
        if operation.id == "createAssignmentRule":
            body["user_ids"] = [world.people["viewer"]["id"]]
        if operation.id == "dryRunAssignmentRule":
            body["rule"]["user_ids"] = [world.people["viewer"]["id"]]
        if operation.id == "previewActivityTemplate":
            return {}
        if operation.id.startswith("batch"):
            body["atomic"] = True
        whole = {
            "createUser": {"name": "Intruder", "email": f"intruder.{world.word}@example.com", "role_ids": [admin]},
            "updateUser": {"role_ids": [admin]}, "createTeam": {"name": "Intruders"}, "updateTeam": {"name": "Intruders"},
            "createApiKey": {"name": "Intruder", "scopes": ["*:write"]}, "changePassword": body,
        }
        return whole.get(operation.id, body)

    def harmless(self, operation):
        """A body that is refused after the decision where there is a version to be wrong about, and before it elsewhere."""
        body = self.fitting(operation)
        is_versioned = operation.method == "PATCH" or (operation.plural in OWNED and is_on_record(operation))
        return body if is_versioned else body | {"no_such_field": 1}


def run(target, world, contract):
    Matrix(target, world, contract).run()


def document(target):
    return Contract(target.must(target.send("GET", "/openapi.json"), 200))
