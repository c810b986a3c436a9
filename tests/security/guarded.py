#!/usr/bin/env python3
"""The attacks on a server as it stands in the world: behind a proxy, reached by https, with its limits on; run.py starts it and this."""

import sys
import time

from sessions import browser
from target import PASSWORD, Target

OWN = "https://crm.example.com"
MOST_REQUESTS = 3000


def guess(target, email, address=None, password="wrong-wrong-wrong", headers=None):
    sent = ({"X-Forwarded-For": address} if address else {}) | (headers or {})
    return target.send("POST", "/auth/token", body={"grant_type": "password", "email": email, "password": password}, headers=sent)


def addresses():
    """Addresses that are used once."""
    for number in range(1, 250):
        yield f"198.51.{number}.7"


def over_https(target, fresh):
    """Cookies that belong to this host alone, and only pages of the configured origin."""
    answer, mine = browser(target, "sales", **{"X-Forwarded-For": next(fresh)})
    for name, cookie in answer.cookies.items():
        is_bound = name.startswith("__Host-") and "Domain" not in cookie and all(part in cookie for part in ("Secure", "Path=/", "HttpOnly"))
        target.check(f"{name} belongs to this host", is_bound, cookie)
    target.check("there are three", len(answer.cookies) == 3, answer)
    target.check("https is demanded from now on", "max-age=63072000" in (answer.headers.get("Strict-Transport-Security") or ""))
    plain = mine.replace("__Host-", "")
    target.refused("cookies without the prefix", target.send("GET", "/me", headers={"Cookie": plain, "X-Forwarded-For": next(fresh)}), 401,
                   "unauthenticated")
    foreign = ("http://crm.example.com", f"{OWN}.evil.example", "https://evil.example", "https://CRM.example.com:444",
               f"http://{target.host}:{target.port}", f"https://{target.host}", "null",
               "https://sub.crm.example.com", "https://crm.example.com/", "https://crm.example.com:443x")
    for origin in foreign:
        answer = target.send("PATCH", "/me", body={"theme": "dark"}, headers={"Cookie": mine, "Origin": origin,
                "X-Forwarded-For": next(fresh)})
        target.refused(f"a page of {origin}", answer, 403, "cross_site_request")
        answer = target.send("PATCH", "/me", body={"theme": "dark"}, headers={"Cookie": mine, "Origin": origin,
                "Host": origin.split("//")[-1] or "x", "X-Forwarded-For": next(fresh)})
        target.refused(f"a page of {origin} that names itself as host", answer, 403, "cross_site_request")
    answer = target.send("PATCH", "/me", body={"theme": "dark"}, headers={"Cookie": mine, "Origin": OWN, "X-Forwarded-For": next(fresh)})
    target.check("a page of our own", answer.status == 200, answer)


def guessing(target, fresh):
    """Passwords of one account are guessed a few times, from wherever; the owner is not locked out, nor anybody else."""
    known, mine = browser(target, "marketing", **{"X-Forwarded-For": next(fresh)})
    target.check("a device is known", known.status == 200, known)
    accounts = ["manager@example.com", "no-such-person@example.com", "marketing@example.com"]
    for email in accounts:
        found = [guess(target, email, next(fresh)).status for _ in range(6)]
        target.check(f"five guesses of {email} are free, and the sixth costs", found == [401] * 6, found)
    # Each failure doubles the wait: after these two there are four seconds to look at it.
    for wait in (1.2, 2.2):
        time.sleep(wait)
        for email in accounts:
            target.refused(f"after its wait {email} is guessed again", guess(target, email, next(fresh)), 401, "invalid_credentials")
    for email in accounts[:2]:
        for spelling in (email, email.upper(), f" {email} "):
            answer = guess(target, spelling, next(fresh), PASSWORD)
            target.refused(f"{spelling!r} waits, the right password as well", answer, (422, 429))
            target.check("it says how long", answer.status == 422 or 1 <= int(answer.headers.get("Retry-After") or 0) <= 4, answer)
    device = {"X-Forwarded-For": next(fresh)}
    forged = "; ".join(part if "device" not in part else part[:-3] + "000" for part in mine.split("; "))
    target.refused("a forged device is a stranger", browser(target, "marketing", cookies=forged, **device)[0], 429)
    target.check("a device that is known is not locked out by strangers",
                 browser(target, "marketing", cookies=mine, **device)[0].status == 200)
    target.check("nobody else waits", guess(target, "viewer@example.com", next(fresh), PASSWORD).status == 200)


def is_slowed(target, address, **headers):
    """Whether an address waits: of three tries in a row at most one is let through, as time goes on."""
    return [guess(target, "person@example.com", address, headers=headers).status for _ in range(3)].count(429) >= 2


def spraying(target, fresh):
    """One password for many accounts, from one address: the address waits, whatever it says about itself."""
    one = next(fresh)
    found = [guess(target, f"person{n}@example.com", one).status for n in range(30)]
    target.check("one address guesses a few times a minute", 429 in found and found.count(401) <= 25, found)
    for claim in (f"203.0.113.9, {one}", f"127.0.0.1, {one}", f"{one}:4711", f"x, {one}", f" {one} ", f"::ffff:{one}"):
        target.check(f"the same address as {claim!r}", is_slowed(target, claim))
    for name in ("X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Forwarded", "X-Originating-IP", "X-Cluster-Client-IP"):
        claim = "203.0.113.77" if name != "Forwarded" else "for=203.0.113.77"
        target.check(f"the same address with {name}", is_slowed(target, one, **{name: claim}))
    unreadable = [guess(target, f"other{n}@example.com", f"203.0.113.{n}, unknown").status for n in range(30)]
    target.check("what the proxy did not say is not believed", 429 in unreadable, unreadable)
    sixes = [guess(target, f"six{n}@example.com", f"2001:db8:1:2::{n:x}").status for n in range(30)]
    target.check("a network of IPv6 is one address", 429 in sixes, sixes)


def until_slowed(target, path, who, address):
    """The answers to one request again and again, until one is refused. A slow machine lets through what comes back meanwhile."""
    answers = []
    while len(answers) < MOST_REQUESTS and not (answers and answers[-1].status == 429):
        answers.append(target.send("GET", path, who, headers={"X-Forwarded-For": address}))
    return answers


def flooding(target, fresh):
    """Requests without proof, with a false one, and with a real one: each has its limit and says so."""
    token = target.must(guess(target, "viewer@example.com", next(fresh), PASSWORD), 200)["access_token"]
    for what, path, who in (("without proof", "/me", None), ("with a false proof", "/me", "a.b.c"),
                            ("of the document with a false proof", "/openapi.json", "a.b.c"),
                            ("of nothing with a false proof", "/nothing", "a.b.c")):
        last = until_slowed(target, path, who, next(fresh))[-1]
        target.check(f"requests {what} are limited",
                     last.status == 429 and "Retry-After" in last.headers and "RateLimit" in last.headers, last)
    one = next(fresh)
    found = [answer.status for answer in until_slowed(target, "/me", token, one)]
    target.check("a user is limited", found[-1] == 429 and found.count(200) >= 100, len(found))
    target.check("others behind the same address are not", target.send("GET", "/me",
            target.must(guess(target, "service@example.com", next(fresh), PASSWORD), 200)["access_token"],
                                                                     headers={"X-Forwarded-For": one}).status == 200)


def main():
    target, fresh = Target(), addresses()
    for part in (over_https, guessing, spraying, flooding):
        part(target, fresh)
    return target.finish("guarded")


if __name__ == "__main__":
    sys.exit(main())
