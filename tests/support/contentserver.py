"""A local Content API that serves real payloads, and misbehaves where a test asks it to."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from types import TracebackType

from aiohttp import web

Json = dict[str, object]
Handler = Callable[[web.Request], Coroutine[object, object, web.StreamResponse]]


class ContentServer:
    """A real HTTP server on 127.0.0.1, in a thread of its own."""

    def __init__(self, payloads: list[Json]) -> None:
        self.pages: dict[str, Json] = {str(one["base_path"]): one for one in payloads}
        self.special: dict[str, Handler] = {}
        """Handlers by path, instead of what is in `pages`."""
        self.requests: Counter[str] = Counter()
        self.moments: list[float] = []
        self.unchanged = 0
        self.most_at_once = 0
        self.delay_s = 0.0
        self.url = ""
        self._at_once = 0
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> ContentServer:
        self._thread.start()
        assert self._started.wait(10), "the server does not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()
        # Connections that are closing are closed in the next turn of the loop.
        await asyncio.sleep(0)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/content")
        self.requests[path] += 1
        self.moments.append(time.monotonic())
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(self.delay_s)
            if path in self.special:
                return await self.special[path](request)
            if path not in self.pages:
                return web.json_response({"errors": "not found"}, status=404)
            return self._page(request, self.pages[path])
        finally:
            self._at_once -= 1

    def _page(self, request: web.Request, payload: Json) -> web.Response:
        body = json.dumps(payload).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return web.Response(status=304, headers={"ETag": etag})
        headers = {"ETag": etag, "Content-Encoding": "gzip"}
        return web.Response(
            body=gzip.compress(body), content_type="application/json", headers=headers
        )


def answering(status: int, body: bytes = b"{}", **headers: str) -> Handler:
    """A handler that always answers alike."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(
            status=status,
            body=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    return answer


def failing(times: int, then: Handler, *, status: int = 503, **headers: str) -> Handler:
    """A handler that fails some times before it answers."""
    left = iter(range(times))

    async def answer(request: web.Request) -> web.StreamResponse:
        if next(left, None) is not None:
            return await answering(status, **headers)(request)
        return await then(request)

    return answer
