"""All events, in any order and repeated, end in the same catalogue and index."""

from __future__ import annotations

import copy
import random

import pytest
import sqlalchemy as sa
from govukkit import Json, Payloads
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Document, Identity, Status
from fingerpost_knowledge_hub.govuk import apply_event

ORDERS = 50

pytestmark = pytest.mark.data

State = tuple[dict[Identity, tuple[Document, str, str, str]], dict[tuple[str, Identity], Document]]


@pytest.fixture(scope="module")
def stories(payloads: Payloads) -> list[Json]:
    """The real messages, and the life of several real pages told in messages."""
    messages = [
        payloads.message(path.name.removesuffix("_message.json"))
        for path in sorted(payloads.messages.iterdir())
    ]
    guide = payloads.payload("guide/frontend/guide-with-step-navs.json")
    answer = payloads.payload("answer/frontend/answer.json")
    transaction = payloads.payload("transaction/frontend/apply-blue-badge.json")
    licence = payloads.payload("licence/frontend/licence_with_continuation_link.json")
    travel = payloads.message("travel_advice")
    messages += [
        # published, changed, withdrawn, published again
        _at(guide, 10),
        _at(guide, 20, title="The national curriculum, changed"),
        _withdrawn(guide, 30),
        _at(guide, 40, title="The national curriculum, back again"),
        # published, republished as it was, gone
        _at(transaction, 11),
        _at(transaction, 12, update_type="republish"),
        _as(transaction, 13, "gone"),
        # gone first, and published afterwards
        _as(licence, 5, "gone"),
        _at(licence, 6),
        # a Welsh page that an English redirect replaces
        _at(answer, 21),
        _as(answer, 22, "redirect", locale="en"),
        # unpublished and never back; limited; no guidance any more
        _at(travel, 99_999),
        _as(travel, 100_000, "vanish"),
        _at(payloads.payload("help_page/frontend/help_page.json"), 1),
        _at(
            payloads.payload("help_page/frontend/help_page.json"),
            2,
            access_limited={"users": ["x"]},
        ),
        _at(payloads.payload("manual/frontend/content-design.json"), 3),
        _as(payloads.payload("manual/frontend/content-design.json"), 4, "organisation"),
        _withdrawn(payloads.payload("publication/frontend/best-practice-guidance.json"), 8),
        _at(payloads.payload("publication/frontend/best-practice-guidance.json"), 7),
    ]
    return messages


def test_fifty_orders_with_repeats_end_alike(stories: list[Json]) -> None:
    in_order = _state_after(stories)
    for seed in range(ORDERS):
        chance = random.Random(seed)
        shuffled = stories + chance.choices(stories, k=len(stories) // 2)
        chance.shuffle(shuffled)
        assert _state_after(shuffled) == in_order, f"order {seed}"


def test_what_the_orders_end_in_is_what_was_published_last(stories: list[Json]) -> None:
    records, indexed = _state_after(stories)
    live = {identity.path: document.title for (_, identity), document in indexed.items()}
    assert live == {
        "/national-curriculum": "The national curriculum, back again",
        "/seed-potato-import-notification-northern-ireland": (
            "Seed potato import notification (Northern Ireland)"
        ),
        "/service-manual/service-standard/point-5-make-sure-everyone-can-use-the-service": (
            "5. Make sure everyone can use the service"
        ),
    }
    statuses = {identity: document.status for identity, (document, *_) in records.items()}
    welsh = "/gwasanaethau-ar-lein-cymraeg-cthem"
    assert statuses[Identity(welsh, "cy")] is statuses[Identity(welsh, "en")] is Status.GONE
    assert statuses[Identity("/foreign-travel-advice/austria", "en")] is Status.GONE
    assert statuses[Identity("/help/cookies", "en")] is Status.INTERNAL
    withdrawn = "/government/publications/car-and-small-van-driving-syllabus"
    assert statuses[Identity(withdrawn, "en")] is Status.WITHDRAWN


def _state_after(messages: list[Json]) -> State:
    catalogue, index = (
        Catalogue(sa.create_engine("sqlite://", poolclass=sa.StaticPool)),
        RecordingIndex(),
    )
    catalogue.create()
    for message in messages:
        apply_event(message, catalogue, index)
    records = {}
    for identity in catalogue.standings_of("default", "govuk:events"):
        record = catalogue.get("default", *identity)
        assert record is not None
        records[identity] = (record.document, record.source, record.authority, record.origin)
    catalogue.engine.dispose()
    return records, index.pages


def _at(payload: Json, version: int, **fields: object) -> Json:
    return copy.deepcopy(payload) | {"payload_version": version} | fields


def _withdrawn(payload: Json, version: int) -> Json:
    notice = {"explanation": "<p>Old.</p>", "withdrawn_at": "2026-01-01T00:00:00Z"}
    return _at(payload, version, withdrawn_notice=notice)


def _as(payload: Json, version: int, schema: str, **fields: object) -> Json:
    return _at(payload, version, schema_name=schema, document_type=schema, details={}, **fields)
