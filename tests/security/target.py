"""The server at RAPPORT_URL, as an attacker sees it. Every answer is looked at, whatever it is to show: none is a 5xx,
tells of the inside, or lacks what every answer must have.
"""

import http.client
import json
import os
import re
import urllib.parse

API = "/api/v1"
PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}
# What only the inside of the program knows: SQL, files, types of Rust and traces of a panic.
INSIDE = re.compile(
    r"SQLSTATE|\bsqlite|postgres|diesel|\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bsyntax error at or near|no such (?:table|column):"
    r"|UNIQUE constraint|FOREIGN KEY|relation \"|column \"|panicked|backtrace|\.rs\b|/home/|/root/|/tmp/|/usr/|src/"
    r"|\bcrates?::|rapport_\w+::|\b(?:core|alloc|std|serde\w*|actix\w*)::|Option<|Vec<|expected struct|invalid type:|`\w+` at line",
    re.IGNORECASE)


class Answer:
    """A status, headers and a body, with what was asked."""

    def __init__(self, asked, status, headers, body):
        self.asked, self.status, self.headers, self.bytes = asked, status, headers, body
        self.text = body.decode(errors="replace")

    @property
    def json(self):
        """The body as JSON; an empty object when it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return {}

    @property
    def code(self):
        return self.json.get("code") if isinstance(self.json, dict) else None

    @property
    def cookies(self):
        """What was set, name by name, each with its attributes."""
        pairs = (cookie.split("=", 1) for cookie in self.headers.get_all("Set-Cookie") or [])
        return dict(pairs)

    def __str__(self):
        return f"{self.asked} → {self.status} {self.text[:300]}"


def said_by_us(problem):
    """The parts of a problem that are ours: the path, pointers and current records say back what was sent or stored."""
    errors = problem.get("errors") or []
    return " ".join([str(problem.get("title")), str(problem.get("detail"))]
                    + [f"{error.get('detail')} {error.get('params')}" for error in errors if isinstance(error, dict)])


def problem_faults(answer):
    """What is wrong with the form of a refusal."""
    problem = answer.json if isinstance(answer.json, dict) else {}
    if answer.headers.get("Content-Type") != "application/problem+json":
        yield f"a refusal of type {answer.headers.get('Content-Type')}"
    if MEMBERS - problem.keys():
        yield f"a refusal lacks {sorted(MEMBERS - problem.keys())}"
    if problem.get("status") != answer.status or problem.get("request_id") != answer.headers.get("X-Request-Id"):
        yield "status or request id of the refusal differ from the answer's"
    found = INSIDE.search(said_by_us(problem))
    if found:
        yield f"the refusal tells of the inside: {found[0]}"


def faults(answer, path):
    """What no answer may be."""
    if answer.status >= 500:
        yield f"status {answer.status}"
    for name, value in ALWAYS.items():
        if answer.headers.get_all(name) != [value]:
            yield f"{name}: {answer.headers.get_all(name)}"
    for name in ("Server", "X-Powered-By", "X-AspNet-Version"):
        if name in answer.headers:
            yield f"names its program: {name}"
    is_page = (answer.headers.get("Content-Type") or "").startswith("text/html")
    policy = answer.headers.get("Content-Security-Policy") or ""
    if answer.status != 304 and ("default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy):
        yield f"content security policy {policy!r}"
    # The document is everybody's, and asked for again with its tag.
    cache = "no-cache" if path.endswith("/openapi.json") and answer.status in (200, 304) else "no-store"
    if path.startswith("/api/") and (answer.headers.get("Cache-Control") != cache or is_page):
        yield f"an answer of the API with Cache-Control {answer.headers.get('Cache-Control')}"
    if answer.status >= 400:
        yield from problem_faults(answer)


class Target:
    """Sends requests, looks at the answers and counts what held."""

    def __init__(self, url=None):
        self.url = url or os.environ["RAPPORT_URL"]
        place = urllib.parse.urlsplit(self.url)
        self.host, self.port = place.hostname, place.port
        self.connection = None
        self.answers = self.passed = self.failed = 0

    def check(self, what, is_right, detail=""):
        """Counts one claim; says so when it does not hold."""
        if is_right:
            self.passed += 1
        else:
            self.failed += 1
            print(f"✗ {what}: {detail}", flush=True)
        return bool(is_right)

    def refused(self, what, answer, status, code=None):
        """A refusal with this status (or one of these) and, perhaps, this code."""
        statuses = status if isinstance(status, tuple) else (status,)
        is_right = answer.status in statuses and (code is None or answer.code == code)
        return self.check(what, is_right, f"expected {status} {code or ''}: {answer}")

    def must(self, answer, *statuses):
        """What a preparation answered; without it there is nothing to attack."""
        if answer.status not in (statuses or (200, 201, 204)):
            raise SystemExit(f"error: the attack cannot be prepared: {answer}")
        return answer.json

    def send(self, method, path, who=None, body=None, headers=None):
        """A request below /api/v1 of whoever has a token (or cookies); a body that is not bytes goes as JSON."""
        return self.ask(method, API + path, who, body, headers)

    def send_file(self, name, who, content):
        """A file of whoever has a token."""
        octets = {"Content-Type": "application/octet-stream"}
        return self.send("POST", query("/files", name=name), who, content, octets)

    def ask(self, method, path, who=None, body=None, headers=None):
        """A request to any path."""
        sent = {"Accept": "application/json"}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if body is not None:
            sent["Content-Type"] = "application/json"
        if who:
            sent["Authorization"] = f"Bearer {who}"
        answer = self.exchange(method, path, body, sent | (headers or {}))
        self.look_at(answer, urllib.parse.urlsplit(path).path)
        return answer

    def exchange(self, method, path, body, headers):
        for attempt in (1, 2):
            connection = self.connection or http.client.HTTPConnection(self.host, self.port, timeout=60)
            self.connection = connection
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return Answer(f"{method} {path[:160]}", answer.status, answer.headers, answer.read())
            except (http.client.HTTPException, OSError):
                # A connection that the server has closed meanwhile; a new one must work.
                connection.close()
                self.connection = None
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def look_at(self, answer, path):
        self.answers += 1
        found = list(faults(answer, path))
        if found:
            self.check("an answer that must not be", False, f"{'; '.join(found)}: {answer}")

    def finish(self, name):
        """The closing lines; gives back the status of the program."""
        self.check("there were answers to look at", self.answers > 0)
        self.passed += 1
        print(f"── {name}: {self.answers} answers looked at", flush=True)
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return int(self.failed > 0)


def query(path, **parameters):
    return f"{path}?{urllib.parse.urlencode(parameters)}"


def sign_in(target, name, password=PASSWORD):
    """The pair of tokens of an app."""
    email = name if "@" in name else f"{name}@example.com"
    body = {"grant_type": "password", "email": email, "password": password}
    return target.must(target.send("POST", "/auth/token", body=body), 200)
