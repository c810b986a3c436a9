"""A small reverse proxy that deals requests to the nodes in turn, as nginx does with `proxy_pass` to an upstream."""

import http.client
import itertools
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# How long a node that takes no connection is left out.
OUT_SECONDS = 1.0
HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


class Proxy:
    """Listens on a port of its own until the context ends."""

    def __init__(self, addresses: list[str]):
        self.addresses, self.turns, self.out = addresses, itertools.count(), dict.fromkeys(addresses, 0.0)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"proxy": self}))
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def order(self) -> list[str]:
        """The nodes to try, the next in turn first; those that are out come last."""
        first = next(self.turns) % len(self.addresses)
        turned = self.addresses[first:] + self.addresses[:first]
        return sorted(turned, key=lambda address: self.out[address] > time.monotonic())

    def connect(self) -> http.client.HTTPConnection | None:
        """To a node that takes connections. Nothing has been sent yet, so that trying the next one is harmless."""
        for address in self.order():
            connection = http.client.HTTPConnection(address, timeout=60)
            try:
                connection.connect()
            except OSError:
                self.out[address] = time.monotonic() + OUT_SECONDS
                continue
            return connection
        return None


class Handler(BaseHTTPRequestHandler):
    """One client's connection."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        node = self.proxy.connect()
        if node is None:
            self.send_error(503)
            return
        kept = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        try:
            node.request(self.command, self.path, body or None, kept)
            answer = node.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            # What became of the request is not known: silence, as the node's own end would have been.
            self.close_connection = True
            return
        finally:
            node.close()
        self.answer(answer, content, f"{node.host}:{node.port}")

    def answer(self, answer: http.client.HTTPResponse, content: bytes, node: str) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("X-Node", node)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = forward

    def log_message(self, *_words: Any) -> None:
        """Says nothing."""
