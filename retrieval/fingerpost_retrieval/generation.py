"""Commits to one generation: pages change whole and at once, whoever is reading.

A change is written so that no search sees it: new passages carry the number of the next
commit, superseded ones are marked as removed by it. Then the state takes that number, and
from there on every search sees the change, whole. What a crash or an error leaves half done belongs
to a commit that never happened: no search sees it, and the next commit begins by undoing it.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from .backend import Backend, Candidates, HybridQuery, Point, Scored, Selection, State
from .errors import IndexFault, IndexMoved
from .types import Evidence, Passage

SEARCH_ATTEMPTS = 50
"""A search that a commit overtakes is made again. Commits take longer than searches, so that
even a second attempt is rare."""


class Ranked(NamedTuple):
    """What a ranking has made of the candidates."""

    ranking: list[Scored]
    evidence: Evidence


Rank = Callable[[Sequence[Candidates]], Ranked]
"""From the candidates of each query to one ranking."""


class Found(NamedTuple):
    """What a search has found, all of one commit."""

    state: State
    ranking: list[Scored]
    evidence: Evidence
    passages: dict[str, Passage]
    searched: float
    """When Qdrant had answered, by `time.perf_counter`."""


class Generation:
    """A `Backend` with commits.

    Arguments:
        backend: where the passages are.
        grace: seconds for which superseded passages stay, so that searches of other
            processes that began before the commit can end; 0 when all readers are in this
            process, since a search checks afterwards that no commit has overtaken it.
    """

    def __init__(self, backend: Backend, *, grace: float = 0.0) -> None:
        self._backend = backend
        self._grace = grace
        self._commits: deque[tuple[int, float]] = deque()
        self._state = backend.read_state()
        self._changes = 0 if grace == 0 and self._is_whole() else 1
        """Odd while there may be passages of other commits than the current one, as during a
        commit, after one that failed, and always where other processes write."""

    @property
    def backend(self) -> Backend:
        return self._backend

    @property
    def state(self) -> State:
        """The state that was last seen."""
        return self._state

    def refresh(self) -> State:
        """Read the state anew: another process may have committed. Raises `IndexMoved`."""
        state = self._backend.read_state()
        self._check(state)
        self._state = state
        return state

    def revisions(self, pages: Sequence[str]) -> dict[str, str]:
        """Return the revision by page of those pages that are in the index."""
        return self._revisions(pages, self.refresh())

    def commit(self, pages: Mapping[str, Sequence[Point]]) -> None:
        """Put pages in the place of what is there of them, in one step for every reader.

        Arguments:
            pages: the passages of each page; none for a page that goes. A page that is there
                in the same revision stays as it is.

        Raises `IndexMoved` when another process has switched to a new generation.
        """
        try:
            with self._backend.writing():
                self._commit(pages)
        except IndexFault:
            self.refresh()  # a new generation, beside which this one is gone, may be the reason
            raise

    def search(self, queries: Sequence[HybridQuery], rank: Rank) -> Found:
        """Rank the passages of one commit; the queries' selections are narrowed to it.

        Raises `IndexMoved` when another process has switched to a new generation.
        """
        for _ in range(SEARCH_ATTEMPTS):
            changes, commit = self._changes, self._state.commit
            # Mostly there is but one commit, and then there are no conditions to check.
            asked = [_at(query, commit) for query in queries] if changes % 2 else queries
            try:
                candidates = [self._backend.search(query) for query in asked]
            except IndexFault:
                self.refresh()  # a new generation, with other vectors, may be the reason
                raise
            searched = time.perf_counter()
            for found in candidates:
                self._check(found.state)
            state = self._state = candidates[-1].state
            if all(found.state.commit == commit for found in candidates) and (
                changes % 2 or changes == self._changes
            ):
                ranking, evidence = rank(candidates)
                # Last: what can still be read now could be scored before.
                passages = self._backend.fetch([found.id for found in ranking])
                # What other processes supersede stays for a while, and can be scored until then.
                is_of_one = self._grace > 0 or self._backend.read_state().commit == commit
                if is_of_one and len(passages) == len(ranking):
                    return Found(state, ranking, evidence, passages, searched)
        raise IndexFault("the index changes faster than it can be searched: try again")

    def count_pages(self) -> int:
        """Return the number of pages that a search can see."""
        return self._backend.count(Selection(visible_at=self.refresh().commit, position=0))

    def verify(self) -> None:
        """Raise `IndexDamaged` if there are not as many passages as there should be."""
        state = self.refresh()
        found = self._backend.count(Selection(visible_at=state.commit))
        if found != state.passages:
            raise self._backend.damaged(f"it holds {found} passages instead of {state.passages}")

    def flush(self) -> None:
        self._backend.flush()

    def _commit(self, pages: Mapping[str, Sequence[Point]]) -> None:
        before = self.refresh()
        present = self._revisions(tuple(pages), before)
        changed = {
            page: points
            for page, points in pages.items()
            if present.get(page) != (points[0].passage.revision if points else None)
        }
        if changed:
            self._changes |= 1
            self._undo_after(before)
            present_too = [page for page in changed if page in present]
            self._clean(self._write(before, changed, present_too))
            if self._grace == 0:
                self._changes += 1

    def _check(self, state: State) -> None:
        if state.generation != self._state.generation:
            raise IndexMoved(
                f"the index has been switched from {self._state.generation} to {state.generation}"
            )

    def _is_whole(self) -> bool:
        """Whether there is nothing but what the current commit sees."""
        commit = self._state.commit
        others = (
            Selection(added_after=commit),
            Selection(removed_after=commit),
            Selection(removed_by=commit),
        )
        return not any(self._backend.count(selection) for selection in others)

    def _revisions(self, pages: Sequence[str], state: State) -> dict[str, str]:
        return self._backend.revisions(
            Selection(pages=tuple(pages), visible_at=state.commit, position=0)
        )

    def _write(
        self, before: State, pages: Mapping[str, Sequence[Point]], replaced: Sequence[str]
    ) -> int:
        """Write and make visible; return the number of the commit."""
        commit = before.commit + 1
        points = [
            msgspec.structs.replace(point, added=commit)
            for page in pages.values()
            for point in page
        ]
        self._backend.upsert(points)
        gone = Selection(pages=tuple(replaced), visible_at=before.commit)
        fewer = self._backend.count(gone) if replaced else 0
        if replaced:
            self._backend.mark_removed(gone, commit)
        state = msgspec.structs.replace(
            before,
            commit=commit,
            passages=before.passages + len(points) - fewer,
            revision=secrets.token_hex(8),
        )
        self._backend.write_state(state)
        self._state = state
        return commit

    def _undo_after(self, state: State) -> None:
        self._backend.delete(Selection(added_after=state.commit))
        self._backend.unmark_removed(Selection(removed_after=state.commit))

    def _clean(self, commit: int) -> None:
        """Delete what no search can see any more, now that there is this commit."""
        self._commits.append((commit, time.monotonic()))
        due = None
        while self._commits and self._commits[0][1] + self._grace <= time.monotonic():
            due, _ = self._commits.popleft()
        if due is not None:
            self._backend.delete(Selection(removed_by=due))


def _at(query: HybridQuery, commit: int) -> HybridQuery:
    selection = msgspec.structs.replace(query.selection, visible_at=commit)
    return msgspec.structs.replace(query, selection=selection)
