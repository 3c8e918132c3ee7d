"""Pages prepared apart from the index end in it as if it had cut and embedded them itself."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from fingerpost_retrieval import (
    Embedder,
    GuidanceIndex,
    IndexMismatch,
    OnnxEmbedder,
    PagePreparer,
    TextPage,
)

OpenIndex = Callable[[Embedder | None], GuidanceIndex]


@pytest.fixture
def index(open_index: OpenIndex, embedder: OnnxEmbedder) -> GuidanceIndex:
    return open_index(embedder)


def test_what_is_written_is_found_as_if_it_had_been_replaced(
    index: GuidanceIndex, embedder: OnnxEmbedder, guidance: list[TextPage], tmp_path: Path
) -> None:
    prepared = PagePreparer(embedder).prepare(guidance)
    index.write(pickle.loads(pickle.dumps(prepared)))
    with GuidanceIndex.open(tmp_path / "other", embedder) as other:
        other.replace(guidance)
        question = "What does a passport cost?"
        found = [(hit.passage, hit.score) for hit in index.search(question).hits]
        expected = [(hit.passage, hit.score) for hit in other.search(question).hits]
    assert [passage for passage, _ in found] == [passage for passage, _ in expected]
    # The server keeps some vectors in half precision.
    scores = [score for _, score in expected]
    assert [score for _, score in found] == pytest.approx(scores, abs=0.005)


def test_only_what_changed_is_written(
    index: GuidanceIndex, embedder: OnnxEmbedder, guidance: list[TextPage]
) -> None:
    preparer = PagePreparer(embedder)
    assert index.changed(guidance) == guidance
    index.write(preparer.prepare(guidance))
    revision = index.revision
    assert index.changed(guidance) == []
    index.write(preparer.prepare(guidance))
    assert index.revision == revision
    newer = [msgspec.structs.replace(guidance[0], title="Renew it"), *guidance[1:]]
    assert index.changed(newer) == newer[:1]
    index.write(preparer.prepare(newer))
    assert {hit.passage.title for hit in index.search("passport renew", limit=2).hits} == {
        "Renew it"
    }


def test_pages_prepared_for_another_embedder_are_refused(
    index: GuidanceIndex, guidance: list[TextPage]
) -> None:
    with pytest.raises(IndexMismatch, match="Prepare them with the index's own"):
        index.write(PagePreparer(None).prepare(guidance))
    assert index.stats().pages == 0


def test_pages_that_do_not_fit_a_rebuild_are_written_nowhere(
    index: GuidanceIndex, embedder: Embedder, guidance: list[TextPage]
) -> None:
    with index.rebuilding(None) as fresh:
        with pytest.raises(IndexMismatch, match="wait for the rebuild"):
            index.write(PagePreparer(embedder).prepare(guidance))
        fresh.write(PagePreparer(None).prepare(guidance))
        assert index.stats().pages == 0
    assert index.stats().pages == len(guidance)


def test_what_overtook_a_rebuild_stays(
    index: GuidanceIndex, embedder: Embedder, guidance: list[TextPage]
) -> None:
    preparer = PagePreparer(embedder)
    older = preparer.prepare(guidance)
    newer = [msgspec.structs.replace(guidance[0], title="Renew it")]
    with index.rebuilding(embedder) as fresh:
        index.write(preparer.prepare(newer))
        fresh.write(older)
    assert {hit.passage.title for hit in index.search("passport renew", limit=2).hits} == {
        "Renew it"
    }


def test_no_pages_are_no_change(index: GuidanceIndex) -> None:
    revision = index.revision
    index.write([])
    assert index.revision == revision
