"""The heading that a sentence begins with because it limits what the sentence says ("Scotland: …")."""

from __future__ import annotations

from collections.abc import Iterable

from fingerpost_assistant import Citation


def headings_of(citations: Iterable[Citation]) -> tuple[str, ...]:
    """The headings over cited passages, as they stand before sentences."""
    return tuple(
        " ".join(heading.split()).rstrip(":.")
        for citation in citations
        for heading in (citation.title, *citation.heading.split(" › "))  # noqa: RUF001 -- see Citation.heading
        if heading
    )


def split_label(sentence: str, headings: Iterable[str]) -> tuple[str, str]:
    """The heading at the beginning of a sentence, or "", and the rest of it."""
    for heading in headings:
        if sentence.startswith(f"{heading}: "):
            return heading, sentence[len(heading) + 2 :]
    return "", sentence
