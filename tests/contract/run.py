"""Fuzzes the server at RAPPORT_URL against its own OpenAPI document, with every check of schemathesis.

    tests/contract/run.py [--phases examples,coverage,fuzzing,stateful]

Bad requests written by hand come first (bad_input.py). Then an administrator fuzzes every operation (in these phases),
then two salespeople of different teams fuzz the owned records, who must never get at each other's. Run by `make contract`.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import xml.etree.ElementTree
from pathlib import Path

import bad_input

FOLDER = Path(__file__).resolve().parent
URL = os.environ["RAPPORT_URL"]
DEMO_PASSWORD = os.environ.get("RAPPORT_PASSWORD", "rapport-demo")
PEERS = ("sales@example.com", "sales2@example.com")
OWNED_TAGS = ("Customers", "Contacts", "Leads", "Opportunities")
# Everything in the contract is fuzzed but this: setting up happens once, before the first user, and the demo has users.
LEFT_OUT = set()


def call(method, path, body=None, token=None):
    request = urllib.request.Request(f"{URL}/api/v1{path}", method=method)
    request.add_header("Accept", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        sys.exit(f"error: {method} {path} answered {refusal.code}: {refusal.read().decode(errors='replace')[:600]}")


def sign_in(email, password):
    body = {"grant_type": "password", "email": email, "password": password}
    return call("POST", "/auth/token", body)["access_token"]


def create_fuzzer():
    """An administrator of the fuzzer's own, whose password no example in the document can guess."""
    token = sign_in("admin@example.com", DEMO_PASSWORD)
    roles = call("GET", "/roles", token=token)["data"]
    email, password = "fuzzer@example.com", secrets.token_urlsafe(24)
    admin = [role["id"] for role in roles if role["key"] == "admin"]
    body = {"name": "Fuzzer", "email": email, "password": password, "role_ids": admin}
    user = call("POST", "/users", body, token)
    return {"RAPPORT_FUZZ_EMAIL": email, "RAPPORT_FUZZ_PASSWORD": password, "RAPPORT_FUZZ_ID": user["id"],
            "RAPPORT_HOOKS": str(FOLDER / "hooks.py")}


def peers_file(folder):
    """Two salespeople in the form of the Web Fuzzing Commons."""
    entries = [
        {"name": email, "loginEndpointAuth": {
            "endpoint": "/api/v1/auth/token", "verb": "POST", "contentType": "application/json",
            "payloadRaw": json.dumps({"grant_type": "password", "email": email, "password": DEMO_PASSWORD}),
            "token": {"extractFrom": "body", "extractSelector": "/access_token", "sendIn": "header",
                      "sendName": "Authorization", "sendTemplate": "Bearer {token}"}}}
        for email in PEERS
    ]
    path = folder / "peers.json"
    path.write_text(json.dumps({"auth": entries}))
    return path


def peers_config(folder):
    """The same settings, but signing in as the peers."""
    settings = (FOLDER / "schemathesis.toml").read_text().split("# The fuzzer may well")[0]
    path = folder / "peers.toml"
    quoted = ", ".join(f'"{peer}"' for peer in PEERS)
    path.write_text(settings + f'\n[auth.wfc]\npath = "{peers_file(folder)}"\npeers = [{quoted}]\n')
    return path


def fuzz(name, config, environment, folder, *options):
    """One run; gives back how many operations were tested and how many of them failed."""
    report = folder / f"{name}.xml"
    program = str(Path(sys.executable).parent / "schemathesis")
    command = [program, "--config-file", str(config), "run", f"{URL}/api/v1/openapi.json", "--url", URL,
               "--report", "junit", "--report-junit-path", str(report), *options]
    print(f"── {name}: {' '.join(command[3:])}", flush=True)
    status = subprocess.run(command, env=os.environ | environment, cwd=folder).returncode
    if not report.is_file():
        sys.exit(f"error: schemathesis ended with status {status} and wrote no report")
    cases = xml.etree.ElementTree.parse(report).getroot().findall(".//testcase")
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return len(cases) - len(failed), len(failed) or int(status != 0)


def every_operation_is_fuzzed(report, document):
    """The operations of the document that the report does not name."""
    cases = xml.etree.ElementTree.parse(report).getroot().findall(".//testcase")
    named = {case.get("name") for case in cases}
    verbs = {"get", "put", "post", "delete", "patch"}
    wanted = {f"{verb.upper()} {path}" for path, item in document["paths"].items() for verb in item if verb in verbs}
    return sorted(wanted - named - LEFT_OUT)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phases", default="examples,coverage,fuzzing,stateful", help="those of schemathesis")
    phases = parser.parse_args().phases
    by_hand = bad_input.run()
    print(f"── bad requests: {by_hand[0]} refused as they must be, {by_hand[1]} not", flush=True)
    environment = create_fuzzer()
    with tempfile.TemporaryDirectory(prefix="rapport-contract-") as name:
        folder = Path(name)
        whole = fuzz("everything", FOLDER / "schemathesis.toml", environment, folder, "--phases", phases)
        tags = [option for tag in OWNED_TAGS for option in ("--include-tag", tag)]
        peers = fuzz("peers", peers_config(folder), environment, folder, *tags, "--phases", "examples,stateful")
        missed = every_operation_is_fuzzed(folder / "everything.xml", call("GET", "/openapi.json"))
    for operation in missed:
        print(f"✗ {operation} was never called")
    me = call("GET", "/me", token=sign_in(environment["RAPPORT_FUZZ_EMAIL"], environment["RAPPORT_FUZZ_PASSWORD"]))
    if "admin" not in {role["key"] for role in me["roles"]}:
        sys.exit("error: the fuzzer lost its own rights on the way, so what came after was not tested")
    failed = by_hand[1] + whole[1] + peers[1] + len(missed)
    print(f"{by_hand[0] + whole[0] + peers[0]} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
