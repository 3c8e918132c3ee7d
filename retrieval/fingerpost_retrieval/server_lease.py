"""The right to write to an index on a server: one process at a time, and none that has died.

A point in the collection names the holder and when its right ends. Taking it is a conditional
write that the server carries out atomically: it succeeds if the right is free, has ended, or
is already one's own.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from qdrant_client import QdrantClient, models

from .errors import IndexLocked, IndexUnreachable
from .server_calls import guarded

LEASE_ID = str(uuid.UUID(int=1))
"""The point that holds the lease. It has no vectors, so that no search finds it."""

LEASE_S = 120.0
MARGIN_S = 20.0
"""A holder stops writing this long before its right ends, whatever the clocks of others say."""

WAIT_S = 30.0
INTERVAL_S = 0.2


class Lease:
    """Held while a commit is written.

    Arguments:
        client: connection to the server.
        collection: the collection that is written to.
    """

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection
        self._holder = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._ends = 0.0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease.

        Raises `IndexLocked` if another process does not let go of it, and `IndexUnreachable`.
        """
        with self._lock:
            self._acquire()
            try:
                yield
            finally:
                # A server that is out of reach lets go by itself, when the right ends.
                with suppress(IndexUnreachable):
                    self._write(until=0.0)

    def check(self) -> None:
        """Raise `IndexLocked` unless there is still time to write."""
        if time.monotonic() > self._ends:
            raise IndexLocked(
                "writing took so long that another process may write now. Nothing has changed; "
                "try again"
            )

    def _acquire(self) -> None:
        deadline = time.monotonic() + WAIT_S
        while True:
            self._ends = time.monotonic() + LEASE_S - MARGIN_S
            self._write(until=time.time() + LEASE_S)
            (record,) = guarded(lambda: self._client.retrieve(self._collection, [LEASE_ID]))
            if (record.payload or {}).get("holder") == self._holder:
                return
            if time.monotonic() > deadline:
                raise IndexLocked(
                    f"another process has been writing to {self._collection} for {WAIT_S:.0f} s. "
                    "Wait until it is done and try again"
                )
            time.sleep(INTERVAL_S)

    def _write(self, until: float) -> None:
        """Set when the right of this process ends; without effect if another one has it."""
        is_mine_or_ended = models.Filter(
            should=[
                models.FieldCondition(key="holder", match=models.MatchValue(value=self._holder)),
                models.FieldCondition(key="until", range=models.Range(lt=time.time())),
            ]
        )
        payload = {"holder": self._holder, "until": until}
        guarded(
            lambda: self._client.upsert(
                self._collection,
                [models.PointStruct(id=LEASE_ID, vector={}, payload=payload)],
                update_filter=is_mine_or_ended,
                ordering=models.WriteOrdering.STRONG,
                wait=True,
            )
        )
