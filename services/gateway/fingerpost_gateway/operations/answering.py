"""Answers as a command shows them: every sentence with the whole of its sources."""

from __future__ import annotations

from fingerpost_assistant.events import Citation
from fingerpost_assistant.question import TurnResult
from fingerpost_gateway.operations.results import AskResult, CitedPassage, CitedSentence


def ask_result(result: TurnResult) -> AskResult:
    """Put each sentence's citations in the place of their ids."""
    sources = {citation.id: _cited(citation) for citation in result.citations}
    return AskResult(
        outcome=result.outcome.value,
        sentences=tuple(
            CitedSentence(
                text=sentence.text,
                citations=tuple(sources[id_] for id_ in sentence.citations),
                label=sentence.label,
                block=sentence.block,
            )
            for sentence in result.sentences
        ),
        model=result.model,
        confidence=result.confidence,
        index_revision=result.index_revision,
        timings=result.timings,
    )


def _cited(citation: Citation) -> CitedPassage:
    return CitedPassage(
        title=citation.title,
        url=citation.url,
        heading=citation.heading,
        text=citation.text,
        updated=citation.updated,
    )
