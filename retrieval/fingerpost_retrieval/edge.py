"""A generation on Qdrant Edge: the engine of Qdrant, inside this process."""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import qdrant_edge as qdrant

from ._files import copy_folder, sync_files
from .backend import (
    ACORN_BELOW,
    DENSE,
    EF_CONSTRUCT,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    LINKS,
    PASSAGE,
    PLACE,
    SPARSE,
    STATE_ID,
    Above,
    Candidates,
    Condition,
    HybridQuery,
    Is,
    Match,
    Point,
    Rescored,
    Scored,
    Selection,
    State,
    conditions,
    passage_of,
    payload_of,
    unscored,
    with_known,
)
from .errors import IndexClosed, IndexDamaged, IndexFault, IndexUnwritable
from .types import Passage

Result = TypeVar("Result")

SCROLL_PAGE = 1_000
HNSW_FROM_KILOBYTES = 10_000
"""A segment with more vectors than this gets a graph: 6,500 of 384 dimensions. Below
it, exact search takes less than 3 ms and finds everything; at 10,000 a graph saves three
quarters of the time."""

DISORDER = 0.2
"""Share of the passages that may have come or gone since an index was put in order."""


@cache
def _walk(ef: int) -> qdrant.SearchParams:
    """How the graph is walked."""
    return qdrant.SearchParams(
        hnsw_ef=ef,
        quantization=qdrant.QuantizationSearchParams(rescore=True),
        acorn=qdrant.AcornSearchParams(enable=True, max_selectivity=ACORN_BELOW),
    )


UPSERT_BATCH = 16
"""Passages in one write. The engine lets no other thread of the process run while it works: with 16,
for a millisecond or two, and it takes passages as fast as in larger batches."""

_EXACT = qdrant.SearchParams(exact=True)

FLUSH_EVERY = 5_000
"""Passages after which segments are flushed, lest the log take long to replay."""

DIMENSIONS = 384
"""Of the default embedder."""

UNWRITABLE = ("os error 13", "os error 28", "os error 30")
"""No permission, no space, a read-only file system (errno of Linux)."""

UNREADABLE = "is not readable from"
"""A vector is missing from its file, which the engine notices in a search and not before."""

RESERVE_BYTES = 128 * 1024 * 1024
"""Left free on the disk. Qdrant writes through memory maps, where a full disk would kill the
process (SIGBUS) instead of raising an error; so there is a check before every write."""


class EdgeBackend:
    """One generation in one folder, which this process alone has open."""

    def __init__(self, folder: Path, shard: qdrant.EdgeShard, state: State) -> None:
        self._folder = folder
        self._shard = shard
        self._state = state
        self._lock = threading.Lock()
        self._unflushed = 0
        self._closed = False
        self._calls = 0
        self._idle = threading.Condition()

    @classmethod
    def create(cls, folder: Path, state: State) -> EdgeBackend:
        """Make an empty generation in `folder`."""
        check_space(folder)
        shard = _guarded(folder, lambda: qdrant.EdgeShard.create(str(folder), _config(state)))
        backend = cls(folder, shard, state)
        for field in KEYWORD_FIELDS:
            backend._update(
                qdrant.UpdateOperation.create_field_index(field, qdrant.PayloadSchemaType.Keyword)
            )
        for field in INTEGER_FIELDS:
            backend._update(
                qdrant.UpdateOperation.create_field_index(field, qdrant.PayloadSchemaType.Integer)
            )
        backend.write_state(state)
        backend.flush()
        return backend

    @classmethod
    def load(cls, folder: Path) -> EdgeBackend:
        """Open the generation in `folder`; raises `IndexDamaged` when it cannot be read."""
        try:
            shard = _guarded(folder, lambda: qdrant.EdgeShard.load(str(folder)))
            (record,) = _guarded(folder, lambda: shard.retrieve([STATE_ID], True, False))
            return cls(folder, shard, msgspec.convert(record.payload, State))
        except (IndexFault, ValueError) as error:
            raise damaged(folder, str(error)) from error

    @property
    def name(self) -> str:
        return self._folder.name

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            yield

    def read_state(self) -> State:
        return self._state

    def write_state(self, state: State) -> None:
        point = qdrant.Point(STATE_ID, {}, msgspec.to_builtins(state))
        self._update(qdrant.UpdateOperation.upsert_points([point]))
        self._state = state

    def upsert(self, points: Sequence[Point]) -> None:
        for start in range(0, len(points), UPSERT_BATCH):
            batch = points[start : start + UPSERT_BATCH]
            check_space(self._folder)
            self._update(qdrant.UpdateOperation.upsert_points([_point(point) for point in batch]))
            self._unflushed += len(batch)

    def delete(self, selection: Selection) -> None:
        self._update(qdrant.UpdateOperation.delete_points_by_filter(_filter(selection)))

    def mark_removed(self, selection: Selection, commit: int) -> None:
        # A point in a segment in order is moved to be marked, so that one page is enough at once.
        for page in selection.pages or (None,):
            pages = selection.pages if page is None else (page,)
            chosen = _filter(msgspec.structs.replace(selection, pages=pages))
            self._update(qdrant.UpdateOperation.set_payload_by_filter(chosen, {"removed": commit}))

    def unmark_removed(self, selection: Selection) -> None:
        self._update(
            qdrant.UpdateOperation.delete_payload_by_filter(_filter(selection), ["removed"])
        )

    def count(self, selection: Selection) -> int:
        request = qdrant.CountRequest(exact=True, filter=_filter(selection))
        return self._call(lambda: self._shard.count(request))

    def revisions(self, selection: Selection) -> dict[str, str]:
        found: dict[str, str] = {}
        offset: qdrant.PointId | None = None
        while True:
            request = qdrant.ScrollRequest(
                offset=offset,
                limit=SCROLL_PAGE,
                filter=_filter(selection),
                with_payload=["page", "revision"],
            )
            records, offset = self._scroll(request)
            for record in records:
                payload = record.payload or {}
                found[payload["page"]] = payload["revision"]
            if offset is None:
                return found

    def _scroll(
        self, request: qdrant.ScrollRequest
    ) -> tuple[list[qdrant.Record], qdrant.PointId | None]:
        return self._call(lambda: self._shard.scroll(request))

    def search(self, query: HybridQuery) -> Candidates:
        chosen = _filter(query.selection)
        requests = {}
        if query.dense is not None:
            nearest = qdrant.Query.Nearest(query.dense.tolist(), using=DENSE)
            requests[DENSE] = qdrant.QueryRequest(
                limit=query.limit, query=nearest, filter=chosen, params=_walk(query.ef)
            )
        if query.sparse.indices:
            terms = qdrant.SparseVector(query.sparse.indices, query.sparse.values)
            nearest = qdrant.Query.Nearest(terms, using=SPARSE)
            requests[SPARSE] = qdrant.QueryRequest(limit=query.limit, query=nearest, filter=chosen)
        batch = qdrant.QueryBatchRequest(list(requests.values()))
        results = self._call(lambda: self._shard.query_batch(batch)) if requests else []
        rankings = {
            name: [Scored(_key(point.id), point.score) for point in points]
            for name, points in zip(requests, results, strict=True)
        }
        return Candidates(
            dense=rankings.get(DENSE, []), sparse=rankings.get(SPARSE, []), state=self._state
        )

    def rescore(self, query: HybridQuery, ids: Sequence[str], known: Candidates) -> Rescored:
        asked = unscored(query, ids, known)
        queries: dict[str, qdrant.Query] = {}
        if query.dense is not None:
            vector = query.dense.tolist()
            queries |= {name: qdrant.Query.Nearest(vector, using=name) for name in (DENSE, PLACE)}
        if query.sparse.indices:
            terms = qdrant.SparseVector(query.sparse.indices, query.sparse.values)
            queries[SPARSE] = qdrant.Query.Nearest(terms, using=SPARSE)
        requests = [
            qdrant.QueryRequest(
                limit=len(these),
                query=queries[name],
                filter=qdrant.Filter(must=[qdrant.HasIdCondition(set(these))]),
                params=_EXACT,
            )
            for name, these in asked.items()
        ]
        batch = qdrant.QueryBatchRequest(requests)
        results = self._call(lambda: self._shard.query_batch(batch)) if requests else []
        scores = {
            name: {_key(point.id): point.score for point in points}
            for name, points in zip(asked, results, strict=True)
        }
        return with_known(scores, ids, known)

    def fetch(self, ids: Sequence[str]) -> dict[str, Passage]:
        records = self._call(lambda: self._shard.retrieve(list(ids), [PASSAGE], False))
        return {_key(record.id): passage_of(record.payload or {}) for record in records}

    def flush(self) -> None:
        # What is in the log is replayed at the next opening, so that the log alone makes a
        # write durable. To flush the segments takes many times as long and slows searches.
        self._sync_log()
        if self._unflushed > FLUSH_EVERY:
            self._unflushed = 0
            self._call(self._shard.flush)

    @property
    def has_graph(self) -> bool:
        """Whether there are enough passages for a graph, which takes seconds to build."""
        # By words alone, passages are put in order in about the time of the default's.
        vector_bytes = 4 * (self._state.dimensions or DIMENSIONS)
        return self._state.passages * vector_bytes > HNSW_FROM_KILOBYTES * 1024

    @property
    def is_in_order(self) -> bool:
        """Whether there would be little to gain from putting the passages in order again."""
        state = self._state
        come = self.count(Selection(added_after=state.ordered_commit))
        gone = state.ordered_passages - (state.passages - come)
        vectors_bytes = come * 4 * (state.dimensions or DIMENSIONS)
        return (
            come + gone <= DISORDER * state.passages and vectors_bytes <= HNSW_FROM_KILOBYTES * 1024
        )

    def optimise(self) -> None:
        """Merge and index what has been written; no thread of the process runs meanwhile."""
        check_space(self._folder)
        self._call(self._shard.optimize)
        self._call(self._shard.flush)

    def copy(self, to: Path) -> None:
        """Copy the folder as it is between two writes."""
        with self.writing():
            self._call(self._shard.flush)
            with self._in_use():
                copy_folder(self._folder, to)

    def damaged(self, cause: str) -> IndexDamaged:
        return damaged(self._folder, cause)

    def close(self) -> None:
        with self._idle:
            if self._closed:
                return
            self._closed = True
            self._idle.wait_for(lambda: self._calls == 0)
        try:
            _guarded(self._folder, self._shard.flush)
        finally:
            _guarded(self._folder, self._shard.close)

    def _sync_log(self) -> None:
        with self._in_use(), self._lock:
            sync_files(self._folder / "wal")

    def _update(self, operation: qdrant.UpdateOperation) -> None:
        self._call(lambda: self._shard.update(operation))

    def _call(self, function: Callable[[], Result]) -> Result:
        with self._in_use():
            return _guarded(self._folder, function)

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """Let `close` wait until the block ends; raises `IndexClosed`."""
        with self._idle:
            if self._closed:
                raise IndexClosed("the index has been closed")
            self._calls += 1
        try:
            yield
        finally:
            with self._idle:
                self._calls -= 1
                self._idle.notify_all()


def check_space(folder: Path, extra: int = 0) -> None:
    """Raise `IndexUnwritable` unless the disk has room for a write, and for so many bytes more."""
    free, needed = shutil.disk_usage(folder).free, RESERVE_BYTES + extra
    if free < needed:
        raise IndexUnwritable(
            f"the disk that holds {folder} is full: {free // 2**20} MB are free and "
            f"{needed // 2**20} MB are needed. Free some space and try again; "
            "what is in the index is safe"
        )


def _guarded(folder: Path, function: Callable[[], Result]) -> Result:
    """Call the engine, which says by text alone what has gone wrong."""
    try:
        return function()
    except Exception as error:
        raise translated(folder, str(error)) from error
    except BaseException as error:
        # The engine is written in Rust, and a panic there is no `Exception` here.
        if type(error).__name__ != "PanicException":
            raise
        raise translated(folder, str(error)) from error


def translated(folder: Path, message: str) -> IndexFault:
    """Return the error that what the engine says of itself amounts to."""
    if any(sign in message for sign in UNWRITABLE):
        return IndexUnwritable(
            f"the index in {folder} cannot be written: {message}. Make the folder writable, or "
            "free some space, and try again"
        )
    if UNREADABLE in message:
        return damaged(folder, message)
    return IndexFault(
        f"Qdrant Edge failed in {folder}: {message}. If it goes on, restore a backup "
        "(`fingerpost restore`) or build the index anew (`fingerpost ingest --rebuild`)"
    )


def damaged(folder: Path, cause: str) -> IndexDamaged:
    return IndexDamaged(
        f"the index in {folder} cannot be read: {cause}. Nothing has been deleted. Restore a "
        "backup (`fingerpost restore`) or build it anew (`fingerpost ingest --rebuild`)"
    )


def _config(state: State) -> qdrant.EdgeConfig:
    dense = {}
    if state.dimensions:
        dense[DENSE] = qdrant.EdgeVectorParams(
            size=state.dimensions,
            distance=qdrant.Distance.Cosine,
            memory=qdrant.Memory.Cached,
            # No links of their own for each value of each field: nearly all passages have the
            # same ones, and with them the graph takes almost four times as long.
            hnsw_config=qdrant.HnswIndexConfig(
                m=LINKS,
                ef_construct=EF_CONSTRUCT,
                full_scan_threshold=HNSW_FROM_KILOBYTES,
                payload_m=0,
                max_indexing_threads=max(1, (os.cpu_count() or 1) // 2),
            ),
            quantization_config=qdrant.ScalarQuantizationConfig(
                type=qdrant.ScalarType.Int8, always_ram=True
            ),
        )
        # Never searched, only scored by id, so that it needs no graph.
        dense[PLACE] = qdrant.EdgeVectorParams(
            size=state.dimensions,
            distance=qdrant.Distance.Cosine,
            datatype=qdrant.VectorStorageDatatype.Float16,
            memory=qdrant.Memory.Cached,
            hnsw_config=qdrant.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=10),
        )
    return qdrant.EdgeConfig(
        vectors=dense,
        sparse_vectors={SPARSE: qdrant.EdgeSparseVectorParams(modifier=qdrant.Modifier.Idf)},
        optimizers=qdrant.EdgeOptimizersConfig(indexing_threshold=HNSW_FROM_KILOBYTES),
    )


def _key(point: qdrant.PointId) -> str:
    # There are no numbered points, so that all are UUIDs.
    return point.hex if isinstance(point, uuid.UUID) else str(point)


def _point(point: Point) -> qdrant.Point:
    vectors: dict[str, qdrant.NamedVector] = {
        SPARSE: qdrant.SparseVector(point.sparse.indices, point.sparse.values)
    }
    if point.dense is not None:
        vectors[DENSE] = point.dense.tolist()
    if point.place is not None:
        vectors[PLACE] = point.place.tolist()
    return qdrant.Point(point.passage.id, vectors, payload_of(point))


def _filter(selection: Selection) -> qdrant.Filter:
    chosen = conditions(selection)
    return qdrant.Filter(
        must=[_condition(condition) for condition in chosen.must],
        must_not=[_condition(condition) for condition in chosen.must_not],
    )


def _condition(condition: Condition) -> qdrant.FieldCondition:
    match condition:
        case Match(key, values):
            one = len(values) == 1
            match_ = qdrant.MatchValue(values[0]) if one else qdrant.MatchAny(list(values))
            return qdrant.FieldCondition(key, match=match_)
        case Is(key, value):
            return qdrant.FieldCondition(key, match=qdrant.MatchValue(value))
        case Above(key, bound):
            return qdrant.FieldCondition(key, range=qdrant.RangeFloat(gt=bound))
        case _:
            return qdrant.FieldCondition(
                condition.key, range=qdrant.RangeFloat(lte=condition.bound)
            )
