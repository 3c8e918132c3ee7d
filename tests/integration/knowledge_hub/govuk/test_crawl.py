"""Asking for many pages: whoever stops listening leaves nothing running behind."""

from __future__ import annotations

import asyncio

from contentserver import ContentServer

from fingerpost_knowledge_hub.govuk.live import ContentApiClient, Limits
from fingerpost_knowledge_hub.govuk.live.crawl import Request, replies

QUICK = Limits(requests_per_second=1_000, concurrency=2)


def test_crawl_that_nobody_listens_to_any_more_has_ended() -> None:
    pages = [{"base_path": f"/{number}"} for number in range(20)]
    with ContentServer(list(pages)) as site, asyncio.Runner() as runner:
        client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
        runner.run(client.open())
        arriving = replies(runner, client, (Request(path, "") for path in site.pages))
        next(arriving)
        # Time for the workers to fill the queue, and to wait until there is room in it.
        runner.run(asyncio.sleep(0.2))
        arriving.close()
        assert asyncio.all_tasks(runner.get_loop()) == set()
        asked = sum(site.requests.values())
        runner.run(client.close())
    assert asked < len(pages)
