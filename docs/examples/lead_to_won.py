#!/usr/bin/env python3
"""From a lead to a won opportunity with Python's standard library, against `make run`:  docs/examples/lead_to_won.py"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid

API = os.environ.get("RAPPORT_URL", "http://127.0.0.1:8080") + "/api/v1"


class Problem(Exception):
    """A refusal, as a problem document (RFC 9457); `code` is for programs."""

    def __init__(self, document):
        super().__init__(f"{document['status']} {document['code']}: {document['detail']}")
        self.code, self.errors = document["code"], document["errors"]


class Rapport:
    def __init__(self, email, password):
        self.token = None
        grant = {"grant_type": "password", "email": email, "password": password}
        self.token = self.post("/auth/token", grant)["access_token"]

    def get(self, path, **query):
        return self.send("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path)

    def post(self, path, body, **headers):
        return self.send("POST", path, body, headers)

    def send(self, method, path, body=None, headers=None):
        sent = {"Accept-Language": "zh-CN", "Content-Type": "application/json"} | (headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(API + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Problem(json.load(error)) from None


def choose(candidates):
    """Links what is surely the same (a score of 80 or more), creates what is not."""
    if candidates and candidates[0]["score"] >= 80:
        return {"mode": "link", "id": candidates[0]["id"]}
    return {"mode": "create"}


# 1. Sign in.
rapport = Rapport("sales@example.com", "rapport-demo")

# 2. Capture a lead. The key makes it safe to send the request again when no answer came.
lead = rapport.post("/leads", {
    "family_name": "孙", "given_name": "乐", "title": "采购主管",
    "company_name": "宁波海岳仪器有限公司", "email": "sun.le@haiyue.example", "phone": "139 5740 1188",
    "source": "website", "estimated_amount": {"amount": "128000.00", "currency": "CNY"},
}, **{"Idempotency-Key": str(uuid.uuid4())})
print("lead", lead["number"], lead["name"])

# 3. Preview: who might be here already, and what would be created.
preview = rapport.post(f"/leads/{lead['id']}/conversion/preview", {})
print("candidates", [(found["name"], found["score"], found["matched"]) for found in preview["candidates"]["customers"]])

# 4. Convert: customer, contact and opportunity in one transaction.
converted = rapport.post(f"/leads/{lead['id']}/conversion", {
    "customer": choose(preview["candidates"]["customers"]),
    "contact": choose(preview["candidates"]["contacts"]),
    "opportunity": {"mode": "create", "fields": {"name": "海岳 · 三坐标测量机", "expected_close_on": "2030-06-30"}},
})
customer, deal = converted["customer"], converted["opportunity"]
print("customer", customer["name"], "opportunity", deal["name"])

# 5. Move the opportunity to the pipeline's won stage.
pipeline = next(found for found in rapport.get("/pipelines")["data"] if found["id"] == deal["pipeline_id"])
won = next(stage for stage in pipeline["stages"] if stage["category"] == "won")
moved = rapport.post(f"/opportunities/{deal['id']}/move", {"stage_id": won["id"]})
assert moved["category"] == "won"
print("won", moved["amount"]["amount"], moved["amount"]["currency"], "at", moved["closed_at"])

# 6. Find the customer by two Chinese characters, by pinyin and by its initials.
for words in ("海岳", "haiyue", "hyyq"):
    hits = rapport.get("/search", q=words, types="customers")["data"]
    assert customer["id"] in [hit["id"] for hit in hits], words
    print("found by", words)

# 7. A colleague of the same company: link the customer, and take the conversion back.
second = rapport.post("/leads", {
    "family_name": "何", "given_name": "晴", "company_name": "宁波海岳仪器有限公司", "email": "he.qing@haiyue.example",
})
wanted = {"customer": {"mode": "link", "id": customer["id"]}, "contact": {"mode": "create"}}
made = rapport.post(f"/leads/{second['id']}/conversion", wanted)
try:
    rapport.post(f"/leads/{second['id']}/conversion", wanted)
except Problem as problem:
    assert problem.code == "already_converted"
    print("a second time:", problem)
reopened = rapport.post(f"/leads/{second['id']}/conversion/undo", {})
assert reopened["conversion"] is None
print("undone:", made["contact"]["name"], "is a lead again,", reopened["status_category"])
