"""The sample knowledge that ships: complete, marked as a sample, and readable without a failure."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.files import SampleSource
from fingerpost_knowledge_hub.sources import Found


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    items = list(SampleSource().items())
    assert all(isinstance(item, Found) for item in items), items
    return [item.document for item in items if isinstance(item, Found)]


def test_there_are_at_least_forty_pages_and_six_in_welsh_too(documents: list[Document]) -> None:
    english = {one.path for one in documents if one.locale == "en"}
    welsh = {one.path for one in documents if one.locale == "cy"}
    assert len(english) >= 40
    assert len(welsh) == 6
    assert welsh <= english


def test_every_page_says_that_it_is_a_sample_and_names_the_official_one(
    documents: list[Document],
) -> None:
    for document in documents:
        assert document.sample, document.identity
        assert document.official_url.startswith("https://"), document.identity
        assert document.status is Status.LIVE
        assert document.collection == "guidance"


def test_every_page_has_what_a_citation_shows(documents: list[Document]) -> None:
    for document in documents:
        assert document.title, document.identity
        assert document.description, document.identity
        assert document.updated_at is not None, document.identity
        assert document.sections, document.identity


def test_addresses_are_the_gateways_own(documents: list[Document]) -> None:
    for document in documents:
        query = "" if document.locale == "en" else f"?locale={document.locale}"
        assert document.url == f"/guidance{quote(document.path)}{query}"


def test_some_pages_do_not_apply_in_every_nation(documents: list[Document]) -> None:
    assert {len(document.nations) for document in documents} > {4}
