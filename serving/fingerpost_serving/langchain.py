"""A served model as a LangChain chat model.

Needs the extra `langchain`: `pip install fingerpost-serving[langchain]`.

It writes text, and JSON of a schema (`with_structured_output`). It takes text only, and it
calls no tools.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import threading
import weakref
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from operator import itemgetter
from typing import Any, Literal, TypeVar

try:
    from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
    from langchain_core.language_models import (
        BaseChatModel,
        LangSmithParams,
        LanguageModelInput,
    )
    from langchain_core.language_models.chat_models import (
        agenerate_from_stream,
        generate_from_stream,
    )
    from langchain_core.messages import (
        AIMessage,
        AIMessageChunk,
        BaseMessage,
        HumanMessage,
        SystemMessage,
    )
    from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
    from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
    from langchain_core.outputs import ChatGenerationChunk, ChatResult
    from langchain_core.runnables import Runnable, RunnableMap, RunnablePassthrough
    from langchain_core.utils.function_calling import convert_to_json_schema
    from langchain_core.utils.pydantic import is_basemodel_subclass
    from pydantic import BaseModel, Field, PrivateAttr, SecretStr
except ModuleNotFoundError as missing:  # pragma: no cover -- the tests' environment has them
    raise ImportError(
        f"{missing.name} is missing: pip install fingerpost-serving[langchain]"
    ) from missing

from .chat import ChatEvent, ChatModel, ChatRequest, ChatRole, Finished, Message, Usage
from .client import RemoteChatModel, Retries

__all__ = ["ChatFingerpost"]

T = TypeVar("T")


class ChatFingerpost(BaseChatModel):
    """Chats with a model behind a server, such as vLLM, its router or another OpenAI-compatible one.

    Errors are the `ModelFailed`s of `fingerpost_serving`.

    Example:
        chat = ChatFingerpost(model="narrow", base_url="http://127.0.0.1:8100")
        print(chat.invoke("What is a fingerpost?").text)
    """

    model: str
    """What the server calls the model."""
    base_url: str
    """Address of the server."""
    api_key: SecretStr | None = None
    """Sent as a bearer token."""
    max_tokens: int = 512
    """Most tokens of an answer."""
    temperature: float = 0.0
    """0 takes the likeliest token each time."""
    stop: list[str] | None = None
    """The model ends before it would write one of these."""
    seed: int | None = None
    """Makes random choices repeatable, where the server can."""
    timeout: float = Field(default=30.0, gt=0)
    """Longest time for a call with all its retries, in seconds."""
    max_retries: int = Field(default=5, ge=0)
    """Tries after the first one; only what failed before its first token is tried again."""
    streaming: bool = True
    """Taken since other chat models have it: calls are streamed from the server in any case."""

    _connected: ChatModel | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "fingerpost"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": self.model, "base_url": self.base_url, "temperature": self.temperature}

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        params = super()._get_ls_params(stop=stop, **kwargs)
        params["ls_max_tokens"] = self.max_tokens
        return params

    # --- calls --------------------------------------------------------------------------

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        events = aiter(self._client().stream(self._request(messages, stop, **kwargs)))
        try:
            while (event := _in_background(_next(events)).result()) is not None:
                chunk = self._chunk(event)
                if run_manager:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        finally:
            _in_background(_close(events)).result()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        events = aiter(self._client().stream(self._request(messages, stop, **kwargs)))
        try:
            while (event := await asyncio.wrap_future(_in_background(_next(events)))) is not None:
                chunk = self._chunk(event)
                if run_manager:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        finally:
            _in_background(_close(events))

    def _request(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        json_schema: Mapping[str, object] | None = None,
        **settings: Any,
    ) -> ChatRequest:
        """One call.

        Raises:
            ValueError: a message holds more than text, or a setting is not known.
        """
        settings.pop("ls_structured_output_format", None)
        own = {name: settings.pop(name, getattr(self, name)) for name in ("max_tokens", "seed")}
        temperature = settings.pop("temperature", self.temperature)
        if settings:
            raise ValueError(f"no such settings: {', '.join(settings)}")
        return ChatRequest(
            messages=tuple(_message(each) for each in messages),
            temperature=temperature,
            stop=tuple(stop or self.stop or ()),
            json_schema=json_schema,
            deadline_s=self.timeout,
            first_token_s=self.timeout,
            **own,
        )

    def _client(self) -> ChatModel:
        """The client, whose connections live in the background until this object is gone."""
        if self._connected is None:
            client = RemoteChatModel(
                self.model,
                self.base_url,
                api_key=self.api_key.get_secret_value() if self.api_key else "",
                retries=Retries(tries=1 + self.max_retries),
            )
            _clients.add(client)
            weakref.finalize(self, _let_go, client).atexit = False
            self._connected = client
        return self._connected

    def _chunk(self, event: ChatEvent) -> ChatGenerationChunk:
        if not isinstance(event, Finished):
            return ChatGenerationChunk(message=AIMessageChunk(content=event.text))
        about = {"finish_reason": event.reason.value, "model_name": self.model}
        message = AIMessageChunk(
            content="",
            usage_metadata=_usage(event.usage),
            response_metadata={**about, "model_provider": "fingerpost"},
            chunk_position="last",
        )
        return ChatGenerationChunk(message=message)

    # --- JSON of a schema ---------------------------------------------------------------

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        method: Literal["json_schema", "function_calling", "json_mode"] = "json_schema",
        strict: bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """A runnable whose answers are JSON of a schema, which the server enforces.

        Args:
            schema: JSON schema, `TypedDict` or pydantic model; the latter comes back as such.
            include_raw: give `{"raw", "parsed", "parsing_error"}` instead.
            method: names that other chat models tell apart; here each of them means that the
                server holds the answer to the schema.
            strict: taken for likeness with other chat models: it always is.

        Raises:
            ValueError: there are other arguments.
        """
        if kwargs:
            raise ValueError(f"no such settings: {', '.join(kwargs)}")
        wanted = convert_to_json_schema(schema)
        bound = self.bind(
            json_schema=wanted,
            ls_structured_output_format={"kwargs": {"method": method}, "schema": wanted},
        )
        parser: Runnable[Any, Any]
        if isinstance(schema, type) and is_basemodel_subclass(schema):
            parser = PydanticOutputParser(pydantic_object=schema)
        else:
            parser = JsonOutputParser()
        if not include_raw:
            return bound | parser
        parsed = RunnablePassthrough.assign(
            parsed=itemgetter("raw") | parser, parsing_error=lambda _: None
        )
        unparsed = RunnablePassthrough.assign(parsed=lambda _: None)
        return RunnableMap(raw=bound) | parsed.with_fallbacks(
            [unparsed], exception_key="parsing_error"
        )


def _message(message: BaseMessage) -> Message:
    role: ChatRole
    if isinstance(message, HumanMessage):
        role = "user"
    elif isinstance(message, AIMessage):
        role = "assistant"
    elif isinstance(message, SystemMessage):
        role = "system"
    else:
        raise ValueError(f"messages of type {message.type!r} are not taken")
    if isinstance(message.content, list):
        _refuse_all_but_text(message.content)
    return Message(role, str(message.text))


def _refuse_all_but_text(blocks: Sequence[str | dict[str, Any]]) -> None:
    for block in blocks:
        kind = "text" if isinstance(block, str) else block.get("type")
        if kind != "text":
            raise ValueError(f"content of type {kind!r} is not taken, only text")


def _usage(usage: Usage) -> UsageMetadata:
    return UsageMetadata(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        total_tokens=usage.prompt_tokens + usage.completion_tokens,
        input_token_details=InputTokenDetails(cache_read=usage.cached_tokens),
    )


# --- the loop in the background -----------------------------------------------------------
#
# LangChain calls with and without a loop, and from many; connections belong to one. So all calls
# run in a loop of their own, in a thread that ends with the process.

_background: asyncio.AbstractEventLoop | None = None
_starting = threading.Lock()
_clients: set[RemoteChatModel] = set()
"""Those whose connections may be open."""


def _in_background(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    global _background
    with _starting:
        if _background is None:
            _background = asyncio.new_event_loop()
            name = "fingerpost langchain"
            threading.Thread(target=_background.run_forever, name=name, daemon=True).start()
    return asyncio.run_coroutine_threadsafe(coroutine, _background)


async def _next(events: AsyncIterator[ChatEvent]) -> ChatEvent | None:
    return await anext(events, None)


async def _close(events: AsyncIterator[ChatEvent]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()


def _let_go(client: RemoteChatModel) -> None:
    """Close a client that nobody has any more; runs in any thread, even the loop's, so no wait."""
    _clients.discard(client)
    if _background is not None:
        asyncio.run_coroutine_threadsafe(client.aclose(), _background)


@atexit.register
def _close_all() -> None:
    if _background is not None:
        for client in _clients:
            with contextlib.suppress(TimeoutError):
                _in_background(client.aclose()).result(1)
