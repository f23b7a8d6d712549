"""A page of our own on loopback, to which a browser comes back with the answer of a sign-in (RFC 8252 §7.3)."""

from __future__ import annotations

import hmac
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from service.errors import NoToken

WAIT_SECONDS = 600
_LINE_SECONDS = 10  # browsers open lines that they say nothing on
_SAID = {
    200: "practiq has what it needs. You may close this page.",
    400: "This is no answer to what practiq asked. Look at the terminal.",
}

Answer = dict[str, str]


@contextmanager
def coming_back(state: str) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """
    The page's address, and what waits for the answer that names `state`; any other is turned away.

    The answer has `code`, or `error`. NoToken where none comes within WAIT_SECONDS.
    """
    came: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    def wait() -> Answer:
        try:
            return came.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise NoToken(
                f"Nobody signed in within {WAIT_SECONDS // 60} minutes.", hint="Begin again."
            ) from None

    with ThreadingHTTPServer(("127.0.0.1", 0), _page(state, came.put)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", wait
        finally:
            server.shutdown()
            thread.join()


def _page(state: str, take: Callable[[Answer], None]) -> type[BaseHTTPRequestHandler]:
    """The page, which takes an answer to our own question and to no other (RFC 6749 §10.12)."""

    class Page(BaseHTTPRequestHandler):
        timeout = _LINE_SECONDS

        def do_GET(self) -> None:
            answer = dict(parse_qsl(urlsplit(self.path).query))
            is_ours = hmac.compare_digest(answer.get("state", "").encode(), state.encode())
            is_ours = is_ours and bool(answer.keys() & {"code", "error"})
            status = 200 if is_ours else 400
            said = _SAID[status].encode()
            self.send_response(status)
            for name, value in (("Content-Type", "text/plain"), ("Content-Length", str(len(said)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)
            if is_ours:
                take(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing: the code stands in the address."""

    return Page
