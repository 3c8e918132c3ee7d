"""What an index asks of Qdrant: the protocol behind which Edge and a server look alike.

One collection holds the passages of one generation. Every passage carries two numbers: the
commit that `added` it and, once it is superseded, the commit that `removed` it. A search
sees one commit: what was added by then and not yet removed (the scheme of PostgreSQL,
https://www.postgresql.org/docs/current/mvcc-intro.html). One point, the *state*, holds the
number of the last commit; writing it is what makes a change visible, all at once.
"""

from __future__ import annotations

import hashlib
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from .errors import IndexDamaged
from .types import ALL_NATIONS, Passage, Scope

DENSE = "dense"
SPARSE = "bm25"
PLACE = "place"

PASSAGE = "passage"
"""Field of the payload that holds a passage whole, as JSON."""

LINKS, EF_CONSTRUCT, EF = 24, 150, 160
"""The graph over vectors (HNSW, Malkov and Yashunin 2018, https://arxiv.org/abs/1603.09320): links a
node, and candidates kept while it is built and, up to `EF_PASSAGES`, searched. It walks over vectors of 8
bits, and scores what it finds by the whole ones."""
EF_PASSAGES = 100_000
EF_STEP = 32
"""Beyond that, as many more are kept as the root of the size grows, in steps of so many: of a million
passages' ten nearest .90 are found with 480, and .84 with 160 (decision 11)."""

ACORN_BELOW = 0.4
"""Where a scope holds a smaller share of all passages, the graph is walked by ACORN (Patel et al. 2024,
https://arxiv.org/abs/2403.04871): recall at ten is .98 where it would be .35 (of 15 in 100)."""

EVERY_NATION = "all"
"""Stands for all nations in what is searched by: nearly every passage applies in all four."""
_NATIONS = frozenset(ALL_NATIONS)

STATE_ID = str(uuid.UUID(int=0))
"""The point that holds the state. It has no vectors, so that no search finds it."""

JSON = str | int | float | bool | None | Sequence["JSON"] | Mapping[str, "JSON"]

KEYWORD_FIELDS = ("tenant", "collection", "nations", "locale", "page", "revision")
INTEGER_FIELDS = ("added", "removed", "position")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a generation was built for, which never changes, and how far it has come."""

    generation: str
    embedder: str
    """Digest of the embedder; empty for an index that holds no vectors."""
    dimensions: int
    passage_format: str
    commit: int = 0
    passages: int = 0
    """How many a search can see; what is there must agree, or something has been lost."""
    ordered_commit: int = 0
    """The last commit when the passages were put in order for search; 0 for never."""
    ordered_passages: int = 0
    """How many a search could see then."""
    revision: str
    """A new random token with every commit."""


class SparseWeights(NamedTuple):
    """A sparse vector: term numbers and their weights."""

    indices: list[int]
    values: list[float]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A passage as it is stored."""

    passage: Passage
    page: str
    """Name of its page within the index."""
    sparse: SparseWeights
    dense: NDArray[np.float32] | None
    """`(dimensions,) float32`; None in an index without vectors."""
    place: NDArray[np.float32] | None = None
    """`(dimensions,) float32` of title and headings; None where the passage has no heading."""
    added: int = 0
    """The commit that added it."""


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which stored passages are meant; conditions that are None do not narrow it."""

    scope: Scope | None = None
    pages: tuple[str, ...] | None = None
    visible_at: int | None = None
    added_after: int | None = None
    removed_after: int | None = None
    removed_by: int | None = None
    position: int | None = None


class HybridQuery(msgspec.Struct, frozen=True, kw_only=True):
    """One question in both forms, and what it may see."""

    dense: NDArray[np.float32] | None
    sparse: SparseWeights
    selection: Selection
    limit: int
    """Candidates from each of the two rankings."""
    ef: int = EF
    """Candidates that are kept while the graph is walked; see `ef_for`."""


def ef_for(passages: int) -> int:
    """Return how many candidates to keep while the graph over so many passages is walked."""
    wanted = EF * math.sqrt(max(passages, EF_PASSAGES) / EF_PASSAGES)
    return EF_STEP * math.ceil(wanted / EF_STEP)


class Scored(NamedTuple):
    """A passage's id with its cosine similarity or its BM25 score."""

    id: str
    """As 32 hex digits, which is how backends name passages: `key_of` the passage's id."""
    score: float


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """Two rankings, best first, and the state of the index when they had been made."""

    dense: list[Scored]
    sparse: list[Scored]
    state: State


class Rescored(NamedTuple):
    """Scores of given passages, whether or not a ranking has put them forward, by id."""

    dense: dict[str, float]
    sparse: dict[str, float]
    """Those alone that share a term with the question."""
    place: dict[str, float]
    """Cosine of the question and of title and headings; those alone that have headings."""


class Backend(Protocol):
    """One generation in Qdrant. Reading is safe from many threads; writing takes `writing()`."""

    @property
    def name(self) -> str:
        """Name of the generation."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to write; raises `IndexLocked` when another process holds it."""
        ...

    def read_state(self) -> State: ...
    def write_state(self, state: State) -> None: ...
    def upsert(self, points: Sequence[Point]) -> None: ...
    def delete(self, selection: Selection) -> None: ...
    def mark_removed(self, selection: Selection, commit: int) -> None: ...
    def unmark_removed(self, selection: Selection) -> None: ...
    def count(self, selection: Selection) -> int: ...

    def revisions(self, selection: Selection) -> dict[str, str]:
        """Return the revision by page of the passages that are selected."""
        ...

    def search(self, query: HybridQuery) -> Candidates: ...

    def rescore(self, query: HybridQuery, ids: Sequence[str], known: Candidates) -> Rescored:
        """Score these passages exactly; the query's selection and limit play no part.

        Scores that are known from the query's rankings are taken over.
        """
        ...

    def fetch(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages by id; what is no longer there is left out."""
        ...

    def flush(self) -> None:
        """Return when everything written is on disk."""
        ...

    def damaged(self, cause: str) -> IndexDamaged:
        """Return the error that says what is amiss with it, and how to mend that."""
        ...

    def close(self) -> None: ...


class Store(Protocol):
    """Generations side by side, one of which is current."""

    @property
    def grace(self) -> float:
        """Seconds for which superseded passages must stay; see `Generation`."""
        ...

    def current(self) -> Backend | None:
        """Open the current generation; None where there is none yet."""
        ...

    def next_name(self) -> str:
        """Return a name that no generation has."""
        ...

    def create(self, state: State) -> Backend:
        """Make an empty generation beside the others."""
        ...

    def promote(self, backend: Backend) -> None:
        """Make a generation the current one, at once for everyone who opens the store."""
        ...

    def put_in_order(self, backend: Backend, pulse: Callable[[], None]) -> Backend:
        """Merge and index what has been written, so that searches stay fast.

        `pulse` is called now and then; what it raises stops the work. Returns the backend itself, or a copy in order that is to take its place: as current
        once it is promoted. Nothing may be written to the backend until then.
        """
        ...

    def discard(self, backend: Backend) -> None:
        """Delete a generation that has been closed."""
        ...

    def discard_others(self, kept: Backend) -> None:
        """Delete every generation but one."""
        ...

    def backup(self, backend: Backend, to: Path) -> None:
        """Copy a generation to a folder, as it is at one moment between two writes."""
        ...

    def close(self) -> None: ...


class Match(NamedTuple):
    """The field holds one of these values."""

    key: str
    values: tuple[str, ...]


class Is(NamedTuple):
    """The field is this number."""

    key: str
    value: int


class Above(NamedTuple):
    """The field is greater than the bound."""

    key: str
    bound: int


class UpTo(NamedTuple):
    """The field is at most the bound."""

    key: str
    bound: int


Condition = Match | Is | Above | UpTo


class Conditions(NamedTuple):
    """A filter in the terms that both backends share."""

    must: list[Condition]
    must_not: list[Condition]


def conditions(selection: Selection) -> Conditions:
    """Translate a selection into conditions on the payload."""
    must: list[Condition] = []
    must_not: list[Condition] = []
    if selection.scope is not None:
        must += _scope_conditions(selection.scope)
    if selection.pages is not None:
        must.append(Match("page", selection.pages))
    if selection.position is not None:
        must.append(Is("position", selection.position))
    if selection.visible_at is not None:
        must.append(UpTo("added", selection.visible_at))
        must_not.append(UpTo("removed", selection.visible_at))
    if selection.added_after is not None:
        must.append(Above("added", selection.added_after))
    if selection.removed_after is not None:
        must.append(Above("removed", selection.removed_after))
    if selection.removed_by is not None:
        must.append(UpTo("removed", selection.removed_by))
    return Conditions(must, must_not)


def _scope_conditions(scope: Scope) -> list[Condition]:
    found: list[Condition] = [
        Match("tenant", (scope.tenant,)),
        Match("collection", scope.collections),
    ]
    if scope.nation is not None:
        every = (EVERY_NATION,) if scope.nation in _NATIONS else ()
        found.append(Match("nations", (*every, scope.nation)))
    if scope.locale is not None:
        found.append(Match("locale", (scope.locale,)))
    return found


def payload_of(point: Point) -> dict[str, JSON]:
    """Return what is stored beside the vectors: what is searched by, and the passage as one text.

    One text needs no conversion of fields one by one when it is read.
    """
    passage = point.passage
    return {
        PASSAGE: msgspec.json.encode(passage).decode(),
        "tenant": passage.tenant,
        "collection": passage.collection,
        "nations": EVERY_NATION if set(passage.nations) == _NATIONS else passage.nations,
        "locale": passage.locale,
        "page": point.page,
        "revision": passage.revision,
        "position": passage.position,
        "added": point.added,
    }


def passage_of(payload: Mapping[str, object]) -> Passage:
    """Read a passage back from what is stored; raises `msgspec.DecodeError` if it is damaged."""
    return _read_passage(str(payload.get(PASSAGE, "")))


_read_passage = msgspec.json.Decoder(Passage).decode


def unscored(query: HybridQuery, ids: Sequence[str], known: Candidates) -> dict[str, list[str]]:
    """Return the passages whose score is not known from the rankings, by name of the vectors."""
    wanted: dict[str, list[str]] = {}
    if query.dense is not None:
        dense = {found.id for found in known.dense}
        wanted |= {DENSE: [key for key in ids if key not in dense], PLACE: list(ids)}
    if query.sparse.indices:
        sparse = {found.id for found in known.sparse}
        wanted[SPARSE] = [key for key in ids if key not in sparse]
    return {name: keys for name, keys in wanted.items() if keys}


def with_known(
    scores: Mapping[str, dict[str, float]], ids: Sequence[str], known: Candidates
) -> Rescored:
    """Put new scores, by name of the vectors, beside those that the rankings hold."""
    dense, sparse = dict(known.dense), dict(known.sparse)
    return Rescored(
        dense={key: dense[key] for key in ids if key in dense} | scores.get(DENSE, {}),
        sparse={key: sparse[key] for key in ids if key in sparse} | scores.get(SPARSE, {}),
        place=scores.get(PLACE, {}),
    )


def passage_id(title: str, name: str) -> str:
    """Return the id of a passage: a UUID whose first half says what its page is called.

    Arguments:
        title: of its page, which the parts of a long guide share.
        name: unique to the passage.

    RFC 9562, version 8: 48 bits of one digest, 74 of another.
    """
    group, own = (
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        for text in (title, name)
    )
    number = int.from_bytes(group[:GROUP_BYTES] + own[GROUP_BYTES:])
    number = number & ~(0xF000 << 64) & ~(0xC000 << 48) | (8 << 76) | (2 << 62)
    return str(uuid.UUID(int=number))


def key_of(passage_id: str) -> str:
    """Return an id as backends name it, 32 hex digits; strings of UUIDs take far longer to make."""
    return passage_id.replace("-", "")


def group_of(key: str) -> str:
    """Return what the passages of one title have in common, from a passage's key."""
    return key[: 2 * GROUP_BYTES]


def page_key(tenant: str, path: str, locale: str) -> str:
    """Return the name of a page within the index."""
    name = "\n".join((tenant, path, locale)).encode("utf-8", "replace")
    return uuid.uuid5(NAMESPACE, name.decode()).hex


NAMESPACE = uuid.UUID("6f3d6f0e-6d9c-5f0c-9d7e-3b3f6a1f2c55")
"""Namespace of the names of pages (RFC 9562, version 5)."""

GROUP_BYTES = 6
"""Of an id, those that stand for the title: as many as come before the version's digit."""
