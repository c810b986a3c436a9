"""Filters, sort orders, lists of fields and words that would be more than they are."""

from urllib.parse import quote

from world import OWNED

ORDERS = ("name;SELECT 1", "name DESC", "(SELECT 1)", "name,(CASE WHEN 1=1 THEN name END)", "1", "--name", "name--", "password_hash",
          "owner.email", "name\0", "id", "*")
FIELDS = ("*", "password_hash", "owner.password_hash", "id;SELECT 1", "id,(SELECT 1)", "__proto__", "constructor", "../users",
          "owner.sessions", "api_keys")
FILTERS = ("1=1", "id = id", "name = 'x' UNION SELECT 1", "name = 'x'; SELECT 1", "name ~ '%' OR 1=1", "owner.password_hash ^= '$'",
           "owner.email ^= 'a'", "created_by.email ~ 'a'", "name = (SELECT 1)", "name IN (SELECT 1)", "name = 'x' --", "name = 'x' /* */",
           "name LIKE '%'", "name REGEXP '.*'", "pg_sleep(5)", "randomblob(1e9)", "name = 'x' AND sleep(5)", "name || ''", "search ~ 'x'")
NODES = ({"field": "name", "op": "eq'", "value": "x"}, {"field": "name; SELECT 1", "op": "eq", "value": 1},
         {"field": "name", "op": "raw", "value": "1=1"}, {"$where": "1"}, {"field": ["name"], "op": "eq", "value": "x"},
         {"field": "name", "op": "eq", "value": {"$ne": None}}, {"and": {"or": []}}, {"__proto__": {}})
NEEDLES = ("%", "_", "%%", "a%b", "\\%", "[a-z]", "*", "' OR '' = '")
WORDS = ("%", "_", "*", '"', "'", 'a" OR "b', "NEAR(a b)", "a:*", "!x", "-x", "^a", "name:x", "(", "\\", "a & b | c", "x*y")


def lists(target, world, plural):
    """What is no order, no field and no filter is refused."""
    def ask(what, path):
        target.refused(f"{plural}: {what}", target.send("GET", path, world.admin), 400)

    for sort in ORDERS:
        ask(f"in the order {sort}", f"/{plural}?sort={quote(sort)}")
    for value in FIELDS:
        for name in ("fields", "include"):
            ask(f"with {name} {value}", f"/{plural}?{name}={quote(value)}")
        for name in ("group_by", "sum"):
            ask(f"with {name} {value}", f"/{plural}/summary?{name}={quote(value)}")
    for text in FILTERS:
        ask(f"filtered by {text}", f"/{plural}?filter={quote(text)}")
    for node in NODES:
        answer = target.send("POST", f"/{plural}/search", world.admin, {"filter": node})
        target.refused(f"{plural} filtered by {node}", answer, (400, 422))


def needles(target, world, plural):
    """What stands for any letter in SQL stands for itself."""
    for needle in NEEDLES:
        escaped = needle.replace("\\", "\\\\").replace("'", "\\'")
        for op in ("=", "~", "^=", "$="):
            answer = target.send("GET", f"/{plural}?limit=1&filter={quote(f'name {op} ' + chr(39) + escaped + chr(39))}", world.admin)
            found = [row["name"].lower() for row in answer.json.get("data", [])]
            is_right = answer.status == 200 and all(needle.lower() in name for name in found)
            target.check(f"{plural} where name {op} {needle} are those that hold it", is_right, answer)


def words(target, world):
    """Words of search are looked for, never obeyed."""
    for word in WORDS:
        for path in ("/search", "/users/directory", *(f"/{plural}" for plural in OWNED)):
            answer = target.send("GET", f"{path}?q={quote(word)}", world.admin)
            target.check(f"{path} looks for {word}", answer.status == 200, answer)
    found = world.read("/users/directory?q=%25")["data"]
    target.check("a percent sign is no placeholder", all("%" in user["name"] for user in found), found)


def run(target, world):
    before = [world.state_of(plural) for plural in OWNED]
    for plural in OWNED:
        lists(target, world, plural)
        needles(target, world, plural)
    words(target, world)
    target.check("filters change nothing", before == [world.state_of(plural) for plural in OWNED])
