"""A chat model behind a server of the OpenAI-compatible API."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from types import TracebackType
from typing import Self

import aiohttp

from ..chat import ChatEvent, ChatRequest
from ..errors import ApiKeyMissing, ModelBusy, ModelTimedOut, ModelUnreachable
from ..models import Model
from ..registry import Registry
from .attempt import Attempt
from .retries import Retries
from .wire import PATH, request_body

_CONNECT_S = 2.0
_KEEP_ALIVE_S = 4.0
"""Less than the 5 s after which vLLM's server closes a connection that rests."""


class RemoteChatModel:
    """Streams from a server, such as vLLM or the router before its replicas.

    Connections are kept and shared by all calls; Nagle's algorithm is off. A call that fails
    before its first token is tried again within its deadline; one that fails later is not,
    since text has been handed over. Admission is not its business: it sends what it is given.

        async with RemoteChatModel("narrow", "http://127.0.0.1:8100") as model:
            async for event in model.stream(request):
                ...
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        served_name: str = "",
        api_key: str = "",
        retries: Retries | None = None,
    ) -> None:
        """
        Args:
            name: its name in `models.toml`, for errors and records.
            url: address of the server, without the path of the API.
            served_name: what the server calls it; empty: `name`.
            api_key: sent as a bearer token; empty: none.
            retries: when a call is tried again.
        """
        self._name = name
        self._url = url.rstrip("/").removesuffix("/v1") + PATH
        self._served_name = served_name or name
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._retries = retries or Retries()
        self._session: aiohttp.ClientSession | None = None
        self._down_until = 0.0

    @classmethod
    def of(
        cls, model: Model, registry: Registry, environment: Mapping[str, str] | None = None
    ) -> Self:
        """The client for a model of a registry.

        Args:
            environment: where keys are looked up; None takes the process's own.

        Raises:
            ApiKeyMissing: the variable with its key is not set.
            ValueError: the model runs in this process.
        """
        engine = registry.server_of(model)
        if engine is None or model.engine is None:
            raise ValueError(f"model {model.name} has no server")
        key = ""
        if variable := engine.api_key_variable:
            key = (os.environ if environment is None else environment).get(variable, "")
            if not key:
                raise ApiKeyMissing(model.name, variable)
        return cls(model.name, engine.address, served_name=model.engine.served_name, api_key=key)

    @property
    def name(self) -> str:
        """Its name in `models.toml`."""
        return self._name

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        """Yield text as it is written, then one `Finished`; see `ChatModel.stream`."""
        end = asyncio.get_running_loop().time() + request.deadline_s
        attempt, events = await self._first(request, end)
        try:
            while events:
                for event in events:
                    yield event
                events = await attempt.more()
        finally:
            attempt.close()

    async def aclose(self) -> None:
        """Close all connections; calls under way break off."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _first(self, request: ChatRequest, end: float) -> tuple[Attempt, list[ChatEvent]]:
        """Try until there are events; `end`, as all moments here, is a time of the loop."""
        loop = asyncio.get_running_loop()
        body = request_body(request, self._served_name)
        retries = self._retries
        patience = loop.time() + request.first_token_s
        known_down = loop.time() < self._down_until
        failures = 0
        while True:
            try:
                return await self._try(request, body, patience, end)
            except (ModelUnreachable, ModelBusy) as error:
                failures += 1
                asked = error.retry_after_s if isinstance(error, ModelBusy) else None
                pause = None if known_down else retries.pause_s(failures, asked)
                if pause is None or loop.time() + pause >= min(patience, end):
                    if isinstance(error, ModelUnreachable):
                        self._down_until = loop.time() + retries.down_s
                    raise
                await asyncio.sleep(pause)

    async def _try(
        self, request: ChatRequest, body: bytes, patience: float, end: float
    ) -> tuple[Attempt, list[ChatEvent]]:
        attempt = Attempt(self._name)
        try:
            async with asyncio.timeout_at(min(patience, end)):
                headers = {**self._headers, **(request.headers or {})}
                events = await attempt.begin(self._connections(), self._url, body, headers)
        except TimeoutError as error:
            attempt.close()
            what = "no token" if patience < end else "no answer"
            limit = request.first_token_s if patience < end else request.deadline_s
            raise ModelTimedOut(self._name, f"{what} within {limit:g} s") from error
        except BaseException:
            attempt.close()
            raise
        self._down_until = 0.0
        attempt.expire_at(end)
        return attempt, events

    def _connections(self) -> aiohttp.ClientSession:
        """The pool; made here since it belongs to the loop that runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Admission bounds the calls; a bound here would be a second queue. Asyncio
                # sets TCP_NODELAY on every connection.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE_S),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session
