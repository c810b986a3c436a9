"""Keeps the fuzzer from sawing off the branch it sits on.

It runs as an administrator made for the run. Changing that one user (switched off, demoted, renamed) would turn every
later answer into a 401 and leave the rest untested, so a change aimed at it is aimed at nobody instead. And a stream that is
followed never ends, so it is asked for what was, and no more.
"""

import ast
import os
import threading
import uuid

import schemathesis

FUZZER_ID = os.environ.get("RAPPORT_FUZZ_ID", "")
NOBODY = str(uuid.UUID(int=0x01900000_0000_7000_8000_000000000000))
CHANGES = {"PATCH", "PUT", "DELETE", "POST"}


def one_at_a_time(function, lock=threading.Lock()):
    """The function, called by one thread at a time."""
    def alone(*arguments, **named):
        with lock:
            return function(*arguments, **named)
    return alone


# Hypothesis parses source text to describe strategies, and the fuzzer has several threads. Python up to 3.12.1 keeps the
# depth of that parse once for all threads, and fails where two meet (python/cpython#106905).
ast.parse = one_at_a_time(ast.parse)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Aims changes of the fuzzer's own user elsewhere, and gives the stream of events an end, in every phase."""
    if case.path == "/api/v1/events" and (case.query or {}).get("follow") in (None, True, "true"):
        case.query = dict(case.query or {}) | {"follow": "false"}
    parameters = case.path_parameters or {}
    if case.method.upper() in CHANGES and case.path.startswith("/api/v1/users/"):
        for name, value in parameters.items():
            if str(value).lower() == FUZZER_ID:
                parameters[name] = NOBODY
