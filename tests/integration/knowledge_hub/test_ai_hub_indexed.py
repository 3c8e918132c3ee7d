"""The AI Knowledge Hub in a real index: no search, however well aimed, finds what is hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from fingerpost_knowledge_hub import AiHubSource, Catalogue, synchronise
from fingerpost_knowledge_hub.markup import text_from_html
from fingerpost_retrieval import GuidanceIndex, Scope

pytestmark = pytest.mark.data

SERVANTS = Scope(collections=("ai-knowledge-hub",))


@pytest.fixture(scope="module")
def index(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuidanceIndex]:
    folder = tmp_path_factory.mktemp("index")
    engine = sa.create_engine(f"sqlite:///{folder / 'hub.db'}")
    catalogue = Catalogue(engine)
    catalogue.create()
    with GuidanceIndex.open(folder / "index", None) as opened:
        source = AiHubSource(test_data / "ai_knowledge_hub")
        report = synchronise(source, catalogue, opened, prune=True)
        assert report.added == 82
        yield opened
    engine.dispose()


def test_hidden_items_cannot_be_found_by_their_own_words(
    index: GuidanceIndex, test_data: Path
) -> None:
    entries = json.loads((test_data / "ai_knowledge_hub" / "get-search.json").read_text())
    items = [(entry, json.loads(entry["content"])) for entry in entries]
    hidden = [
        (entry, item)
        for entry, item in items
        if item.get("draft") or item.get("internal") or item.get("hideFromLiveSite")
    ]
    assert len(hidden) == 31
    for entry, item in hidden:
        body = text_from_html(item.get("challenge", ""))
        for question in (entry["title"], entry["synopsis"], entry["url"], body[:400]):
            for hit in index.search(question, SERVANTS, limit=10).hits:
                assert entry["url"].strip("/") not in hit.passage.url
                assert not body or body[:60] not in hit.passage.text


def test_what_is_live_is_found_by_public_servants(index: GuidanceIndex) -> None:
    hits = index.search("transcribing meetings and writing minutes", SERVANTS).hits
    assert hits[0].passage.url.startswith("https://ai.gov.uk/knowledge-hub/tools/minute/")


def test_citizens_find_nothing_of_the_hub(index: GuidanceIndex) -> None:
    assert index.search("transcribing meetings and writing minutes").hits == ()
