"""Sessions, roles, keys and limits over two nodes: what happens on one is true on the other with its next request."""

from typing import Callable

import rig
from nodes import PASSWORD, Nodes, at_once, refresh, statuses, token_of

ROUNDS = 4


def sessions_are_shared(nodes: Nodes) -> None:
    """Signed in on one node, used and refreshed on the other."""
    for here, there in nodes.pairs:
        told = token_of(here, rig.EMAIL, rig.PASSWORD)
        for server in (here, there):
            assert server.client(told["access_token"]).get("/me")["email"] == rig.EMAIL
        renewed = refresh(there, told["refresh_token"])
        assert renewed.status == 200, renewed.body
        here.client(renewed.json["access_token"]).get("/me")


def endings_act_everywhere(nodes: Nodes) -> str:
    """A session that is ended, by whomever, is refused by the other node with its next request."""
    count = 0
    for here, there in nodes.pairs:
        admin = here.sign_in()
        for _ in range(ROUNDS):
            user, email = nodes.person(admin, "sales")
            for end in endings(admin, user):
                mine = here.sign_in(email, PASSWORD)
                elsewhere = there.client(mine.token)
                elsewhere.get("/me")
                end(mine)
                answer = elsewhere.send("GET", "/me")
                assert answer.status == 401, f"a session that has ended is answered {answer.status} on the other node"
                count += 1
    return f"{count} sessions"


def endings(admin: rig.Client, user: str) -> list[Callable[[rig.Client], object]]:
    """By its owner, by an administrator, by switching the user off."""
    return [
        lambda mine: mine.expect(204, "DELETE", f"/me/sessions/{current(mine)}"),
        lambda mine: admin.expect(204, "DELETE", f"/users/{user}/sessions"),
        lambda mine: admin.expect(200, "PATCH", f"/users/{user}", {"is_active": False}),
    ]


def current(client: rig.Client) -> str:
    """The id of a client's own session."""
    sessions = client.get("/me/sessions")["data"]
    return next(str(session["id"]) for session in sessions if session["is_current"])


def refreshing_never_forks(nodes: Nodes) -> str:
    """One refresh token sent to both nodes at once: at most one of the new ones goes on."""
    answered = 0
    for _ in range(ROUNDS * 2):
        old = token_of(nodes.a, rig.EMAIL, rig.PASSWORD)["refresh_token"]
        both = at_once(lambda: refresh(nodes.a, old), lambda: refresh(nodes.b, old))
        answered += sum(answer.status == 200 for answer in both)
        fresh = [answer.json["refresh_token"] for answer in both if answer.status == 200]
        again = [refresh(nodes.b, token).status for token in fresh]
        assert again.count(200) <= 1, f"both successors of one refresh token go on: {again}"
    return f"{answered} of {ROUNDS * 4} answered with tokens, never two that go on"


def changed_roles_act_at_once(nodes: Nodes) -> str:
    """A role taken, given back, and changed in what it grants."""
    count = 0
    for here, there in nodes.pairs:
        admin = here.sign_in()
        roles = {role["key"]: role["id"] for role in admin.get("/roles")["data"]}
        key = f"probe{next(nodes.numbers)}"
        grant = {"type": "lead", "action": "create", "scope": "own"}
        probe = admin.expect(201, "POST", "/roles", {"key": key, "names": {"en": key, "zh-CN": key}, "grants": [grant]})["id"]
        user, email = nodes.person(admin, "sales")
        elsewhere = there.client(there.sign_in(email, PASSWORD).token)
        for change, expected in [
                ((f"/users/{user}", {"role_ids": [roles["viewer"]]}), 403), ((f"/users/{user}", {"role_ids": [probe]}), 201),
                ((f"/roles/{probe}", {"grants": []}), 403), ((f"/roles/{probe}", {"grants": [grant]}), 201)]:
            for _ in range(ROUNDS):
                admin.expect(200, "PATCH", *change)
                answer = elsewhere.send("POST", "/leads", {"family_name": "林"})
                assert answer.status == expected, f"after {change} on the other node: {answer.status}, not {expected}"
                count += 1
    return f"{count} changes"


def api_keys_are_shared(nodes: Nodes) -> None:
    """Made on one node, used on the other; taken away there, refused here."""
    for here, there in nodes.pairs:
        body = {"name": "probe", "scopes": ["*:read"]}
        made = here.sign_in().expect(201, "POST", "/api-keys", body)
        client = here.client(made["key"])
        for server in (there, here):
            server.client(made["key"]).get("/customers")
        there.sign_in().expect(204, "DELETE", f"/api-keys/{made['api_key']['id']}")
        assert client.send("GET", "/customers").status == 401


def wrong_passwords_are_counted_together(nodes: Nodes) -> None:
    """Five are free, on whichever node; the next one waits, the right password too."""
    _, email = nodes.person(nodes.a.sign_in(), "sales")
    grant = {"grant_type": "password", "email": email, "password": "not the password at all"}
    servers = [nodes.a, nodes.b, nodes.a, nodes.b, nodes.a, nodes.b]
    answers = [server.client().send("POST", "/auth/token", grant) for server in servers]
    assert [answer.status for answer in answers] == [401] * 6, statuses(answers)
    for server in (nodes.a, nodes.b):
        answer = server.client().send("POST", "/auth/token", {**grant, "password": PASSWORD})
        assert answer.status == 429 and answer.header("retry-after"), answer.status


def rates_are_counted_by_each_node(nodes: Nodes) -> None:
    """A limit protects a node: two nodes let twice as much through, and say so alike."""
    limits = {"RAPPORT__RATE_LIMIT__ENABLED": "true", "RAPPORT__RATE_LIMIT__USER_PER_MINUTE": "10"}
    program = rig.Program(nodes.place, nodes.program.folder, limits)
    key = nodes.a.api_key()
    with program.serve() as first, program.serve() as second:
        for server in (first, second):
            client = server.client(key)
            answers = [client.send("GET", "/sources") for _ in range(11)]
            assert [answer.status for answer in answers] == [200] * 10 + [429], statuses(answers)
            assert answers[-1].header("ratelimit").startswith('"user";r=0'), answers[-1].headers
