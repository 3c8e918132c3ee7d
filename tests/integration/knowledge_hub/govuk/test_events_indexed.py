"""Publishing events in a real index: what a search finds is what is published now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from govukkit import Json, Payloads

from fingerpost_knowledge_hub import Catalogue, apply_event
from fingerpost_retrieval import GuidanceIndex

pytestmark = pytest.mark.data


@pytest.fixture
def index(tmp_path: Path) -> Iterator[GuidanceIndex]:
    with GuidanceIndex.open(tmp_path / "index", None) as opened:
        yield opened


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    made = Catalogue(engine)
    made.create()
    yield made
    engine.dispose()


def test_guide_is_found_part_by_part_until_it_is_gone(
    payloads: Payloads, catalogue: Catalogue, index: GuidanceIndex
) -> None:
    guide = payloads.payload("guide/frontend/guide-with-step-navs.json")
    question = "When is the phonics screening check?"
    apply_event(guide | {"payload_version": "7"}, catalogue, index)
    best = index.search(question).hits[0].passage
    assert best.url.startswith("https://www.gov.uk/national-curriculum/key-stage-1-and-2#")
    assert best.title == "The national curriculum"
    gone: Json = guide | {"schema_name": "gone", "details": {}, "payload_version": "8"}
    apply_event(gone, catalogue, index)
    apply_event(guide | {"payload_version": "7"}, catalogue, index)
    assert index.search(question).hits == ()


def test_withdrawn_page_leaves_answers_at_once(
    payloads: Payloads, catalogue: Catalogue, index: GuidanceIndex
) -> None:
    page = payloads.payload("detailed_guide/frontend/detailed_guide.json")
    question = "salary sacrifice and childcare vouchers"
    apply_event(page | {"payload_version": 1}, catalogue, index)
    assert index.search(question).hits
    notice = {"explanation": "<p>Old.</p>", "withdrawn_at": "2026-01-01T00:00:00Z"}
    apply_event(page | {"payload_version": 2, "withdrawn_notice": notice}, catalogue, index)
    assert index.search(question).hits == ()
