"""A local server that speaks OpenAI's chat API, streaming, and says what a script tells it: mostly wrong things.

``POST /v1/chat/completions`` with ``stream`` true or false. The script is a function from the request's body to a
``Reply``: the text, and what goes wrong while it is sent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

_PIECE = 7  # characters of a streamed piece: cut anywhere
_ENDLESS = 100_000  # pieces: more than any budget


class Fault(StrEnum):
    """What goes wrong with a reply."""

    NONE = "none"
    STATUS = "an error instead of an answer"
    BROKEN_JSON = "a stream whose lines are no JSON"
    HALF = "a connection that is cut in the middle"
    SILENT = "nothing at all, for long"
    STALL = "half, then nothing for long"
    ENDLESS = "the text again and again"
    EMPTY = "a stream without text"
    NO_STREAM = "a page of HTML"
    LATE = "nothing for 2.2 seconds, then the answer"
    WHOLE = "an answer that is not streamed though it was asked to be"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does with a request.

    Attributes:
        text: what it says.
        fault: what goes wrong.
        status: HTTP status of ``Fault.STATUS``.
    """

    text: str
    fault: Fault = Fault.NONE
    status: int = 500


Script = Callable[[dict[str, Any]], Reply]


class _Endpoint(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = type(self).script(body)
        self.close_connection = True
        try:
            self._send(reply, body)
        except OSError:
            return  # the other side has heard enough

    def _send(self, reply: Reply, body: dict[str, Any]) -> None:
        if reply.fault is Fault.STATUS:
            return self._whole(reply.status, "application/json", json.dumps({"error": {"message": "no"}}))
        if reply.fault is Fault.NO_STREAM:
            return self._whole(200, "text/html", "<html><body>Bad gateway</body></html>")
        if reply.fault is Fault.SILENT:
            return time.sleep(3)
        if reply.fault is Fault.LATE:
            time.sleep(2.2)
        if not body.get("stream") or reply.fault is Fault.WHOLE:
            text = "" if reply.fault is Fault.EMPTY else reply.text
            return self._whole(200, "application/json", json.dumps(_completion(text)))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        return self._stream(reply)

    def _stream(self, reply: Reply) -> None:
        pieces = [reply.text[i : i + _PIECE] for i in range(0, len(reply.text), _PIECE)]
        if reply.fault is Fault.EMPTY:
            pieces = []
        if reply.fault in (Fault.HALF, Fault.STALL):
            pieces = pieces[: max(1, len(pieces) // 2)]
        rounds = _ENDLESS if reply.fault is Fault.ENDLESS else 1
        for _ in range(rounds):
            for number, piece in enumerate(pieces):
                if reply.fault is Fault.BROKEN_JSON and number == 1:
                    self.wfile.write(b'data: {"choices": [{"delta": {"cont\n\n')
                self.wfile.write(f"data: {json.dumps(_delta(piece))}\n\n".encode())
        self.wfile.flush()
        if reply.fault is Fault.STALL:
            time.sleep(3)
        if reply.fault is not Fault.HALF:
            self.wfile.write(b"data: [DONE]\n\n")

    def _whole(self, status: int, kind: str, text: str) -> None:
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests' output is theirs."""


def _delta(text: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}


def _completion(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}


@contextmanager
def serve_chat(script: Script) -> Iterator[str]:
    """Serve on a free port of the loopback; gives the base url, ending in ``/v1``."""
    endpoint = type("Scripted", (_Endpoint,), {"script": staticmethod(script)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), endpoint)
    server.daemon_threads = True
    server.block_on_close = False  # a reply that never ends must not end the test
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
