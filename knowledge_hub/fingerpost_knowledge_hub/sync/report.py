"""What a sync did, for people and for programs."""

from __future__ import annotations

from collections import Counter

import msgspec

from fingerpost_knowledge_hub.sources import Failed, Skipped


class SyncReport(msgspec.Struct, kw_only=True):
    """The fate of everything that a source listed.

    Every item is counted once: added, changed or unchanged (live pages), failed, or skipped
    (with its reason; for a page that is not live the reason is its status).
    """

    added: int = 0
    """Live pages that are new in the index."""
    changed: int = 0
    """Live pages whose text in the index was replaced."""
    removed: int = 0
    """Pages that left the index: withdrawn, hidden, or no longer listed by their source."""
    unchanged: int = 0
    failed: list[Failed] = []
    skipped: list[Skipped] = []
    statuses: dict[str, int] = {}
    """How many pages of each status the source holds, such as {"live": 40, "draft": 2}."""
    complete: bool = True
    """Whether the source was listed to its end; if not, nothing was removed for being absent."""
    warnings: list[str] = []
    """What a person should look at, with what to do about it."""
    seconds: float = 0.0

    def skipped_by_reason(self) -> dict[str, int]:
        """How many items were skipped for each reason, the commonest first."""
        return dict(Counter(item.reason for item in self.skipped).most_common())
