"""Writes that meet on two nodes: the database decides, and every caller is told the same."""

import collections
import os
import time
import uuid
from typing import Any

import rig
from nodes import PASSWORD, Nodes, at_once, statuses, token_of

ROUNDS = 12
# Leads that sixteen clients send at once, and people who get them by turns; 10,000 for the whole proof.
LEADS, CLIENTS, SELLERS = int(os.environ.get("RAPPORT_SCALE_LEADS", "400")), 16, 5
# Tasks that fall due at once, and the seconds in which every node has looked at the clock again.
TASKS, LOOK = 60, 20
STAGES = [{"names": {"en": "Open", "zh-CN": "进行"}, "category": "open", "probability": 20},
          {"names": {"en": "Won", "zh-CN": "赢单"}, "category": "won"}, {"names": {"en": "Lost", "zh-CN": "输单"}, "category": "lost"}]


def clients(nodes: Nodes) -> tuple[rig.Client, rig.Client]:
    """The administrator, on each node."""
    token = nodes.a.sign_in().token
    return nodes.a.client(token), nodes.b.client(token)


def a_key_has_one_effect(nodes: Nodes) -> str:
    """The same request under one key to both nodes at once; then another request under it."""
    one, two = clients(nodes)
    for _ in range(ROUNDS):
        key, name = {"Idempotency-Key": str(uuid.uuid4())}, f"云杉 {uuid.uuid4()}"
        both = at_once(*[lambda client=client: client.send("POST", "/customers", {"name": name}, key) for client in (one, two)])
        assert statuses(both) == [201, 201], statuses(both)
        assert both[0].json == both[1].json, "two answers under one key"
        assert sorted(answer.header("idempotent-replayed") for answer in both) == ["", "true"], "which was the first one?"
        found = one.get(f"/customers?filter=name%3D'{name.replace(' ', '%20')}'".replace("云杉", "%E4%BA%91%E6%9D%89"))
        assert len(found["data"]) == 1, f"{len(found['data'])} customers were made under one key"
        other = two.send("POST", "/customers", {"name": f"{name}!"}, key)
        assert (other.status, other.json["code"]) == (422, "idempotency_key_reused"), other.body
    return f"{ROUNDS} pairs"


def of_two_changes_one_is_told(nodes: Nodes) -> None:
    """Both nodes change one version: one does, the other is answered 412."""
    one, two = clients(nodes)
    record = one.expect(201, "POST", "/customers", {"name": "海岳"})
    for _ in range(ROUNDS):
        tag = {"If-Match": f'"{record["version"]}"'}
        both = at_once(*[lambda client=client, n=n: client.send("PATCH", f"/customers/{record['id']}", {
            "description": f"{n} {uuid.uuid4()}"}, tag) for n, client in enumerate((one, two))])
        assert statuses(both) == [200, 412], statuses(both)
        record = two.get(f"/customers/{record['id']}")


def one_pipeline_is_the_default(nodes: Nodes) -> None:
    one, two = clients(nodes)
    made = [one.expect(201, "POST", "/pipelines", {"names": {"en": f"P{n}", "zh-CN": f"流程{n}"}, "stages": STAGES})["id"]
            for n in range(2)]
    for turn in range(ROUNDS):
        both = at_once(*[lambda client=client, n=n: client.send("PATCH", f"/pipelines/{made[(n + turn) % 2]}", {"is_default": True})
                         for n, client in enumerate((one, two))])
        assert all(answer.status in (200, 409, 412) for answer in both), statuses(both)
        defaults = [found["id"] for found in two.get("/pipelines")["data"] if found["is_default"]]
        assert len(defaults) == 1, f"{len(defaults)} default pipelines"


def an_administrator_remains(nodes: Nodes) -> None:
    """Two administrators switch each other off at the same moment, each on a node of their own."""
    first = nodes.a.sign_in()
    me = first.get("/me")["id"]
    for _ in range(ROUNDS // 3):
        other, email = nodes.person(first, "admin")
        second = nodes.b.sign_in(email, PASSWORD)
        both = at_once(lambda: first.send("PATCH", f"/users/{other}", {"is_active": False}),
                       lambda: second.send("PATCH", f"/users/{me}", {"is_active": False}))
        assert [answer.status for answer in both].count(200) == 1, f"switching each other off: {statuses(both)}"
        if both[1].status == 200:
            second.expect(200, "PATCH", f"/users/{me}", {"is_active": True})
            first = nodes.a.sign_in()
            first.expect(200, "PATCH", f"/users/{other}", {"is_active": False})


def a_lead_is_converted_once(nodes: Nodes) -> None:
    one, two = clients(nodes)
    whole: dict[str, Any] = {"customer": {"mode": "create"}, "contact": {"mode": "create"}, "on_duplicate": "force",
                             "duplicate_reason": "test"}
    for n in range(ROUNDS):
        lead = one.expect(201, "POST", "/leads", {"family_name": "何", "company_name": f"苏州 {n}"})["id"]
        both = at_once(*[lambda client=client: client.send("POST", f"/leads/{lead}/conversion", whole) for client in (one, two)])
        assert statuses(both) == [201, 409], statuses(both)
        told = next(answer.json["code"] for answer in both if answer.status == 409)
        assert told == "already_converted", told


def jobs_convert_each_lead_once(nodes: Nodes) -> str:
    """Two jobs over the same leads, begun on two nodes at once: each lead is converted by one of them, and the other is told."""
    one, two = clients(nodes)
    made = [{"action": "create", "data": {"company_name": f"无锡 {n} {uuid.uuid4()}"}} for n in range(TASKS)]
    leads = [row["id"] for row in one.expect(200, "POST", "/leads/batch", {"atomic": True, "operations": made})["results"]]
    body = {"ids": leads, "plan": {"customer": "create", "on_duplicate": "force", "duplicate_reason": "test"}}
    begun = at_once(*[lambda client=client: client.send("POST", "/leads/conversions", body) for client in (one, two)])
    assert statuses(begun) == [202, 202], statuses(begun)
    ended, until = [], time.time() + 120
    for client, answer in zip((two, one), begun, strict=True):
        while not (job := client.get(f"/jobs/{answer.json['id']}"))["finished_at"]:
            assert time.time() < until, f"a job does not end: {job}"
            time.sleep(0.2)
        ended.append(job)
    counts = {name: sum(job["counts"][name] for job in ended) for name in ("succeeded", "skipped", "failed")}
    # What the first has converted by the time the second is begun is no item of the second.
    counts["left out"] = sum(job["left_out"]["already_converted"] for job in ended)
    assert (counts["succeeded"], counts["skipped"] + counts["left out"], counts["failed"]) == (TASKS, TASKS, 0), counts
    became = {two.get(f"/leads/{lead}")["conversion"]["customer_id"] for lead in leads}
    assert len(became) == TASKS, f"{len(became)} customers of {TASKS} leads"
    return f"{TASKS} leads, {ended[0]['counts']['succeeded']} by one job and {ended[1]['counts']['succeeded']} by the other"


def insist(client: rig.Client, path: str, body: Any) -> Any:
    """Makes something under a key, again as long as the server says that too many are waiting."""
    key = {"Idempotency-Key": str(uuid.uuid4())}
    while (answer := client.send("POST", path, body, key)).status == 503:
        time.sleep(float(answer.header("retry-after")))
    assert answer.status == 201, answer.body
    return answer.json


def leads_are_given_evenly(nodes: Nodes) -> str:
    """Sixteen programs send leads without an owner to both nodes at once: by turns everybody gets exactly as many."""
    admin, key = nodes.a.sign_in(), nodes.a.api_key()
    sellers = [nodes.person(admin, "sales")[0] for _ in range(SELLERS)]
    rule = admin.expect(201, "POST", "/assignment-rules", {"name": f"轮流 {uuid.uuid4()}", "strategy": "round_robin", "user_ids": sellers})
    each = LEADS // CLIENTS // SELLERS * SELLERS

    def send(n: int) -> list[str]:
        client = (nodes.a, nodes.b)[n % 2].client(key)
        return [insist(client, "/leads", {"company_name": f"线索 {n} {i}"})["owner_id"] for i in range(each)]

    owners = collections.Counter(owner for told in at_once(*[lambda n=n: send(n) for n in range(CLIENTS)]) for owner in told)
    nodes.b.sign_in().expect(204, "DELETE", f"/assignment-rules/{rule['id']}")
    assert owners == {seller: each * CLIENTS // SELLERS for seller in sellers}, f"{owners} of {each * CLIENTS}"
    return f"{each * CLIENTS} leads by {CLIENTS} clients, {each * CLIENTS // SELLERS} for each of {SELLERS}"


def what_is_due_is_told_once(nodes: Nodes) -> str:
    """Tasks fall due while both nodes look at the clock: their owner is told of each, once."""
    _, email = nodes.person(nodes.a.sign_in(), "sales")
    seller = nodes.b.sign_in(email, PASSWORD)
    due = time.time() + 5
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(due))
    made = [{"action": "create", "data": {"kind": "task", "name": f"到期 {n}", "due_at": at}} for n in range(TASKS)]
    seller.expect(200, "POST", "/activities/batch", {"atomic": True, "operations": made})
    while seller.get("/me/notifications/count")["unread"] < TASKS:
        assert time.time() < due + 60, "nobody was told for a minute"
        time.sleep(0.5)
    took = time.time() - due
    time.sleep(LOOK)
    told = [line["activity"]["id"] for line in seller.get("/me/notifications?limit=100")["data"]]
    assert len(told) == len(set(told)) == TASKS, f"{len(told)} lines of {len(set(told))} tasks, and there are {TASKS}"
    return f"{TASKS} tasks told {took:.0f} s after they were due, and no more when both nodes had looked again"


def pooled_customers_are_claimed_once(nodes: Nodes) -> str:
    """Claimers on both nodes reach for the same customers: each goes to one of them, and nobody claims more than a day allows."""
    admin, wanted, daily = nodes.a.sign_in(), 60, 20
    pool = next(row for row in admin.get("/pools")["data"] if row["is_default"])
    people = [token_of(nodes.a, nodes.person(admin, "sales")[1])["access_token"] for _ in range(SELLERS)]
    made = [{"action": "create", "data": {"name": f"公海 {n}"}} for n in range(wanted)]
    ids = [row["id"] for row in admin.expect(200, "POST", "/customers/batch", {"atomic": True, "operations": made})["results"]]
    back = [{"action": "release", "id": id, "data": {"reason": "轮空"}} for id in ids]
    admin.expect(200, "POST", "/customers/batch", {"atomic": True, "operations": back})
    admin.expect(200, "PATCH", f"/pools/{pool['id']}", {"claims_per_day": daily})

    def claim(n: int) -> list[str]:
        client = (nodes.a, nodes.b)[n % 2].client(people[n % SELLERS])
        answers = [client.send("POST", f"/customers/{id}/claim") for id in ids[n:] + ids[:n]]
        assert {answer.status for answer in answers} <= {200, 409}, statuses(answers)
        return [answer.json["id"] for answer in answers if answer.status == 200]

    won = at_once(*[lambda n=n: claim(n) for n in range(CLIENTS)])
    admin.expect(200, "PATCH", f"/pools/{pool['id']}", {"claims_per_day": None})
    assert sorted(id for told in won for id in told) == sorted(ids), "each customer to one of them"
    each = collections.Counter(n % SELLERS for n, told in enumerate(won) for _ in told)
    assert max(each.values()) <= daily, each
    owned = [nodes.b.client(token).get("/me/pools")["data"][0]["owned"] for token in people]
    assert owned == [each[n] for n in range(SELLERS)], (owned, each)
    return f"{wanted} customers, {CLIENTS} clients of {SELLERS} people, at most {daily} each"


def cursors_hold_on_every_node(nodes: Nodes) -> str:
    """A list read page by page through the proxy, whose pages come from both nodes."""
    client = rig.Client(nodes.proxy.address, nodes.a.sign_in().token)
    made = [{"action": "create", "data": {"name": f"页 {n}", "tags": ["paged"]}} for n in range(60)]
    client.expect(200, "POST", "/customers/batch", {"atomic": True, "operations": made})
    seen, served, cursor = [], set(), ""
    while True:
        filtered = "/customers?limit=7&sort=-created_at&filter=tags%20HAS%20ANY%20('paged')"
        answer = client.send("GET", filtered + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status == 200, answer.body
        served.add(answer.header("x-node"))
        seen += [row["id"] for row in answer.json["data"]]
        cursor = answer.json["page"]["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 60, f"{len(seen)} rows, {len(set(seen))} of them different"
    assert len(served) == 2, served
    return f"{len(seen)} rows from {len(served)} nodes"
