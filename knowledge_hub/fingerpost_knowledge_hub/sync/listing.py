"""What a source holds now: for each page the revision that counts, and where to read it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from fingerpost_knowledge_hub.documents import Identity
from fingerpost_knowledge_hub.precedence import Revision
from fingerpost_knowledge_hub.sources import Failed, Part, Skipped


class Place(NamedTuple):
    """Where in a spool a document lies, in bytes."""

    offset: int
    length: int


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A revision that the source lists, and where its document is to be had."""

    identity: Identity
    revision: Revision
    origin: str
    place: Place | None = None
    """Where it lies in the spool; None when its part was not read in this run."""
    part: Part | None = None


class Listing(msgspec.Struct):
    """Everything that one pass over a source found."""

    winners: dict[Identity, Candidate] = {}
    skipped: list[Skipped] = []
    failed: list[Failed] = []
    complete: bool = False
    """Whether the source was listed to its end, so that what is absent has gone."""

    def enter(self, candidate: Candidate) -> None:
        """Let a revision compete with the others of its page; the loser is skipped."""
        rival = self.winners.setdefault(candidate.identity, candidate)
        if rival is candidate:
            return
        if candidate.revision.rank > rival.revision.rank:
            self.winners[candidate.identity] = candidate
            self.skipped.append(Skipped(rival.origin, "superseded"))
        else:
            self.skipped.append(Skipped(candidate.origin, "superseded"))
