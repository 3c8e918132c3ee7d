"""A catalogue on disk and an index that remembers, for every test of the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.sync import SyncReport, synchronise


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    made = Catalogue(engine)
    made.create()
    yield made
    engine.dispose()


@pytest.fixture
def index() -> RecordingIndex:
    return RecordingIndex()


@pytest.fixture
def sync(catalogue: Catalogue, index: RecordingIndex) -> Callable[..., SyncReport]:
    """`synchronise` with the catalogue and index of the test; prunes unless told otherwise."""
    return partial(_sync, catalogue, index)


def _sync(
    catalogue: Catalogue, index: RecordingIndex, source: object, **options: object
) -> SyncReport:
    return synchronise(source, catalogue, index, **{"prune": True} | options)  # type: ignore[arg-type]
