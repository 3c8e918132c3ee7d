"""A server with an OpenAI-compatible `/v1/embeddings` over a real model, which can also misbehave."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fingerpost_retrieval import Embedder

Misbehaviour = Callable[["Handler"], None]


class EmbeddingServer(ThreadingHTTPServer):
    """A context manager; `url` ends in "/v1". Requests are kept in `bodies`."""

    daemon_threads = True

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.embedder = embedder
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.misbehaves: list[Misbehaviour] = []
        """What the next requests meet, one each; then the server behaves."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self) -> EmbeddingServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: EmbeddingServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        if self.server.misbehaves:
            self.server.misbehaves.pop(0)(self)
            return
        if body["model"] != "minilm":
            self.answer(404, {"error": {"message": f"The model {body['model']} does not exist."}})
            return
        vectors = self.server.embedder.embed(body["input"])
        encoded = [base64.b64encode(row.tobytes()).decode() for row in vectors]
        data = [{"index": index, "embedding": row} for index, row in enumerate(encoded)]
        self.answer(200, {"data": data[::-1]})

    def answer(self, status: int, content: object, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
