"""Requests to the server at RAPPORT_URL, and what is answered, refusals too."""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080") + "/api/v1"
PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
JSON = {"Content-Type": "application/json"}
# An id that nothing has.
NOBODY = "01900000-0000-7000-8000-00000000dead"


class Answer:
    """A status, headers and a body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body.decode(errors="replace")
        self.json = json.loads(self.text) if self.text[:1] in ("{", "[") else None


def send(method, path, who=None, body=None, headers=None):
    """One request; a body that is not bytes is sent as JSON."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    if body is not None:
        headers = JSON | headers
    if who:
        headers["Authorization"] = f"Bearer {who}"
    request = urllib.request.Request(BASE + path, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, refusal.headers, refusal.read())


def must(answer, status):
    if answer.status != status:
        sys.exit(f"error: bad_input.py could not prepare: {answer.status} {answer.text[:600]}")
    return answer.json


def sign_in(name):
    body = {"grant_type": "password", "email": f"{name}@example.com", "password": PASSWORD}
    return must(send("POST", "/auth/token", body=body), 200)["access_token"]


def query(path, **parameters):
    return f"{path}?{urllib.parse.urlencode(parameters)}"
