"""The operations of the published document, with bodies that fit and the places where texts may stand."""

import copy
import re
from dataclasses import dataclass, field

VERBS = ("get", "put", "post", "patch", "delete")
CHANGES = ("PUT", "POST", "PATCH", "DELETE")
# Texts whose form is fixed: what does not fit them is refused by the contract's own tests.
FIXED = ("enum", "const")
# What an operation is asked where it must be asked something: words to find, and for an end, which a stream has not.
ASKED = {"searchEverything": "q=gate", "uploadFile": "name=gate.txt", "streamEvents": "follow=false"}


@dataclass
class Operation:
    """One method of one path."""

    method: str
    path: str
    id: str
    is_open: bool
    parameters: list = field(repr=False)
    body: object = field(repr=False)
    example: object = field(repr=False)

    @property
    def plural(self):
        """The first word of the path: `leads`."""
        return self.path.split("/")[1]

    @property
    def is_change(self):
        """Whether it writes; searches, previews and trials only look."""
        return self.method in CHANGES and not self.path.endswith(("/search", "/preview", "/dry-run"))

    @property
    def question(self):
        """What must be asked; empty where nothing must."""
        return ASKED.get(self.id, "")

    def place(self, names):
        """The path with its placeholders filled in."""
        return re.sub(r"\{(\w+)\}", lambda found: names[found[1]], self.path)


class Contract:
    """The document as the server publishes it."""

    def __init__(self, document):
        self.document = document
        self.operations = [self.operation(verb.upper(), path, item) for path, paths in document["paths"].items()
                           for verb, item in paths.items() if verb in VERBS]

    def operation(self, method, path, item):
        content = item.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = [example.get("value") for example in content.get("examples", {}).values()]
        return Operation(method, path.removeprefix("/api/v1"), item["operationId"], item.get("security") == [],
                         [self.resolve(parameter) for parameter in item.get("parameters", [])],
                         content.get("schema"), content.get("example", examples[0] if examples else None))

    def resolve(self, schema):
        """A schema or parameter without a reference at its top."""
        while isinstance(schema, dict) and "$ref" in schema:
            name = schema["$ref"].removeprefix("#/").split("/")
            schema = self.document
            for word in name:
                schema = schema[word]
        return schema

    def texts(self, schema, place=(), depth=0):
        """Where free texts may stand in a body: paths of names, with 0 for the first item of a list."""
        schema = self.resolve(schema)
        if depth > 4 or not isinstance(schema, dict):
            return
        for choice in schema.get("oneOf", []) + schema.get("anyOf", []) + schema.get("allOf", []):
            yield from self.texts(choice, place, depth)
        kind = schema.get("type")
        if (kind == "string" or isinstance(kind, list) and "string" in kind) and not any(word in schema for word in FIXED):
            yield place
        for name, part in schema.get("properties", {}).items():
            yield from self.texts(part, (*place, name), depth + 1)
        if "items" in schema:
            yield from self.texts(schema["items"], (*place, 0), depth + 1)

    def body_with(self, operation, place, value):
        """The example body with a value at a place; what stands around it comes from the schema's examples."""
        body = copy.deepcopy(operation.example)
        spot, schema = body, self.resolve(operation.body)
        for step, after in zip(place, (*place[1:], None)):
            if after is None:
                put(spot, step, value)
                return body
            if not has(spot, step):
                put(spot, step, [] if after == 0 else {})
            spot = spot[step]
        return body if schema else value


def has(spot, step):
    return (isinstance(spot, dict) and isinstance(spot.get(step), (dict, list))) or (isinstance(spot, list) and step < len(spot))


def put(spot, step, value):
    if isinstance(spot, list):
        spot[step:step + 1] = [value]
    else:
        spot[step] = value


def at(value, place):
    """What stands at a place of an answer; None when nothing does."""
    for step in place:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
