"""A generation on a Qdrant server, through `qdrant-client` (extra `[server]`)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import msgspec
from qdrant_client import QdrantClient, models

from .backend import (
    ACORN_BELOW,
    DENSE,
    EF_CONSTRUCT,
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
    key_of,
    passage_of,
    payload_of,
    unscored,
    with_known,
)
from .errors import IndexDamaged
from .server_calls import guarded
from .server_lease import Lease
from .types import Passage

SCROLL_PAGE = 1_000
UPSERT_BATCH = 256
"""Passages in one request: a few megabytes at most."""


@cache
def _walk(ef: int) -> models.SearchParams:
    """How the graph is walked."""
    return models.SearchParams(
        hnsw_ef=ef,
        quantization=models.QuantizationSearchParams(rescore=True),
        acorn=models.AcornSearchParams(enable=True, max_selectivity=ACORN_BELOW),
    )


class ServerBackend:
    """One generation: a collection.

    Arguments:
        client: connection to the server.
        collection: the collection, to which all writes go.
        reading: the name under which it is read: the alias if it is the current one, so that a
            switch made by another process is noticed.
    """

    def __init__(self, client: QdrantClient, collection: str, *, reading: str) -> None:
        self._client = client
        self._collection = collection
        self.reading = reading
        self._lease = Lease(client, collection)

    @property
    def name(self) -> str:
        return self._collection[self._collection.rindex("gen-") :]

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lease.held():
            yield

    def read_state(self) -> State:
        records = guarded(lambda: self._client.retrieve(self.reading, [STATE_ID]))
        return _state(records, self.reading)

    def write_state(self, state: State) -> None:
        self._lease.check()
        self._upsert([state_point(state)])

    def upsert(self, points: Sequence[Point]) -> None:
        for start in range(0, len(points), UPSERT_BATCH):
            self._lease.check()
            self._upsert([_point(point) for point in points[start : start + UPSERT_BATCH]])

    def delete(self, selection: Selection) -> None:
        self._lease.check()
        chosen = models.FilterSelector(filter=_filter(selection))
        guarded(lambda: self._client.delete(self._collection, chosen, wait=True))

    def mark_removed(self, selection: Selection, commit: int) -> None:
        self._lease.check()
        chosen = _filter(selection)
        guarded(
            lambda: self._client.set_payload(
                self._collection, {"removed": commit}, points=chosen, wait=True
            )
        )

    def unmark_removed(self, selection: Selection) -> None:
        self._lease.check()
        chosen = _filter(selection)
        guarded(
            lambda: self._client.delete_payload(
                self._collection, ["removed"], points=chosen, wait=True
            )
        )

    def count(self, selection: Selection) -> int:
        chosen = _filter(selection)
        return guarded(lambda: self._client.count(self.reading, chosen, exact=True)).count

    def revisions(self, selection: Selection) -> dict[str, str]:
        found: dict[str, str] = {}
        offset: models.ExtendedPointId | None = None
        while True:
            records, offset = self._scroll(selection, offset)
            for record in records:
                payload = record.payload or {}
                found[payload["page"]] = payload["revision"]
            if offset is None:
                return found

    def search(self, query: HybridQuery) -> Candidates:
        requests = _requests(query)
        # The state comes with the rankings, in one request, and says if they are of one commit.
        is_state = models.Filter(must=[models.HasIdCondition(has_id=[STATE_ID])])
        asked = [
            *requests.values(),
            models.QueryRequest(filter=is_state, limit=1, with_payload=True),
        ]
        *results, state = guarded(lambda: self._client.query_batch_points(self.reading, asked))
        rankings = {
            name: [Scored(key_of(str(point.id)), point.score) for point in result.points]
            for name, result in zip(requests, results, strict=True)
        }
        return Candidates(
            dense=rankings.get(DENSE, []),
            sparse=rankings.get(SPARSE, []),
            state=_state(state.points, self.reading),
        )

    def rescore(self, query: HybridQuery, ids: Sequence[str], known: Candidates) -> Rescored:
        unknown = unscored(query, ids, known)
        queries: dict[str, list[float] | models.SparseVector] = {}
        if query.dense is not None:
            queries |= dict.fromkeys((DENSE, PLACE), query.dense.tolist())
        if query.sparse.indices:
            queries[SPARSE] = models.SparseVector(
                indices=query.sparse.indices, values=query.sparse.values
            )
        asked = [
            models.QueryRequest(
                query=queries[name],
                using=name,
                filter=models.Filter(must=[models.HasIdCondition(has_id=_uuids(these))]),
                limit=len(these),
            )
            for name, these in unknown.items()
        ]
        results = (
            guarded(lambda: self._client.query_batch_points(self.reading, asked)) if asked else []
        )
        scores = {
            name: {key_of(str(point.id)): point.score for point in result.points}
            for name, result in zip(unknown, results, strict=True)
        }
        return with_known(scores, ids, known)

    def fetch(self, ids: Sequence[str]) -> dict[str, Passage]:
        records = guarded(lambda: self._client.retrieve(self.reading, _uuids(ids), [PASSAGE]))
        return {key_of(str(record.id)): passage_of(record.payload or {}) for record in records}

    def flush(self) -> None:
        """Nothing to do: the server has every write in its log before it answers."""

    def damaged(self, cause: str) -> IndexDamaged:
        return _damaged(self._collection, cause)

    def close(self) -> None:
        """Nothing to do: the connection belongs to the store."""

    def _upsert(self, points: list[models.PointStruct]) -> None:
        guarded(lambda: self._client.upsert(self._collection, points, wait=True))

    def _scroll(
        self, selection: Selection, offset: models.ExtendedPointId | None
    ) -> tuple[list[models.Record], models.ExtendedPointId | None]:
        return guarded(
            lambda: self._client.scroll(
                self.reading,
                _filter(selection),
                limit=SCROLL_PAGE,
                offset=offset,
                with_payload=["page", "revision"],
            )
        )


def vector_params(state: State) -> dict[str, models.VectorParams]:
    """Return the dense vectors that a generation holds."""
    if not state.dimensions:
        return {}
    size, cosine = state.dimensions, models.Distance.COSINE
    return {
        DENSE: models.VectorParams(
            size=size,
            distance=cosine,
            hnsw_config=models.HnswConfigDiff(m=LINKS, ef_construct=EF_CONSTRUCT, payload_m=0),
            quantization_config=models.ScalarQuantization(
                scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
            ),
        ),
        # Never searched, only scored by id, so that it needs no graph.
        PLACE: models.VectorParams(
            size=size,
            distance=cosine,
            datatype=models.Datatype.FLOAT16,
            hnsw_config=models.HnswConfigDiff(m=0),
        ),
    }


def state_point(state: State) -> models.PointStruct:
    """Return the state as it is stored."""
    return models.PointStruct(id=STATE_ID, vector={}, payload=msgspec.to_builtins(state))


def _state(records: Sequence[models.Record | models.ScoredPoint], collection: str) -> State:
    try:
        (record,) = records
        return msgspec.convert(record.payload, State)
    except (ValueError, msgspec.ValidationError) as error:
        raise _damaged(collection, f"it holds no valid state ({error})") from error


def _damaged(collection: str, cause: str) -> IndexDamaged:
    return IndexDamaged(
        f"the collection {collection} on the Qdrant server is damaged: {cause}. Restore a "
        "snapshot of it or build it anew (`fingerpost ingest --rebuild`)"
    )


def _requests(query: HybridQuery) -> dict[str, models.QueryRequest]:
    chosen = _filter(query.selection)
    requests = {}
    if query.dense is not None:
        requests[DENSE] = models.QueryRequest(
            query=query.dense.tolist(),
            using=DENSE,
            filter=chosen,
            limit=query.limit,
            params=_walk(query.ef),
        )
    if query.sparse.indices:
        terms = models.SparseVector(indices=query.sparse.indices, values=query.sparse.values)
        requests[SPARSE] = models.QueryRequest(
            query=terms, using=SPARSE, filter=chosen, limit=query.limit
        )
    return requests


def _uuids(keys: Sequence[str]) -> list[models.ExtendedPointId]:
    return [str(uuid.UUID(key)) for key in keys]


def _point(point: Point) -> models.PointStruct:
    vectors: dict[str, models.Vector] = {
        SPARSE: models.SparseVector(indices=point.sparse.indices, values=point.sparse.values)
    }
    if point.dense is not None:
        vectors[DENSE] = point.dense.tolist()
    if point.place is not None:
        vectors[PLACE] = point.place.tolist()
    return models.PointStruct(id=point.passage.id, vector=vectors, payload=payload_of(point))


def _filter(selection: Selection) -> models.Filter:
    chosen = conditions(selection)
    return models.Filter(
        must=[_condition(condition) for condition in chosen.must],
        must_not=[_condition(condition) for condition in chosen.must_not],
    )


def _condition(condition: Condition) -> models.Condition:
    match condition:
        case Match(key, values):
            if len(values) == 1:
                return models.FieldCondition(key=key, match=models.MatchValue(value=values[0]))
            return models.FieldCondition(key=key, match=models.MatchAny(any=list(values)))
        case Is(key, value):
            return models.FieldCondition(key=key, match=models.MatchValue(value=value))
        case Above(key, bound):
            return models.FieldCondition(key=key, range=models.Range(gt=bound))
        case _:
            return models.FieldCondition(key=condition.key, range=models.Range(lte=condition.bound))
