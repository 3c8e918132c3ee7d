"""From the index's nouns to what the API and the commands show."""

from __future__ import annotations

from fingerpost_gateway.search.schemas import FoundPassage, SearchAnswer
from fingerpost_retrieval import Hit, SearchResult


def search_answer(result: SearchResult) -> SearchAnswer:
    """Show what a search found."""
    return SearchAnswer(
        passages=tuple(found_passage(hit) for hit in result.hits),
        index_revision=result.index_revision,
        timings=result.timings,
    )


def found_passage(hit: Hit) -> FoundPassage:
    """Show a hit."""
    passage = hit.passage
    return FoundPassage(
        title=passage.title,
        url=passage.url,
        heading=" \u203a ".join(passage.heading_path),
        text=passage.text,
        updated=passage.updated_at,
        nations=passage.nations,
        locale=passage.locale,
        collection=passage.collection,
        score=hit.score,
    )
