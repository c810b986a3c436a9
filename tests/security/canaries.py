#!/usr/bin/env python3
"""Secrets and personal data must not reach the log, however the request that carries them ends. They are words that stand nowhere else."""

import os
import re
import secrets
import sys
from pathlib import Path

from sessions import browser
from target import Target, query, sign_in
from world import SECRET, World


class Canaries:
    """Words that are sent, and looked for afterwards."""

    def __init__(self):
        self.words = {}

    def new(self, what):
        word = f"canary{secrets.token_hex(8)}"
        self.words[what] = word
        return word


def sing(target, world, canaries):
    """Sends every kind of secret to every kind of end: accepted, refused, malformed, too large, to nowhere."""
    password, email = f"Aa1-{canaries.new('a new password')}", f"{canaries.new('the address of a user')}@example.com"
    user = world.make("/users", {"name": canaries.new("the name of a user"), "email": email, "password": password,
                                 "role_ids": [world.roles["sales"]["id"]]})
    pair = sign_in(target, email, password)
    canaries.words |= {"an access token": pair["access_token"].split(".")[2], "a refresh token": pair["refresh_token"]}
    _, cookies = browser(target, email, password)
    canaries.words |= {f"the cookie {part.split('=')[0]}": part.split("=", 1)[1].split(".")[-1] for part in cookies.split("; ")}
    key = target.must(target.send("POST", "/api-keys", pair["access_token"],
                                  {"name": canaries.new("the name of a key"), "scopes": ["leads:write"]}), 201)["key"]
    canaries.words["an API key"] = key[13:]
    target.send("GET", "/leads", key)
    for token in (pair["access_token"], key, canaries.new("a forged token")):
        target.send("GET", f"/me?access_token={token}")
        target.send("GET", "/me", headers={"Authorization": f"Basic {token}"})
    for body in ({"email": email, "password": canaries.new("a wrong password")},
                 {"email": f"{canaries.new('an unknown address')}@example.com", "password": "x"},
                 {"email": email, "password": {"of": canaries.new("a password in an object")}},
                 {"email": email, "passwort": canaries.new("a mistyped name's password")}):
        target.send("POST", "/auth/login", body=body)
        target.send("POST", "/auth/token", body=body | {"grant_type": "password"})
    target.send("POST", "/auth/token", body=f'{{"grant_type":"password","password":"{canaries.new("a password in broken JSON")}"'.encode())
    target.send("POST", "/auth/token", body={"grant_type": "refresh_token", "refresh_token": canaries.new("a foreign refresh token")})
    target.send("POST", "/auth/password", pair["access_token"], {"current_password": password,
            "new_password": f"Bb2-{canaries.new('a changed password')}"})
    target.send("POST", "/setup", body={"token": canaries.new("a set-up token"), "organisation_name": "x",
                                        "admin": {"name": "x", "email": email, "password": SECRET},
                                        "language": "en", "currency": "CNY", "time_zone": "UTC"})
    records(target, world, canaries)
    target.send("PATCH", f"/users/{user['id']}", world.admin, {"is_active": False})


def records(target, world, canaries):
    """What customers told us, in bodies, paths, queries and heads."""
    body = {"family_name": canaries.new("a name"), "notes": canaries.new("a note"), "wechat": canaries.new("a WeChat name"),
            "emails": [{"kind": "work", "primary": True, "value": f"{canaries.new('an e-mail address')}@example.com"}],
            "phones": [{"kind": "mobile", "primary": True, "value": "13911170953"}]}
    canaries.words["a phone number"] = "13911170953"
    made = world.make("/contacts", body)
    for faulty in (body | {"no_such_field": canaries.new("an unknown field")}, body | {"owner_id": canaries.new("an owner who is none")},
                   body | {"phones": [{"value": canaries.new("no phone")}]}):
        target.send("POST", "/contacts", world.admin, faulty)
    target.send("PATCH", f"/contacts/{made['id']}", world.admin, {"notes": canaries.new("a changed note")}, {"If-Match": '"99"'})
    for path in (query("/contacts", q=canaries.new("words that were looked for")), query("/search", q=canaries.new("words")),
                 f"/contacts/by/gate/{canaries.new('an external id')}",
                 query("/contacts", filter=f"notes ~ '{canaries.new('a filter')}'"),
                 query("/contacts", filter=f"name = {canaries.new('half a filter')} ="),
                 query("/contacts", sort=canaries.new("an order")), query("/contacts", **{canaries.new("a parameter"): "x"}),
                 f"/{canaries.new('a path')}", f"/sources/{canaries.new('a key')}",
                 query("/contacts", cursor=canaries.new("a cursor"))):
        target.send("GET", path, world.admin)
    for name in ("User-Agent", "Referer", "Cookie", "If-Match", "Idempotency-Key", "Accept-Language", "X-Forwarded-For", "traceparent",
                 "Origin"):
        target.send("GET", f"/contacts/{made['id']}", world.admin, headers={name: canaries.new(f"the header {name}")})


def main():
    target = Target()
    world = World(target)
    canaries = Canaries()
    sing(target, world, canaries)
    text = Path(os.environ["RAPPORT_SERVER_LOG"]).read_text(errors="replace")
    for what, word in canaries.words.items():
        line = next((line for line in text.splitlines() if word in line), "")
        target.check(f"the log does not hold {what}", not line, line[:400].replace(word, "…"))
    for what, pattern in {"a hash": r"\$argon2", "a token": r"eyJ[\w-]{10,}\.", "an API key": r"rap_\w{8}_",
                          "a URL with a password": r"postgres://[^ \"]*:[^ \"]*@"}.items():
        target.check(f"the log holds nothing like {what}", not re.search(pattern, text), pattern)
    is_whole = all(f'"level":"{level}"' in text for level in ("INFO", "TRACE"))
    target.check("the log was written, down to what is only for finding faults", is_whole and text.count("\n") > 200, len(text))
    longest = max(map(len, text.splitlines()))
    target.check("no line of the log is longer than a page", longest <= 4096, longest)
    return target.finish("canaries")


if __name__ == "__main__":
    sys.exit(main())
