"""Passages as sources: numbered in the order in which they are first cited."""

from __future__ import annotations

from collections.abc import Sequence

from fingerpost_assistant.events import Citation
from fingerpost_retrieval import Passage


class Citations:
    """The sources of one turn; each passage is shown once, just before it is first cited."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self.shown: list[Citation] = []

    def cite(self, passages: Sequence[Passage]) -> tuple[tuple[str, ...], tuple[Citation, ...]]:
        """Return the ids of the passages, and those citations that were not shown before."""
        new: list[Citation] = []
        for passage in passages:
            if passage.id not in self._ids:
                self._ids[passage.id] = str(len(self._ids) + 1)
                new.append(_citation(self._ids[passage.id], passage))
        self.shown += new
        return tuple(dict.fromkeys(self._ids[passage.id] for passage in passages)), tuple(new)


def _citation(id_: str, passage: Passage) -> Citation:
    return Citation(
        id=id_,
        title=passage.title,
        url=passage.url,
        heading=" › ".join(passage.heading_path),
        text=passage.text,
        updated=passage.updated_at,
        passage_id=passage.id,
        revision=passage.revision,
        nations=passage.nations,
        locale=passage.locale,
    )
