"""One call of a model, from its place in the queue to its last word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fingerpost_assistant import Principal
from fingerpost_gateway.openai_api.raw.asking import prompt_tokens
from fingerpost_serving import Busy, ChatEvent, ChatModel, ChatRequest
from fingerpost_serving.admission import Admission, Ask, Ticket


async def called(
    client: ChatModel,
    call: ChatRequest,
    admission: Admission,
    principal: Principal,
    *,
    wait_s: float,
) -> AsyncGenerator[ChatEvent, None]:
    """Wait for a place and yield what the model writes; the place is held to the end.

    To close it, or to cancel whoever reads, ends the call at the model's server too.

    Args:
        wait_s: longest wait for a place, in seconds.

    Raises:
        ModelFailed: the model did not write all of it, or could not be asked.
    """
    ask = Ask(
        tokens=prompt_tokens(call.messages) + call.max_tokens,
        priority=principal.place,
        tenant=principal.tenant,
    )
    async with admission.enter(client.name, ask) as ticket:
        await _turn(ticket, wait_s)
        # A `ChatModel` may be any iterator; ours, and every generator, can be closed.
        events = client.stream(call)
        if not isinstance(events, AsyncGenerator):
            async for event in events:
                yield event
            return
        async with aclosing(events):
            async for event in events:
                yield event


async def _turn(ticket: Ticket, wait_s: float) -> None:
    if ticket.admitted:
        return
    try:
        async with asyncio.timeout(wait_s):
            async for _ in ticket.wait():
                pass
    except TimeoutError as error:
        raise Busy(ticket.model, wait_s) from error
