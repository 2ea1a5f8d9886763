"""A local server that speaks OpenAI's embeddings API and answers with the hashing embedder.

``POST /v1/embeddings`` with ``{"model", "input": text or list, "encoding_format": "float" or "base64"}``.
As OpenAI's does, it refuses an empty text, an empty list and token ids it does not know.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from kb.embedders.hashing import HashingEmbedder

API_KEY = "local-key"
BROKEN = "broken"
"""A model of this name answers numbers that are not finite."""
SHORT = "short"
"""A model of this name forgets the last text."""


class _Endpoint(BaseHTTPRequestHandler):
    embedder = HashingEmbedder()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/embeddings":
            return self._answer(404, {"error": {"message": f"no such path: {self.path}"}})
        if self.headers["Authorization"] != f"Bearer {API_KEY}":
            return self._answer(401, {"error": {"message": "incorrect key"}})
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        if not texts or not all(isinstance(text, str) and text for text in texts):
            return self._answer(400, {"error": {"message": "'$.input' is invalid"}})
        return self._answer(200, self._embeddings(body, texts))

    def _embeddings(self, body: dict[str, Any], texts: list[str]) -> dict[str, Any]:
        rows = self.embedder.embed_documents(texts)
        if body["model"] == BROKEN:
            rows = rows * float("nan")
        if body["model"] == SHORT:
            rows = rows[:-1]
        packed = body.get("encoding_format") == "base64"
        vectors = [base64.b64encode(row.tobytes()).decode() if packed else row.tolist() for row in rows]
        return {
            "object": "list",
            "model": body["model"],
            "data": [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)],
            "usage": {"prompt_tokens": len(texts), "total_tokens": len(texts)},
        }

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        raw = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests' output is theirs."""


@contextmanager
def serve_embeddings() -> Iterator[str]:
    """Serve on a free port of the loopback; gives the base url, ending in ``/v1``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
