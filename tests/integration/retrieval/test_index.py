"""What an index does, on either backend."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import numpy as np
import pytest

from fingerpost_retrieval import (
    ALL_NATIONS,
    GuidanceIndex,
    InvalidPage,
    OnnxEmbedder,
    Scope,
    SearchResult,
    TextPage,
)
from fingerpost_retrieval.fusion import reciprocal_rank

from .conftest import OpenIndex, page


@pytest.fixture
def index(open_index: OpenIndex, embedder: OnnxEmbedder, guidance: list[TextPage]) -> GuidanceIndex:
    index = open_index(embedder)
    index.replace(guidance)
    return index


def paths(result: SearchResult) -> list[str]:
    return [hit.passage.path for hit in result.hits]


def test_the_passage_that_answers_comes_first_with_where_it_stands(index: GuidanceIndex) -> None:
    best = index.search("How long does it take to get a new passport?").hits[0]
    assert best.passage.title == "Renew a passport"
    assert best.passage.heading_path == ("Time",)
    assert best.passage.url == "/passport#Time"
    assert "within 3 weeks" in best.passage.text
    assert best.score == pytest.approx(1.0)


def test_hits_carry_cosine_and_bm25_scores(index: GuidanceIndex, embedder: OnnxEmbedder) -> None:
    question = "When are the bins emptied?"
    best = index.search(question).hits[0]
    asked, indexed = embedder.embed([question, f"Bin collections\nWhen\n{best.passage.text}"])
    assert best.dense == pytest.approx(float(asked @ indexed), abs=1e-2)
    assert best.sparse is not None
    assert best.sparse > 1


def test_hits_are_at_most_as_many_as_asked_for(index: GuidanceIndex) -> None:
    assert len(index.search("passport or benefit", limit=2).hits) == 2


def test_the_vector_of_the_question_is_returned_and_can_be_given(
    index: GuidanceIndex, embedder: OnnxEmbedder
) -> None:
    first = index.search("Is there a limit on earnings?")
    assert first.embedding is not None
    assert first.embedding.shape == (1, embedder.dimensions)
    for embedding in (first.embedding, first.embedding[0]):
        again = index.search("Is there a limit on earnings?", embedding=embedding)
        assert again.hits == first.hits
        assert again.embedding is not None
        assert np.array_equal(again.embedding, first.embedding)


def test_stages_are_timed(index: GuidanceIndex) -> None:
    timings = index.search("passport").timings
    assert set(timings) == {"embed", "search", "rank"}
    assert all(0 < milliseconds < 10_000 for milliseconds in timings.values())


def test_another_fusion_can_be_asked_for(index: GuidanceIndex) -> None:
    result = index.search("When are the bins emptied?", fusion=reciprocal_rank)
    assert paths(result)[0] == "/bins"


def test_pages_are_counted(index: GuidanceIndex) -> None:
    stats = index.stats()
    assert (stats.pages, stats.passages) == (3, 5)
    assert stats.has_vectors
    assert stats.notice == ""


def test_an_unchanged_page_changes_nothing(index: GuidanceIndex, guidance: list[TextPage]) -> None:
    before = index.revision
    index.replace(guidance)
    assert index.revision == before


def test_a_changed_page_replaces_the_old_one_whole(
    index: GuidanceIndex, guidance: list[TextPage]
) -> None:
    before = index.revision
    index.replace([page("/passport", "Renew a passport", Cost="It is free of charge now. " * 5)])
    assert index.revision != before
    found = [
        hit.passage for hit in index.search("passport").hits if hit.passage.path == "/passport"
    ]
    assert [passage.heading_path for passage in found] == [("Cost",)]
    assert "free of charge" in found[0].text
    assert (index.stats().pages, index.stats().passages) == (3, 4)
    index.replace(guidance)
    assert index.stats().passages == 5


def test_the_last_of_two_pages_of_one_identity_wins(index: GuidanceIndex) -> None:
    index.replace([page("/x", "X", A="zebra one"), page("/x", "X", A="zebra two")])
    assert [h.passage.text for h in index.search("zebra", limit=1).hits] == ["zebra two"]
    assert index.stats().pages == 4


def test_a_removed_page_is_gone_and_can_come_back(
    index: GuidanceIndex, guidance: list[TextPage]
) -> None:
    before = index.revision
    index.remove([("/bins", "en"), ("/never-there", "en")])
    assert "/bins" not in paths(index.search("When are the bins emptied?"))
    assert index.revision != before
    unchanged = index.revision
    index.remove([("/bins", "en"), ("/bins", "cy")])
    assert index.revision == unchanged
    index.replace(guidance)
    assert paths(index.search("When are the bins emptied?"))[0] == "/bins"


def test_a_search_sees_its_tenant_alone(index: GuidanceIndex, guidance: list[TextPage]) -> None:
    index.replace(
        [page("/bins", "Bin collections", When="Bins of the other council. " * 5)], "other"
    )
    mine = index.search("When are the bins emptied?").hits
    theirs = index.search("When are the bins emptied?", Scope(tenant="other")).hits
    assert {hit.passage.tenant for hit in mine} == {"default"}
    assert [hit.passage.tenant for hit in theirs] == ["other"]
    index.remove([("/bins", "en")], "other")
    assert index.search("bins", Scope(tenant="other")).hits == ()
    assert paths(index.search("When are the bins emptied?"))[0] == "/bins"


def test_collections_nations_and_languages_narrow_a_search(index: GuidanceIndex) -> None:
    fees = page("/fees", "Court fees", Fees="Court fees are listed here. " * 5)
    index.replace(
        [
            msgspec.structs.replace(fees, path="/s", nations=("scotland",)),
            msgspec.structs.replace(fees, path="/ew", nations=("england", "wales")),
            msgspec.structs.replace(fees, path="/cy", locale="cy"),
            msgspec.structs.replace(fees, path="/hub", collection="ai-knowledge-hub"),
            msgspec.structs.replace(fees, path="/j", locale="fr", nations=(*ALL_NATIONS, "jersey")),
        ]
    )

    def found(**scope: object) -> set[str]:
        result = index.search("court fees", Scope(**scope), limit=6)  # type: ignore[arg-type]
        return {hit.passage.path for hit in result.hits if hit.passage.title == "Court fees"}

    assert found() == {"/s", "/ew", "/cy", "/j"}
    assert found(nation="scotland") == {"/s", "/cy", "/j"}
    assert found(nation="northern-ireland") == {"/cy", "/j"}
    assert found(nation="jersey") == {"/j"}
    assert found(nation="wales", locale="en") == {"/ew"}
    assert found(locale="cy") == {"/cy"}
    assert found(collections=("ai-knowledge-hub",)) == {"/hub"}
    assert found(collections=("guidance", "ai-knowledge-hub")) == {"/s", "/ew", "/cy", "/j", "/hub"}
    assert found(collections=()) == set()
    assert found(nation="atlantis") == set()


@pytest.mark.parametrize(
    "question",
    ["", " ", "the of and", "\ud800\x00", "passport " * 20_000, "<script>'; DROP TABLE--", "🛂"],
)
def test_any_question_can_be_asked(index: GuidanceIndex, question: str) -> None:
    assert len(index.search(question).hits) <= 8


def test_hostile_pages_are_found_as_they_are(index: GuidanceIndex) -> None:
    text = "Quokka \ud800 \x00 <script>alert(1)</script> {{7*7}} ' OR 1=1; "
    index.replace([page("/odd?#/../\n", "Quokka\ud800", A=text * 5)])
    best = index.search("quokka", limit=1).hits[0]
    assert best.passage.path == "/odd?#/../\n"
    assert "<script>alert(1)</script>" in best.passage.text


@pytest.mark.parametrize("field", ["path", "locale", "collection"])
def test_a_page_without_identity_is_refused_and_changes_nothing(
    index: GuidanceIndex, field: str
) -> None:
    before = index.revision
    nameless = msgspec.structs.replace(page("/x", "X", A="text"), **{field: ""})
    with pytest.raises(InvalidPage, match=f"has no {field}"):
        index.replace([nameless])
    assert index.revision == before


def test_without_a_model_search_goes_by_words_and_says_so(
    open_index: OpenIndex, guidance: list[TextPage]
) -> None:
    index = open_index(None)
    index.replace(guidance)
    result = index.search("When are bins emptied?")
    assert paths(result)[0] == "/bins"
    assert result.embedding is None
    assert result.hits[0].dense is None
    assert "python -m fingerpost_retrieval build-model" in index.stats().notice


def test_a_model_can_come_later_by_building_the_index_anew(
    open_index: OpenIndex, embedder: OnnxEmbedder, guidance: list[TextPage]
) -> None:
    index = open_index(None)
    index.replace(guidance)
    before = index.revision
    with index.rebuilding(embedder) as fresh:
        fresh.replace(guidance[:2])
        assert index.search("bins").hits[0].dense is None
        index.replace([page("/new", "New", A="Wallabies are new here. " * 5)])
    assert index.revision != before
    assert index.stats().has_vectors
    assert index.search("wallabies").hits[0].passage.path == "/new"
    assert index.search("wallabies").hits[0].dense is not None
    assert index.stats().pages == 3


def test_a_failed_rebuild_leaves_everything_as_it_was(
    open_index: OpenIndex, embedder: OnnxEmbedder, guidance: list[TextPage]
) -> None:
    index = open_index(None)
    index.replace(guidance)
    before = index.stats()
    with suppress(InvalidPage), index.rebuilding(embedder) as fresh:
        fresh.replace(guidance)
        fresh.replace([page("", "Nameless", A="text")])
    assert index.stats() == before
    index.replace([page("/new", "New", A="Wallabies are new here. " * 5)])
    assert index.search("wallabies").hits[0].passage.path == "/new"


async def test_async_callers_share_an_index(index: GuidanceIndex) -> None:
    await index.areplace([page("/new", "New", A="Wallabies are new here. " * 5)])
    results = [await index.asearch("wallabies") for _ in range(3)]
    assert {paths(result)[0] for result in results} == {"/new"}
    await index.aremove([("/new", "en")])
    assert "/new" not in paths(await index.asearch("wallabies"))
