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
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> ContentServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

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
