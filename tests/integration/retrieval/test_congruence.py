"""Qdrant Edge and the Qdrant client answer the same questions with the same passages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fingerpost_retrieval import GuidanceIndex, OnnxEmbedder, Scope, TextPage, TextSection
from fingerpost_retrieval.benchmark import CorpusDocument, Query

PAGES = 25
QUESTIONS = 40


@pytest.fixture(scope="module")
def pages(test_data: Path) -> list[TextPage]:
    """Whole pages of guidance, some of them for one nation or in another collection."""
    sections: dict[tuple[str, str], list[TextSection]] = {}
    for line in (test_data / "conditionalqa" / "corpus.jsonl").read_bytes().splitlines():
        document = msgspec.json.decode(line, type=CorpusDocument)
        name = document.id.partition("#")[0]
        section = TextSection(text=document.text, heading_path=(document.section,))
        sections.setdefault((name, document.title), []).append(section)
    found = [
        TextPage(
            path=f"/{name}",
            title=title,
            sections=tuple(parts[:6]),
            nations=("scotland",) if number % 5 == 0 else ("england", "wales"),
            locale="cy" if number % 7 == 0 else "en",
        )
        for number, ((name, title), parts) in enumerate(sections.items())
    ]
    return found[:PAGES]


@pytest.fixture(scope="module")
def questions(test_data: Path) -> list[str]:
    lines = (test_data / "conditionalqa" / "queries.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Query).text for line in lines[:QUESTIONS]]


@pytest.fixture(scope="module")
def both(
    embedder: OnnxEmbedder, pages: list[TextPage], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[GuidanceIndex, GuidanceIndex]]:
    """The two backends after the same history of additions, changes and removals."""
    folder = tmp_path_factory.mktemp("congruence") / "index"
    with GuidanceIndex.connect(":memory:", embedder) as server:
        with GuidanceIndex.open(folder, embedder) as edge:
            for index in (edge, server):
                index.replace(pages[:20])
                shorter = [msgspec.structs.replace(p, sections=p.sections[:2]) for p in pages[:10]]
                index.replace([*shorter, *pages[20:]])
                index.remove([(page.path, page.locale) for page in pages[5:8]])
        # Until it is opened again, Edge still counts deleted passages in term frequencies.
        with GuidanceIndex.open(folder, embedder) as edge:
            yield edge, server


@pytest.mark.data
@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(nation="scotland"),
        Scope(nation="wales", locale="en"),
        Scope(locale="cy"),
        Scope(tenant="nobody"),
    ],
    ids=["everything", "Scotland", "Wales in English", "Welsh", "another tenant"],
)
def test_both_backends_rank_alike(
    both: tuple[GuidanceIndex, GuidanceIndex], questions: list[str], scope: Scope
) -> None:
    edge, server = both
    for question in questions:
        ours, theirs = edge.search(question, scope).hits, server.search(question, scope).hits
        assert [hit.passage for hit in ours] == [hit.passage for hit in theirs], question
        for one, other in zip(ours, theirs, strict=True):
            # The vectors of headings have half precision, which each engine rounds its own way.
            assert one.score == pytest.approx(other.score, abs=1e-3)
            assert (one.dense or 0.0) == pytest.approx(other.dense or 0.0, abs=1e-4)
            assert (one.sparse or 0.0) == pytest.approx(other.sparse or 0.0, rel=1e-4)


@pytest.mark.data
def test_both_backends_hold_the_same(both: tuple[GuidanceIndex, GuidanceIndex]) -> None:
    edge, server = (index.stats() for index in both)
    assert edge.pages == server.pages == PAGES - 3
    assert edge.passages == server.passages
