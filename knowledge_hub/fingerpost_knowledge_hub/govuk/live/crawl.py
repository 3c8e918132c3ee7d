"""Asking for many pages, some at a time, until all are asked for or the site fails."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple

from fingerpost_knowledge_hub.errors import FetchError, SourceError
from fingerpost_knowledge_hub.govuk.live.client import Answer, ContentApiClient


class Request(NamedTuple):
    """A page to ask for, and which state of it is known ("" for none)."""

    path: str
    etag: str


class Reply(NamedTuple):
    """What came of a request."""

    path: str
    answer: Answer | FetchError


def replies(
    runner: asyncio.Runner, client: ContentApiClient, requests: Iterable[Request]
) -> Generator[Reply]:
    """Ask for pages as fast as the client's limits allow; replies come as they arrive.

    The event loop turns while the next reply is waited for, and rests in between.

    Args:
        runner: The runner on whose loop `client` was opened.

    Raises:
        SourceError: so many pages failed in a row that the site must be taken to be down.
    """
    queue: asyncio.Queue[Reply | None] = asyncio.Queue(client.limits.concurrency)
    task = runner.get_loop().create_task(_crawl(client, iter(requests), queue))
    try:
        while (reply := runner.run(queue.get())) is not None:
            yield reply
        runner.run(_outcome(task))
    finally:
        task.cancel()
        # Until it has ended it may still ask: the client must not be closed before.
        runner.run(asyncio.wait([task]))


async def _crawl(
    client: ContentApiClient, requests: Iterator[Request], queue: asyncio.Queue[Reply | None]
) -> None:
    failures = 0

    async def work() -> None:
        nonlocal failures
        for request in requests:
            reply = await _ask(client, request)
            await queue.put(reply)
            failures = failures + 1 if isinstance(reply.answer, FetchError) else 0
            if failures >= client.limits.failures_in_a_row:
                raise SourceError(
                    f"{failures} pages in a row failed, the last one {reply.answer}: "
                    "run this again when the site is well"
                )

    try:
        await asyncio.gather(*(work() for _ in range(client.limits.concurrency)))
    except Exception:
        await queue.put(None)
        raise
    # Not when cancelled: then nobody takes replies any more, and a full queue would stay full.
    await queue.put(None)


async def _ask(client: ContentApiClient, request: Request) -> Reply:
    try:
        return Reply(request.path, await client.page(request.path, etag=request.etag))
    except FetchError as error:
        return Reply(request.path, error)


async def _outcome(task: asyncio.Task[None]) -> None:
    await task
