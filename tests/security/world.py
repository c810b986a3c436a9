"""Who attacks, and what there is to attack: people of every role, keys, tokens that are over, and records of several owners."""

import secrets
import time

from target import sign_in

OWNED = ("customers", "contacts", "leads", "opportunities", "activities")
NOBODY = "01900000-0000-7000-8000-00000000dead"
PEOPLE = ("viewer", "service", "marketing", "sales", "sales2", "manager", "integration", "admin")
OWNERS = ("sales", "sales2", "admin")
SECRET = "lantern-orbit-velvet-9"


class World:
    """Everything has a name; `tokens[name]` is what its bearer sends."""

    def __init__(self, target):
        self.target, self.word = target, secrets.token_hex(4)
        self.tokens = {"admin": sign_in(target, "admin")["access_token"]}
        self.admin = self.tokens["admin"]
        self.roles = {role["key"]: role for role in self.read("/roles")["data"]}
        self.ids = {}
        self.integration = self.add_user("integration", "integration")
        for name in PEOPLE:
            self.tokens[name] = self.tokens.get(name) or self.sign_in(name)
        self.people = {name: self.read("/me", token) for name, token in self.tokens.items()}
        self.teams = {team["id"]: team.get("parent_id") for team in self.read("/teams")["data"]}
        self.keys = self.add_keys()
        self.over = self.add_what_is_over()
        self.records = {(plural, owner): self.add_record(plural, owner) for owner in OWNERS for plural in OWNED}
        self.role = self.make("/roles", {"key": f"gate_{self.word}", "names": {"en": "Gate", "zh-CN": "门"}, "description": "",
                                         "grants": [{"type": "lead", "action": "view", "scope": "own"}]})
        self.rule = self.make("/assignment-rules", {"name": f"Gate {self.word}", "is_active": False, "strategy": "user",
                                                    "user_ids": [self.people["sales"]["id"]]})
        self.scoring = self.make("/scoring-rules", {"name": f"Gate {self.word}", "is_active": False, "kind": "behaviour", "points": 5,
                                                    "behaviour": {"activity_kinds": ["call", "message"]}})
        self.pool = self.make("/pools", {"name": f"Gate {self.word}", "is_active": False,
                                         "team_id": self.make("/teams", {"name": f"Gate pool {self.word}"})["id"]})
        self.job = self.add_job()
        self.template = self.make("/activity-templates", {"name": f"Gate {self.word}", "kind": "call", "is_shared": True})
        self.file = self.attach("sales")
        self.free_team = self.make("/teams", {"name": f"Gate free {self.word}"})["id"]
        self.pipeline = next(row for row in self.read("/pipelines")["data"] if row["is_default"])
        self.stages = {stage["category"]: stage["id"] for stage in self.pipeline["stages"]}

    def read(self, path, who=None):
        return self.target.must(self.target.send("GET", path, who or self.admin), 200)

    def make(self, path, body, who=None):
        return self.target.must(self.target.send("POST", path, who or self.admin, body), 201)

    def sign_in(self, name):
        if name == "integration":
            return sign_in(self.target, self.integration["email"], SECRET)["access_token"]
        return sign_in(self.target, name)["access_token"]

    def add_user(self, name, *roles, **more):
        """A user of the attack's own, with a password that is known."""
        body = {"name": f"Gate {name}", "email": f"{name}.{self.word}@example.com", "password": SECRET,
                "role_ids": [self.roles[role]["id"] for role in roles]}
        return self.make("/users", body | more)

    def add_key(self, owner, *scopes, **more):
        body = {"name": f"Gate {' '.join(scopes)}", "scopes": list(scopes)} | more
        return self.make("/api-keys", body, self.tokens[owner])

    def add_keys(self):
        """Keys that hold: (owner, scopes) by name."""
        wanted = {"key of sales for reading leads": ("sales", "leads:read"), "key of sales for leads": ("sales", "leads:write"),
                  "key of admin for reading": ("admin", "*:read"), "key of admin for everything": ("admin", "*:write")}
        for name, (owner, scope) in wanted.items():
            self.tokens[name] = self.add_key(owner, scope)["key"]
        return wanted

    def add_what_is_over(self):
        """What proves nothing any more."""
        over = {"nobody": None, "a token that was tampered with": self.tokens["sales"][:-4] + "AAAA"}
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        over["an expired key"] = self.add_key("admin", "*:write", expires_at=soon)["key"]
        revoked = self.add_key("admin", "*:write")
        self.target.must(self.target.send("DELETE", f"/api-keys/{revoked['api_key']['id']}", self.admin), 204)
        over["a revoked key"] = revoked["key"]
        gone = self.add_user("gone", "admin")
        token = sign_in(self.target, gone["email"], SECRET)["access_token"]
        over["a disabled user's key"] = self.make("/api-keys", {"name": "Gate", "scopes": ["*:write"]}, token)["key"]
        over["a disabled user"] = token
        self.target.must(self.target.send("PATCH", f"/users/{gone['id']}", self.admin, {"is_active": False}), 200)
        over["who has signed out"] = sign_in(self.target, "admin")["access_token"]
        self.target.must(self.target.send("POST", "/auth/logout", over["who has signed out"]), 204)
        time.sleep(2.1)
        return over

    def add_record(self, plural, owner):
        """A record of an owner, which other systems know as `gate-OWNER`."""
        bodies = {
            "customers": {"name": f"Gate {owner} {self.word}"}, "contacts": {"family_name": f"Gate{owner}{self.word}"},
            "leads": {"company_name": f"Gate lead {owner} {self.word}"}, "opportunities": {"name": f"Gate deal {owner} {self.word}"},
            "activities": {"kind": "task", "name": f"Gate task {owner} {self.word}"},
        }
        body = bodies[plural] | {"external_ids": [{"system": "gate", "external_id": self.known_as(owner)}]}
        if plural == "opportunities":
            body["customer_id"] = self.ids[("customers", owner)]
        made = self.make(f"/{plural}", body, self.tokens[owner])
        self.ids[(plural, owner)] = made["id"]
        return made

    def add_job(self):
        """A job of sales that has ended, so that nothing changes by itself any more."""
        lead = self.make("/leads", {"company_name": f"Gate job {self.word}"}, self.tokens["sales"])
        body = {"ids": [lead["id"]], "plan": {"customer": "create"}}
        job = self.target.must(self.target.send("POST", "/leads/conversions", self.tokens["sales"], body), 202)
        until = time.monotonic() + 60
        while not job["finished_at"]:
            if time.monotonic() > until:
                raise SystemExit("error: a job of one lead does not end")
            time.sleep(0.1)
            job = self.read(f"/jobs/{job['id']}", self.tokens["sales"])
        return job

    def attach(self, owner):
        """A file of somebody's, attached to their activity."""
        file = self.target.must(self.target.send_file("gate.txt", self.tokens[owner], b"gate"), 201)
        place = f"/activities/{self.ids[('activities', owner)]}"
        changed = self.target.must(self.target.send("PATCH", place, self.tokens[owner], {"attachments": [file["id"]]}), 200)
        self.records[("activities", owner)] = changed
        return file

    def known_as(self, owner):
        return f"{owner}-{self.word}"

    def state_of(self, plural, owner=None):
        """What a write to this type would have changed: how many there are, which was last, and one record's history."""
        if plural not in OWNED:
            return self.target.send("GET", f"/{plural}", self.admin).text
        page = self.read(f"/{plural}?limit=1&count=exact&fields=id,version,updated_at&sort=-updated_at")
        found = [page["meta"]["total"], page["data"]]
        if owner:
            found.append(self.target.send("GET", f"/{plural}/{self.ids[(plural, owner)]}/history", self.admin).text)
        return found

    def state(self):
        """Everything that an attack might have changed."""
        others = ("users?limit=200", "teams", "roles", "pipelines", "sources", "lead-statuses", "assignment-rules", "scoring-rules",
                  "pools", "activity-templates", "api-keys?all=true", "trash", "me/notifications", "me/favourites", "me/sticky-notes", "jobs?all=true",
                  *(f"users/{self.people[name]['id']}/handovers" for name in ("viewer", "sales")))
        rows = [self.read(f"/{name}")["data"] for name in others] + [[self.read("/organisation")]]
        return [self.state_of(plural) for plural in OWNED] + [[lasting(row) for row in data] for data in rows]


def lasting(row):
    """A row without what reading and signing in change."""
    return {name: value for name, value in row.items() if name not in ("last_used_at", "last_sign_in_at")}
