"""Tokens and sessions: forged, exchanged, stolen, fixed, raced, ridden from another site, and over."""

import base64
import concurrent.futures
import hashlib
import hmac
import json

from target import PASSWORD, Target, sign_in
from world import SECRET

# Written together so that each is a case of its own: what the header or the claims of a forged token say.
HEADERS = [{"alg": "none"}, {"alg": "None"}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": "EdDSA"}, {"alg": 256}, {"typ": "JWT"},
           {"kid": "../../../dev/null"}, {"kid": "' OR '1'='1"}, {"kid": ""}, {"kid": None}, {"kid": ["a"]}, {"kid": "x" * 5000},
           {"jku": "https://evil.example/keys"}, {"jwk": {"kty": "oct", "k": "AA"}}, {"x5u": "https://evil.example/x"}, {"crit": ["exp"]}]
CLAIMS = [{"sub": "01900000-0000-7000-8000-000000000001"}, {"exp": 9999999999}, {"exp": "9999999999"}, {"exp": None}, {"exp": -1},
          {"exp": 1e308}, {"nbf": 0}, {"iss": "evil"}, {"aud": "rapport-mfa"}, {"aud": ["rapport-api"]}, {"sid": "x"}, {"roles": ["admin"]},
          {"is_admin": True}]


def encoded(part):
    return base64.urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=").decode()


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed(header, claims, key):
    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def forged(target, world):
    """Tokens that are not ours: other algorithms, headers that point to keys, other keys, other claims."""
    token = world.tokens["sales"]
    head, body, signature = token.split(".")
    header, claims = decoded(head), decoded(body)
    attacks = [f"{encoded(header | change)}.{body}.{signature}" for change in HEADERS]
    attacks += [f"{encoded(header | change)}.{body}." for change in HEADERS[:2]]
    attacks += [f"{head}.{encoded(claims | change)}.{signature}" for change in CLAIMS]
    # Keys that are public or that somebody may have forgotten to change.
    keys = (b"", b"\0" * 32, b"secret", header["kid"].encode(), claims["iss"].encode(), claims["aud"].encode(), head.encode(), b"rapport")
    attacks += [signed(header, claims | {"sub": world.people["admin"]["id"]}, key) for key in keys]
    attacks += [token + "x", token[:-1], f"{token}.{signature}", ".".join((head, body)), "..", "." * 5000, f"{head}..{signature}",
                token.upper(),
                f"{head}.{body}.{encoded(b'')}", token + "=", f" {token}x", "null", "undefined", "[object Object]", "ü"]
    for attack in attacks:
        answer = target.send("GET", "/me", headers={"Authorization": f"Bearer {attack}".encode()})
        target.refused(f"a forged token {attack[:80]}", answer, 401, "unauthenticated")
    says_only = set(claims) <= {"iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"} and claims["exp"] - claims["iat"] <= 900
    target.check("a token names a session and nothing else, and not for long", says_only, claims)
    target.send("GET", "/me", token).status == 200 or target.check("the real token still works", False)


def schemes(target, world):
    """Proofs of another kind, twice, or in the wrong place."""
    token = world.tokens["sales"]
    for header in (f"Basic {token}", f"Token {token}", token, f"Bearer{token}", "Bearer", "Bearer ", f"Bearer {token} {token}",
                   f"Bearer {token},x",
                   "Negotiate x", f"Digest username=\"{token}\""):
        target.refused(f"proof by {header[:24]}", target.send("GET", "/me", headers={"Authorization": header}), 401)
    key = world.tokens["key of admin for everything"]
    for name in ("access_token", "api_key", "authorization", "q"):
        value = key if name == "q" else token
        target.refused(f"a credential in the address as {name}", target.send("GET", f"/leads?{name}={value}", token), 400,
                       "credential_in_url")
    for name in ("X-Api-Key", "X-Auth-Token", "X-User-Id", "X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Original-User"):
        target.refused(f"proof by {name}", target.send("GET", "/me", headers={name: key}), 401, "unauthenticated")
    cookie = {"Cookie": f"rapport_refresh={token}; session={token}; token={token}"}
    target.refused("an access token in another cookie", target.send("GET", "/me", headers=cookie), 401)
    for wrong in (key[:-1] + ("x" if key[-1] != "x" else "y"), key.upper(), key[:12], key.replace("_", "-"), key + "x", "rap_" + "a" * 58):
        target.refused("a key with a wrong letter", target.send("GET", "/me", wrong), 401, "unauthenticated")


def exchange(target, refresh_token):
    return target.send("POST", "/auth/token", body={"grant_type": "refresh_token", "refresh_token": refresh_token})


def exchanged(target, world):
    """Each token opens its own door; a refresh token that was used ends everything that came of it."""
    pair = sign_in(target, "sales")
    access, refresh = pair["access_token"], pair["refresh_token"]
    target.refused("a refresh token as access", target.send("GET", "/me", refresh), 401, "unauthenticated")
    target.refused("an access token as refresh", exchange(target, access), (401, 422))
    for sent in ("", "x", "' OR 1=1 --", access[::-1], "A" * 200):
        target.refused("no refresh token", exchange(target, sent), (401, 422))
    for body in ({"grant_type": "refresh_token"}, {"grant_type": "client_credentials"}, {"grant_type": ["password"]}, {"grant_type": None},
                 {"grant_type": "password", "email": "sales@example.com"},
                 {"grant_type": "password", "email": {"$ne": ""}, "password": {"$ne": ""}},
                 {"grant_type": "password", "email": ["sales@example.com"], "password": True}):
        target.refused("a grant of another form", target.send("POST", "/auth/token", body=body), 422, "validation_failed")
    second = target.must(exchange(target, refresh), 200)
    third = target.must(exchange(target, second["refresh_token"]), 200)
    target.refused("a used refresh token", exchange(target, refresh), 401, "refresh_reused")
    for token in (access, second["access_token"], third["access_token"]):
        target.refused("after reuse the access is over", target.send("GET", "/me", token), 401, "session_revoked")
    target.refused("after reuse the newest refresh token is over", exchange(target, third["refresh_token"]), 401, "session_revoked")
    race(target)


def race(target):
    """Many exchange one token at the same time: whatever they are given, one line goes on and no two."""
    refresh = sign_in(target, "sales")["refresh_token"]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: exchange(Target(target.url), refresh), range(12)))
    pairs = [answer.json["refresh_token"] for answer in answers if answer.status == 200]
    alive = [exchange(target, token).status for token in pairs]
    target.check("a race for one refresh token", set(answer.status for answer in answers) <= {200, 401} and alive.count(200) <= 1,
                 f"{[answer.status for answer in answers]}, then {alive}")


def browser(target, name, password=PASSWORD, cookies="", **headers):
    """Signs in as a page does; the answer, and the cookies as the browser sends them back."""
    body = {"email": name if "@" in name else f"{name}@example.com", "password": password}
    sent = {"Sec-Fetch-Site": "same-origin"} | ({"Cookie": cookies} if cookies else {}) | headers
    answer = target.send("POST", "/auth/login", body=body, headers=sent)
    return answer, "; ".join(f"{name}={value.split(';')[0]}" for name, value in answer.cookies.items())


def cookies(target, _world):
    """Cookies that scripts cannot read, that a stranger cannot plant, and that end with the session."""
    answer, mine = browser(target, "sales")
    target.check("signing in sets its cookies", answer.status == 200 and len(answer.cookies) == 3, answer)
    for name, cookie in answer.cookies.items():
        is_guarded = all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/")) and "Domain" not in cookie
        target.check(f"{name} is guarded", is_guarded, cookie)
    target.check("no token in the body", not any(value.split(";")[0] in answer.text for value in answer.cookies.values()))
    target.check("the cookie opens", target.send("GET", "/me", headers={"Cookie": mine}).status == 200)
    # Fixation: whoever planted the cookies of their own session gets nothing of the one that begins.
    again, fresh = browser(target, "sales", cookies=mine)
    target.check("a new sign-in is a new session", again.status == 200 and fresh != mine)
    target.refused("the session before it is over", target.send("GET", "/me", headers={"Cookie": mine}), 401, "session_revoked")
    planted, theirs = browser(target, "sales2", cookies="rapport_access=planted; rapport_refresh=planted; rapport_device=planted")
    target.check("planted cookies are replaced", planted.status == 200 and "planted" not in theirs)
    out = target.send("POST", "/auth/logout", headers={"Cookie": fresh, "Sec-Fetch-Site": "same-origin"})
    cleared = all("Max-Age=0" in cookie and "HttpOnly" in cookie for cookie in out.cookies.values())
    target.check("signing out takes the cookies and the cache", out.status == 204 and len(out.cookies) == 2 and cleared
                 and "Clear-Site-Data" in out.headers, dict(out.headers))
    target.refused("after signing out", target.send("GET", "/me", headers={"Cookie": fresh}), 401, "session_revoked")
    refresh = target.send("POST", "/auth/refresh", headers={"Cookie": fresh, "Sec-Fetch-Site": "same-origin"})
    target.refused("after signing out, refreshing", refresh, 401)


def foreign_pages(target, world):
    """Cross-site request forgery: nothing changes with cookies unless a page of our own asks."""
    _, mine = browser(target, "sales")
    path, before = f"/leads/{world.ids[('leads', 'sales')]}", world.state_of("leads", "sales")
    own = f"http://{target.host}:{target.port}"
    foreign = [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": own + ".evil.example"},
               {"Origin": f"http://sub.{target.host}:{target.port}"},
               {"Origin": own.replace("http", "https")}, {"Origin": f"{own}@evil.example"}, {"Origin": ""},
               {"Origin": f"http://{target.host}"},
               {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
               {"Sec-Fetch-Site": "Same-Origin"},
               {"Sec-Fetch-Site": "cross-site", "Origin": own}, {"Referer": own + "/leads"}, {"Sec-Fetch-Site": ""}]
    for headers in foreign:
        for method, place, body in (("PATCH", path, {"tags": ["ridden"]}), ("DELETE", path, None),
                                    ("POST", "/leads", {"company_name": "Ridden"}),
                                    ("POST", "/auth/refresh", None), ("POST", "/auth/logout", None), ("PATCH", "/me", {"name": "Ridden"}),
                                    ("DELETE", "/me/sessions", None)):
            answer = target.send(method, place, body=body, headers={"Cookie": mine} | headers)
            target.refused(f"{method} {place} from {headers or 'nowhere'}", answer, 403, "cross_site_request")
    # What a form of another site can send without asking first.
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; application/json",
                 "application/jsonx"):
        answer = target.send("POST", "/leads", body=b'{"company_name":"Ridden"}',
                             headers={"Cookie": mine, "Sec-Fetch-Site": "same-origin", "Content-Type": kind})
        target.refused(f"JSON sent as {kind}", answer, 415, "unsupported_media_type")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = target.send("POST", "/auth/login", body={"email": "sales@example.com", "password": PASSWORD}, headers=headers)
        target.refused("being signed in by another site", answer, 403, "cross_site_request")
    target.check("the ridden requests changed nothing", world.state_of("leads", "sales") == before)
    answer = target.send("PATCH", path, body={"tags": ["mine"]}, headers={"Cookie": mine, "Origin": own})
    target.check("a page of our own changes it", answer.status == 200, answer)


def ends(target, world):
    """Sessions that end: by changed passwords, by being switched off, by oneself, by an admin; others' sessions are out of reach."""
    user = world.add_user("ends", "sales")
    one, two = (sign_in(target, user["email"], SECRET)["access_token"] for _ in range(2))
    body = {"current_password": "wrong-wrong-wrong", "new_password": "velvet-orbit-lantern-7"}
    target.refused("a new password without the old", target.send("POST", "/auth/password", one, body), 422, "validation_failed")
    for weak in ("short", "passwordpassword", user["email"], "rapport-rapport-1", "a" * 300):
        answer = target.send("POST", "/auth/password", one, {"current_password": SECRET, "new_password": weak})
        target.refused(f"a weak password {weak[:12]}", answer, 422)
    answer = target.send("POST", "/auth/password", one, {"current_password": SECRET, "new_password": body["new_password"]})
    target.check("a new password", answer.status == 204, answer)
    target.check("who changed it stays", target.send("GET", "/me", one).status == 200)
    target.refused("the other session is over", target.send("GET", "/me", two), 401, "session_revoked")
    target.refused("the old password is over", target.send("POST", "/auth/token",
                                                           body={"grant_type": "password", "email": user["email"], "password": SECRET}),
                   401, "invalid_credentials")
    others = world.read("/me/sessions", world.tokens["sales2"])["data"]
    target.refused("somebody else's session", target.send("DELETE", f"/me/sessions/{others[0]['id']}", one), 404, "not_found")
    target.must(target.send("DELETE", f"/users/{user['id']}/sessions", world.admin), 204)
    target.refused("ended by an admin", target.send("GET", "/me", one), 401, "session_revoked")
    again = sign_in(target, user["email"], body["new_password"])
    target.must(target.send("PATCH", f"/users/{user['id']}", world.admin, {"is_active": False}), 200)
    target.refused("switched off", target.send("GET", "/me", again["access_token"]), 401, "session_revoked")
    target.refused("switched off, refreshing", exchange(target, again["refresh_token"]), 401, "session_revoked")
    target.must(target.send("PATCH", f"/users/{user['id']}", world.admin, {"is_active": True}), 200)
    target.refused("switched on again, the old session stays over", target.send("GET", "/me", again["access_token"]), 401,
                   "session_revoked")
    many = [sign_in(target, user["email"], body["new_password"])["access_token"] for _ in range(22)]
    target.refused("of very many sessions the oldest ends", target.send("GET", "/me", many[0]), 401, "session_revoked")
    target.check("and the newest goes on", target.send("GET", "/me", many[-1]).status == 200)


def enumeration(target, world):
    """Whether somebody is there is told by no text: unknown, switched off and wrong are one answer."""
    off = world.add_user("off", "sales", is_active=False)
    said = set()
    for email, password in ((f"nobody.{world.word}@example.com", "x"), (off["email"], SECRET), (off["email"], "wrong"),
                            ("viewer@example.com", "wrong"),
                            (f"' OR 1=1 -- {world.word}@example.com", "x"), ("no address", "x")):
        answer = target.send("POST", "/auth/token", body={"grant_type": "password", "email": email, "password": password})
        target.refused(f"signing in as {email}", answer, 401, "invalid_credentials")
        said.add(json.dumps({name: value for name, value in answer.json.items() if name != "request_id"}))
    target.check("every failed sign-in reads the same", len(said) == 1, said)


def run(target, world):
    for part in (forged, schemes, exchanged, cookies, foreign_pages, ends, enumeration):
        part(target, world)
