"""Which pages of the catalogue a citizen may read, by their status and collection."""

from __future__ import annotations

from collections.abc import Iterator

import aiohttp
import pytest
import sqlalchemy as sa
from serverprocess import ServerProcess

from fingerpost_knowledge_hub import Catalogue, Document, Entry, Section, Status

TEXT = "Only those who may read this see it."


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose catalogue holds a page of every status, and one for public servants."""
    data_dir = tmp_path_factory.mktemp("stocked") / "data"
    pages = [page(f"/{status.value}", status=status) for status in Status]
    pages.append(page("/ai-hub", collection="ai-knowledge-hub"))
    pages.append(page("/hostile", title="<script>alert(1)</script>", url="javascript:alert(1)"))
    with ServerProcess(data_dir, sample=False) as server:
        engine = sa.create_engine(f"sqlite:///{data_dir / 'fingerpost.db'}")
        entries = [
            Entry(document=document, source="test", authority="test", origin="test")
            for document in pages
        ]
        Catalogue(engine).put("default", entries)
        engine.dispose()
        yield server


def page(path: str, **values: object) -> Document:
    given = {"title": "A page", "url": "https://www.gov.uk/a", "collection": "guidance", **values}
    section = Section(heading_path=("<b>Heading</b>",), text=TEXT, anchor="heading")
    return Document(path=path, locale="en", sections=(section,), **given)  # type: ignore[arg-type]


async def read(server: ServerProcess, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession(server.url, headers={"Accept": "text/html"}) as session,
        session.get(f"/guidance{path}") as response,
    ):
        return response.status, await response.text()


async def test_a_live_page_is_shown_with_the_way_to_the_original(stocked: ServerProcess) -> None:
    status, text = await read(stocked, "/live")
    assert status == 200
    assert TEXT in text
    assert 'href="https://www.gov.uk/a"' in text


@pytest.mark.parametrize("standing", ["withdrawn", "historic"])
async def test_an_outdated_page_is_shown_with_a_warning(
    stocked: ServerProcess, standing: str
) -> None:
    status, text = await read(stocked, f"/{standing}")
    assert status == 200
    assert TEXT in text
    assert "do not rely on it" in text


async def test_a_page_that_has_gone_says_so_without_its_text(stocked: ServerProcess) -> None:
    status, text = await read(stocked, "/gone")
    assert status == 410
    assert "This page has been removed" in text
    assert TEXT not in text


@pytest.mark.parametrize("hidden", ["draft", "internal", "ai-hub"])
async def test_what_was_never_for_citizens_does_not_exist(
    stocked: ServerProcess, hidden: str
) -> None:
    status, text = await read(stocked, f"/{hidden}")
    assert status == 404
    assert TEXT not in text


async def test_hostile_pages_are_shown_as_text(stocked: ServerProcess) -> None:
    status, text = await read(stocked, "/hostile")
    assert status == 200
    assert "<script>alert" not in text
    assert "<b>Heading" not in text
    assert "javascript:" not in text
