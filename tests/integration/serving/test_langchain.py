"""ChatFingerpost passes LangChain's standard tests, and is honest about what it does not do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_tests.integration_tests import ChatModelIntegrationTests
from langchain_tests.unit_tests import ChatModelUnitTests
from modelserver import ModelServer, faithful, in_thread, streaming

from fingerpost_serving import ModelUnreachable
from fingerpost_serving.langchain import ChatFingerpost


@pytest.fixture(scope="module")
def served() -> Iterator[ModelServer]:
    with in_thread(ModelServer(otherwise=faithful())) as server:
        yield server


class TestUnit(ChatModelUnitTests):
    @property
    def chat_model_class(self) -> type[ChatFingerpost]:
        return ChatFingerpost

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": "narrow", "base_url": "http://127.0.0.1:1"}


class TestIntegration(ChatModelIntegrationTests):
    @pytest.fixture(autouse=True)
    def _serve(self, served: ModelServer) -> None:
        type(self).url = served.url

    url = ""

    @property
    def chat_model_class(self) -> type[ChatFingerpost]:
        return ChatFingerpost

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model": "narrow", "base_url": self.url}

    @property
    def structured_output_kwargs(self) -> dict[str, Any]:
        return {"method": "json_schema"}

    @property
    def supports_model_override(self) -> bool:
        return False


def chatting(server: ModelServer, **settings: Any) -> ChatFingerpost:
    return ChatFingerpost(model="narrow", base_url=server.url, **settings)


def test_tokens_cached_by_the_server_are_counted(served: ModelServer) -> None:
    message = chatting(served).invoke("How?")
    assert message.usage_metadata is not None
    assert message.usage_metadata["input_token_details"] == {"cache_read": 8}
    assert message.response_metadata["finish_reason"] == "stop"


def test_raw_answer_comes_beside_the_parsed_one(served: ModelServer) -> None:
    schema = {"title": "Place", "type": "object", "properties": {"nation": {"type": "string"}}}
    result = chatting(served).with_structured_output(schema, include_raw=True).invoke("Where?")
    assert result["parsed"] == {"nation": "Because."}
    assert result["raw"].text == '{"nation": "Because."}'
    assert result["parsing_error"] is None


@pytest.mark.parametrize(
    "message",
    [
        ToolMessage("7", tool_call_id="1"),
        HumanMessage([{"type": "image", "url": "https://example.org/a.png"}]),
    ],
    ids=["tool", "image"],
)
def test_what_is_not_text_is_refused(served: ModelServer, message: Any) -> None:
    with pytest.raises(ValueError, match="not taken"):
        chatting(served).invoke([message])


def test_unknown_setting_is_refused(served: ModelServer) -> None:
    with pytest.raises(ValueError, match="no such settings: top_p"):
        chatting(served).invoke("How?", top_p=0.5)


def test_failure_keeps_its_own_error() -> None:
    chat = ChatFingerpost(model="narrow", base_url="http://127.0.0.1:1", max_retries=0)
    with pytest.raises(ModelUnreachable):
        chat.invoke("How?")


async def test_leaving_a_stream_ends_the_call_at_the_server() -> None:
    async with ModelServer(streaming(["word "] * 500, pause_s=0.02)) as server:
        stream = chatting(server).astream("How?")
        await anext(stream)
        await stream.aclose()
        async with asyncio.timeout(1):
            await server.left.wait()


def test_one_thread_serves_all_calls(served: ModelServer) -> None:
    before = threading.active_count()
    for _ in range(3):
        chatting(served).invoke("How?")
    assert threading.active_count() <= before + 1
