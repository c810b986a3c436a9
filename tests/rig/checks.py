"""The comparison of ledger, API and database. Every difference is a complaint; no complaint means that nothing is lost."""

from typing import Any, Iterator

from .client import Client
from .ledger import Call, Ledger, Outcome
from .place import Place

PLURALS = {"leads": "lead", "customers": "customer", "contacts": "contact", "opportunities": "opportunity"}
# How many answers of a round are asked for again under their keys.
REPEATED = 12


def judge(place: Place, client: Client, ledger: Ledger) -> list[str]:
    """Compares all of it, settles what was in doubt by asking again under the same key, and begins a new round.

    No writer may be at work. Complaints are whole sentences; the list is empty when all is well.
    """
    complaints = [*missing(client, ledger), *traces(client, ledger), *settle(client, ledger), *answers(client, ledger),
                  *rows(place, ledger), *effects(place), *place.integrity()]
    ledger.new_round()
    return complaints


def missing(client: Client, ledger: Ledger) -> Iterator[str]:
    """Acknowledged writes that are not there as they were answered."""
    doubted = {identity for call in ledger.of(Outcome.UNKNOWN) for _, identity in call.records}
    for identity, told in list(ledger.views.items()):
        plural, version = ledger.known[identity]
        answer = client.send("GET", f"/{plural}/{identity}")
        if answer.status != 200:
            yield f"an acknowledged record is lost: {plural} {identity} is answered {answer.status}"
        elif identity not in doubted and (answer.json["version"] != version or (
                told is not None and ledger.lasting(told) != ledger.lasting(answer.json))):
            yield f"an acknowledged write is lost: {plural} {identity} is {difference(told, answer.json)}"


def difference(told: Any, found: Any) -> str:
    """The members in which two views differ."""
    if told is None:
        return f"version {found['version']}"
    return str({name: (told.get(name), found.get(name)) for name in {*told, *found} if told.get(name) != found.get(name)})


def traces(client: Client, ledger: Ledger) -> Iterator[str]:
    """Refused creations that are there after all. (Refused changes show in `missing`, everything shows in `rows`.)"""
    for call in ledger.of(Outcome.REFUSED):
        for plural, identity in call.records:
            if identity not in ledger.known and client.send("GET", f"/{plural}/{identity}").status != 404:
                yield f"a refused write is there: {call.kind} {plural} {identity}"


def settle(client: Client, ledger: Ledger) -> Iterator[str]:
    """What got no answer is whole or not there, and its key tells which: afterwards it is certain."""
    for call in ledger.of(Outcome.UNKNOWN):
        if call.kind == "refuse":
            continue
        yield from settle_change(client, ledger, call) if call.kind == "change" else settle_keyed(client, ledger, call)


def settle_change(client: Client, ledger: Ledger, call: Call) -> Iterator[str]:
    ((plural, identity),) = call.records
    found, before = client.send("GET", f"/{plural}/{identity}").json, ledger.views.get(identity)
    if "version" not in found:
        return  # `missing` has told of it.
    changed = [name for name, value in call.body.items() if found[name] == value]
    is_done = found["version"] == ledger.known[identity][1] + 1 and len(changed) == len(call.body)
    if not is_done and (before is None or found != before):
        yield f"a change without an answer is half there: {plural} {identity}: {difference(before, found)}"
    ledger.learn(plural, identity, found)


def settle_keyed(client: Client, ledger: Ledger, call: Call) -> Iterator[str]:
    was_there = is_there(client, call)
    if len(set(was_there)) != 1:
        yield f"a batch without an answer is half there: {call.records}: {was_there}"
    first, second = (client.send(call.method, call.path, call.body, call.headers) for _ in range(2))
    if first.status not in call.expected:
        yield f"{call.kind} {call.path} was {was_there} there and is answered {first.status} under the same key: {first.json}"
        return
    if (first.header("idempotent-replayed") == "true") != was_there[0]:
        yield f"{call.kind} {call.path} was {was_there} there, but its key says otherwise"
    if (second.status, second.json) != (first.status, first.json):
        yield f"{call.kind} {call.path} is answered in two ways under one key"
    ledger.acknowledge(call, first)


def is_there(client: Client, call: Call) -> list[bool]:
    """Which of the records of a call show its effect."""
    found = [client.send("GET", f"/{plural}/{identity}") for plural, identity in call.records]
    if call.kind == "convert":
        return [answer.json.get("conversion") is not None for answer in found]
    return [answer.status == 200 for answer in found]


def answers(client: Client, ledger: Ledger) -> Iterator[str]:
    """Acknowledged requests, sent again under their keys, are answered as they were."""
    for call in [call for call in ledger.of(Outcome.ACKNOWLEDGED) if call.key][-REPEATED:]:
        again = client.send(call.method, call.path, call.body, call.headers)
        told = call.answer
        if told and ((again.status, again.json) != (told.status, told.json) or not again.header("idempotent-replayed")):
            yield f"a key has another answer: {call.kind} {call.path} is {again.status}, {difference(told.json, again.json)}"


def rows(place: Place, ledger: Ledger) -> Iterator[str]:
    """The tables hold exactly what is known, and the keys of exactly what was done."""
    each = [f"SELECT '{table}' AS kind, {place.text_of('id')} AS id, version FROM {table}" for table in PLURALS]
    found = {identity: (kind, version) for kind, identity, version in place.rows(" UNION ALL ".join(each))}
    known = {identity.replace("-", ""): told for identity, told in ledger.known.items()}
    for identity in known.keys() | found.keys():
        if known.get(identity) != found.get(identity):
            yield f"the database differs: {identity} is {found.get(identity)}, and must be {known.get(identity)}"
    keys = {key for (key,) in place.rows("SELECT key FROM idempotency_keys")}
    for key in keys ^ ledger.keys:
        yield f"a key {'without its effect' if key in keys else 'is lost'}: {key}"


def effects(place: Place) -> Iterator[str]:
    """History, events and conversions match the records, whoever wrote them."""
    parts = [f"SELECT '{what}' AS what, CAST(example AS TEXT) AS example FROM ({sql}) AS found"
             for what, sql in expectations(place)]
    for what, example in place.rows(" UNION ALL ".join(parts)):
        yield f"{what}: {example}"


def expectations(place: Place) -> Iterator[tuple[str, str]]:
    """What must not be, and the query that finds it."""
    yield from of_history(place)
    yield from of_conversions()
    yield "a key that is still at work", "SELECT key AS example FROM idempotency_keys WHERE status = 0"


def of_history(place: Place) -> Iterator[tuple[str, str]]:
    """Each version of each record has one line in the history and one event, and nothing else has."""
    for table, kind in PLURALS.items():
        of_it = f"x.record_id = t.id AND x.record_type = '{kind}' AND x.version BETWEEN 1 AND t.version"
        for what, of in (("history", "changes"), ("events", "outbox")):
            counted = f"SELECT count(DISTINCT x.version) FROM {of} x WHERE {of_it}"
            yield f"{table} without their {what}", f"SELECT number AS example FROM {table} t WHERE version <> ({counted})"
            yield f"{what} of no {kind}", (f"SELECT version AS example FROM {of} x WHERE record_type = '{kind}' "
                                           f"AND NOT EXISTS (SELECT 1 FROM {table} t WHERE {of_it})")
    change = "SELECT record_type, version, action AS done, record_id FROM changes"
    # What one person alone is told is about no record.
    told = "outbox WHERE for_user_id IS NULL"
    event = f"SELECT record_type, version, substr(event, length(record_type) + 2) AS done, record_id FROM {told}"
    pairs = (("a change without its event", change, event), ("an event without its change", event, change))
    for what, first, second in pairs:
        yield what, f"SELECT {place.text_of('record_id')} AS example FROM ({first} EXCEPT {second}) AS unequal"
    once = "SELECT count(*) AS example FROM {} GROUP BY record_id, version HAVING count(*) > 1"
    yield "a change told twice", once.format("changes")
    yield "an event told twice", once.format(told)


def of_conversions() -> Iterator[tuple[str, str]]:
    """A converted lead has its customer, contact and opportunity, and they have their lead."""
    live = "SELECT 1 FROM lead_conversions v WHERE v.lead_id = {} AND v.reverted_at IS NULL"
    yield "a lead converted in half", (f"SELECT number AS example FROM leads t "
                                       f"WHERE (status_category = 'converted') <> EXISTS ({live.format('t.id')})")
    for table in ("customers", "contacts", "opportunities"):
        column = f"{PLURALS[table]}_id"
        yield f"a conversion without one of {table}", (
            f"SELECT v.converted_at AS example FROM lead_conversions v WHERE v.reverted_at IS NULL AND "
            f"(SELECT count(*) FROM {table} t WHERE t.id = v.{column} AND t.origin_lead_id = v.lead_id) <> 1")
        yield f"{table} without their conversion", (
            f"SELECT number AS example FROM {table} t WHERE origin_lead_id IS NOT NULL "
            f"AND NOT EXISTS ({live.format('t.origin_lead_id')} AND v.{column} = t.id)")
