"""The generations of an index on a Qdrant server: collections behind one alias."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from qdrant_client import QdrantClient, models

from .backend import INTEGER_FIELDS, KEYWORD_FIELDS, SPARSE, Backend, State
from .errors import IndexFault
from .server import ServerBackend, state_point, vector_params
from .server_calls import guarded

IN_PROCESS = ":memory:"
TIMEOUT_S = 10
GRACE_S = 30.0
"""Longer than any search of another process takes: those end by `TIMEOUT_S`."""


class ServerStore:
    """Collections named after the alias and their generation ("fingerpost-gen-3").

    Arguments:
        url: address of the server; ":memory:" for the small one inside `qdrant-client`.
        alias: the name under which the current generation is read.
        api_key: the key that the server asks for; empty for none.
    """

    def __init__(self, url: str, alias: str, api_key: str = "") -> None:
        self._alias = alias
        self._in_process = url == IN_PROCESS
        if self._in_process:
            self._client = QdrantClient(url)
        else:
            self._client = QdrantClient(
                url=url, api_key=api_key or None, timeout=TIMEOUT_S, check_compatibility=False
            )
        self._created: dict[str, ServerBackend] = {}

    @property
    def grace(self) -> float:
        return 0.0 if self._in_process else GRACE_S

    def current(self) -> ServerBackend | None:
        collection = self._target()
        if collection is None:
            return None
        return ServerBackend(self._client, collection, reading=self._alias)

    def next_name(self) -> str:
        return f"gen-{max(self._numbers(), default=0) + 1}"

    def create(self, state: State) -> ServerBackend:
        collection = f"{self._alias}-{state.generation}"
        guarded(
            lambda: self._client.create_collection(
                collection,
                vectors_config=vector_params(state),
                sparse_vectors_config={
                    SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)
                },
            )
        )
        if not self._in_process:
            self._index_fields(collection)
        guarded(lambda: self._client.upsert(collection, [state_point(state)], wait=True))
        backend = ServerBackend(self._client, collection, reading=collection)
        self._created[state.generation] = backend
        return backend

    def promote(self, backend: Backend) -> None:
        collection = f"{self._alias}-{backend.name}"
        changes: list[models.AliasOperations] = [
            models.CreateAliasOperation(
                create_alias=models.CreateAlias(collection_name=collection, alias_name=self._alias)
            )
        ]
        if self._target() is not None:
            forget = models.DeleteAlias(alias_name=self._alias)
            changes.insert(0, models.DeleteAliasOperation(delete_alias=forget))
        guarded(lambda: self._client.update_collection_aliases(changes))
        self._created[backend.name].reading = self._alias

    def put_in_order(self, backend: Backend, pulse: Callable[[], None]) -> Backend:
        """Nothing to do: the server does so by itself."""
        return backend

    def discard(self, backend: Backend) -> None:
        self._delete(f"{self._alias}-{backend.name}")

    def discard_others(self, kept: Backend) -> None:
        """Delete the generations before one; later ones may be in the making elsewhere."""
        number = int(kept.name.removeprefix("gen-"))
        for earlier in self._numbers():
            if earlier < number:
                collection = f"{self._alias}-gen-{earlier}"
                self._delete(collection)

    def backup(self, backend: Backend, to: Path) -> None:
        raise IndexFault(
            f"the index is on a Qdrant server, which makes its own backups: take a snapshot of the "
            f"collection {self._target()} there (https://qdrant.tech/documentation/concepts/snapshots/)"
        )

    def close(self) -> None:
        self._client.close()

    def _delete(self, collection: str) -> None:
        guarded(lambda: self._client.delete_collection(collection))

    def _target(self) -> str | None:
        """Return the collection that the alias stands for."""
        aliases = guarded(self._client.get_aliases).aliases
        return next((a.collection_name for a in aliases if a.alias_name == self._alias), None)

    def _numbers(self) -> list[int]:
        pattern = re.compile(re.escape(self._alias) + r"-gen-(\d+)")
        names = [found.name for found in guarded(self._client.get_collections).collections]
        return [int(match[1]) for name in names if (match := pattern.fullmatch(name))]

    def _index_fields(self, collection: str) -> None:
        keyword, integer = models.PayloadSchemaType.KEYWORD, models.PayloadSchemaType.INTEGER
        kinds = dict.fromkeys(KEYWORD_FIELDS, keyword) | dict.fromkeys(INTEGER_FIELDS, integer)
        for field, kind in kinds.items():
            self._index_field(collection, field, kind)

    def _index_field(self, collection: str, field: str, kind: models.PayloadSchemaType) -> None:
        guarded(lambda: self._client.create_payload_index(collection, field, kind, wait=True))
