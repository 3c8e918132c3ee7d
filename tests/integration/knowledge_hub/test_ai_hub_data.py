"""The real AI Knowledge Hub: nothing of its 31 hidden items can be found through any live page."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from fingerpost_knowledge_hub.ai_hub import AiHubSource
from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.markup import text_from_html
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped

pytestmark = pytest.mark.data

FLAGS = ("draft", "internal", "hideFromLiveSite")
BODY_FIELDS = ("challenge", "solution", "results", "learnings", "content", "prompt")


@pytest.fixture(scope="module")
def folder(test_data: Path) -> Path:
    return test_data / "ai_knowledge_hub"


@pytest.fixture(scope="module")
def items(folder: Path) -> list[Item]:
    return list(AiHubSource(folder).items())


@pytest.fixture(scope="module")
def live(items: list[Item]) -> list[Document]:
    found = [item.document for item in items if isinstance(item, Found)]
    return [document for document in found if document.status is Status.LIVE]


@pytest.fixture(scope="module")
def hidden(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """Address and content of the hidden items, read here from the data without our code."""
    entries = json.loads((folder / "get-search.json").read_text())
    contents = [(entry["url"], json.loads(entry["content"])) for entry in entries]
    return [(url, content) for url, content in contents if any(map(content.get, FLAGS))]


def everything_in(document: Document) -> str:
    headings = [" ".join(section.heading_path) for section in document.sections]
    texts = [section.text for section in document.sections]
    return "\n".join(
        (document.path, document.url, document.title, document.description, *headings, *texts)
    )


def test_there_are_hidden_items_and_most_have_a_page(
    folder: Path, hidden: list[tuple[str, dict[str, str]]]
) -> None:
    pages = [url for url, _ in hidden if (folder / "html" / url.strip("/")).is_dir()]
    assert (len(hidden), len(pages)) == (31, 25)


def test_no_live_document_is_or_names_a_hidden_page(
    live: list[Document], hidden: list[tuple[str, dict[str, str]]]
) -> None:
    text = "\n".join(map(everything_in, live)).casefold()
    for url, _ in hidden:
        assert url.strip("/").casefold() not in text


def test_no_live_document_holds_a_hidden_text(
    live: list[Document], hidden: list[tuple[str, dict[str, str]]]
) -> None:
    text = re.sub(r"\W+", " ", "\n".join(map(everything_in, live)))
    checked = 0
    for _, content in hidden:
        for field in BODY_FIELDS:
            for block in text_from_html(content.get(field) or "").splitlines():
                words = re.sub(r"\W+", " ", block).strip()
                if len(words) > 40:
                    checked += 1
                    assert words not in text
        assert content["synopsis"].strip(" .") not in text
    assert checked > 100


def test_every_item_has_its_status(items: list[Item]) -> None:
    statuses = Counter(item.document.status for item in items if isinstance(item, Found))
    assert statuses == {Status.LIVE: 82, Status.DRAFT: 25, Status.INTERNAL: 6}


def test_everything_else_is_skipped_with_the_reason(items: list[Item]) -> None:
    assert not [item for item in items if isinstance(item, Failed)]
    reasons = Counter(item.reason for item in items if isinstance(item, Skipped))
    assert reasons == {"listing": 14, "navigation": 2, "error_page": 2, "copy_of_pages": 1}


def test_live_documents_are_for_public_servants_only(live: list[Document]) -> None:
    assert {document.collection for document in live} == {"ai-knowledge-hub"}


def test_tool_keeps_its_text_and_loses_the_site_around_it(live: list[Document]) -> None:
    minute = next(one for one in live if one.path == "/knowledge-hub/tools/minute")
    headings = [section.heading_path for section in minute.sections]
    assert headings == [
        (),
        ("The challenge",),
        ("The solution",),
        ("The results",),
        ("Learnings / insights",),
        ("Details",),
        ("Links",),
    ]
    text = everything_in(minute)
    assert "Organisation name: Department for Science" in text
    assert "Get in touch" not in text
    assert "Content created" not in text


def test_a_page_that_is_read_alone_is_judged_by_the_search_data_too(folder: Path) -> None:
    listed = AiHubSource(folder)
    parts = [part for part in listed.parts() if isinstance(part, Part)]
    alone = AiHubSource(folder)
    assert [list(alone.read(part)) for part in parts] == [list(listed.read(part)) for part in parts]
