"""A small client for Rapport's public API: tokens, retries, lists page by page, batches."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

TRIES = 6
BATCH = 200
PAGE = 200


class Refused(Exception):
    """The server said no; `problem` is its problem document."""

    def __init__(self, method, path, status, problem):
        super().__init__(f"{method} {path} answered {status}: {json.dumps(problem, ensure_ascii=False)[:1500]}")
        self.status, self.problem = status, problem


class Api:
    def __init__(self, url, email, password):
        self.base = url.rstrip("/") + "/api/v1"
        self.credentials = {"grant_type": "password", "email": email, "password": password}
        self.token = None

    def sign_in(self):
        self.token = self.send("POST", "/auth/token", self.credentials)[0]["access_token"]

    def send(self, method, path, body=None, headers=()):
        """One call: the parsed body and the headers of the answer."""
        request = urllib.request.Request(self.base + path, method=method)
        request.add_header("Accept", "application/json")
        for name, value in headers:
            request.add_header(name, value)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read()
            return (json.loads(text) if text else None), answer.headers

    def call(self, method, path, body=None, headers=()):
        """As `send`, but signs in again when the token has run out and tries again when the server is busy."""
        for attempt in range(TRIES):
            try:
                return self.send(method, path, body, headers)
            except urllib.error.HTTPError as refusal:
                text = refusal.read().decode(errors="replace")
                problem = json.loads(text) if text.startswith("{") else {"detail": text[:500]}
                if refusal.code == 401 and attempt == 0:
                    self.token = None
                    self.sign_in()
                elif refusal.code in (429, 503) and attempt < TRIES - 1:
                    time.sleep(float(refusal.headers.get("Retry-After") or 1))
                else:
                    raise Refused(method, path, refusal.code, problem) from refusal
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.2 * 2**attempt)
        raise AssertionError("unreachable")

    def get(self, path, **query):
        return self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))[0]

    def post(self, path, body, key=None):
        """A POST under an idempotency key: sent twice by a retry, it acts once."""
        return self.call("POST", path, body, [("Idempotency-Key", key or str(uuid.uuid4()))])

    def list_all(self, path, **query):
        """All records of a list, page after page."""
        cursor = None
        while True:
            page = self.get(path, **query, limit=PAGE, **({"cursor": cursor} if cursor else {}))
            yield from page["data"]
            cursor = (page.get("page") or {}).get("next_cursor")
            if not cursor:
                return

    def upsert(self, resource, system, records):
        """Upserts `{external id: fields}` in batches; gives back `{external id: result}`."""
        results, names = {}, list(records)
        for start in range(0, len(names), BATCH):
            part = names[start:start + BATCH]
            operations = [{"action": "upsert", "external_id": {"system": system, "external_id": name},
                           "data": records[name]} for name in part]
            answer, _ = self.post(f"/{resource}/batch", {"atomic": True, "operations": operations})
            for result in answer["results"]:
                if result.get("problem"):
                    raise Refused("POST", f"/{resource}/batch", result["status"], {
                        "external_id": part[result["index"]], "sent": records[part[result["index"]]],
                        "problem": result["problem"]})
                results[part[result["index"]]] = result
        return results
