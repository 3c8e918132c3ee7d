"""What two processes that share an index on a server owe each other.

They are played by two stores on one connection to the small server inside `qdrant-client`.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from qdrant_client import QdrantClient, models

from fingerpost_retrieval import (
    GuidanceIndex,
    IndexDamaged,
    IndexFault,
    IndexLocked,
    IndexMismatch,
    IndexUnreachable,
    OnnxEmbedder,
    TextPage,
)
from fingerpost_retrieval import server_lease as lease_module
from fingerpost_retrieval.backend import STATE_ID
from fingerpost_retrieval.server_lease import Lease

from .conftest import page


@pytest.fixture
def two(guidance: list[TextPage]) -> Iterator[tuple[GuidanceIndex, GuidanceIndex]]:
    """The same index, opened twice; by words alone."""
    with GuidanceIndex.connect(":memory:", None) as one:
        one.replace(guidance)
        yield one, GuidanceIndex._from(copy.copy(one._store), None)


def test_what_one_writes_the_other_finds_at_once(
    two: tuple[GuidanceIndex, GuidanceIndex],
) -> None:
    one, other = two
    assert other.search("bins").hits
    one.remove([("/bins", "en")])
    assert not other.search("bins").hits
    assert one.revision == other.revision == other.search("bins").index_revision
    other.replace([page("/new", "New", A="Wallabies are new here.")])
    assert one.search("wallabies").hits


def test_a_new_generation_is_followed(two: tuple[GuidanceIndex, GuidanceIndex]) -> None:
    one, other = two
    with one.rebuilding(None) as fresh:
        fresh.replace([page("/new", "New", A="Wallabies are new here.")])
        assert other.search("bins").hits
    assert other.search("wallabies").hits
    assert not other.search("bins").hits
    other.replace([page("/newer", "Newer", A="Quokkas are newer here.")])
    assert one.search("quokkas").hits
    assert one.stats() == other.stats()


@pytest.fixture(params=["created", "opened", "rebuilt"])
def moved(
    request: pytest.FixtureRequest, two: tuple[GuidanceIndex, GuidanceIndex]
) -> GuidanceIndex:
    """An index that another process has rebuilt since this one created, opened or rebuilt it."""
    one, other = two
    if request.param == "rebuilt":
        with other.rebuilding(None):
            pass
    mine, theirs = (one, other) if request.param == "created" else (other, one)
    with theirs.rebuilding(None) as fresh:
        fresh.replace([page("/new", "New", A="Wallabies are new here.")])
    return mine


@pytest.mark.parametrize(
    "action",
    [
        lambda index: index.search("wallabies").hits[0].passage.path == "/new",
        lambda index: index.revision == index.search("wallabies").index_revision,
        lambda index: index.stats().pages == 1,
        lambda index: index.replace([page("/newer", "Newer", A="Quokkas.")]) is None,
        lambda index: index.remove([("/new", "en")]) is None,
    ],
    ids=["search", "revision", "stats", "replace", "remove"],
)
def test_whatever_comes_first_after_a_rebuild_elsewhere_follows_it(
    moved: GuidanceIndex, action: Callable[[GuidanceIndex], bool]
) -> None:
    assert action(moved)


def test_the_collection_to_take_a_snapshot_of_is_the_current_one(
    moved: GuidanceIndex, tmp_path: Path
) -> None:
    with pytest.raises(IndexFault, match=f"collection fingerpost-{moved.stats().generation} there"):
        moved.backup(tmp_path / "backup")


def test_a_new_generation_for_another_model_is_not_searched_with_the_old_one(
    two: tuple[GuidanceIndex, GuidanceIndex], embedder: OnnxEmbedder
) -> None:
    one, _ = two
    with one.rebuilding(embedder) as fresh:
        fresh.replace([page("/new", "New", A="Wallabies are new here.")])
    third = GuidanceIndex._from(copy.copy(one._store), embedder)
    with third.rebuilding(None) as fresh:
        fresh.replace([page("/new", "New", A="Wallabies are new here.")])
    with pytest.raises(IndexMismatch, match="fingerpost ingest --rebuild"):
        one.search("wallabies")


def test_a_collection_without_its_state_is_damaged(
    two: tuple[GuidanceIndex, GuidanceIndex],
) -> None:
    one, other = two
    one._store._client.delete(  # type: ignore[attr-defined]
        "fingerpost-gen-1", models.PointIdsList(points=[STATE_ID])
    )
    with pytest.raises(IndexDamaged, match="holds no valid state"):
        other.search("bins")


@pytest.fixture
def leases() -> Iterator[tuple[Lease, Lease]]:
    with ExitStack() as stack:
        client = QdrantClient(":memory:")
        stack.callback(client.close)
        client.create_collection("pages", vectors_config={})
        yield Lease(client, "pages"), Lease(client, "pages")


def test_one_process_writes_at_a_time(
    leases: tuple[Lease, Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "WAIT_S", 0.3)
    one, other = leases
    with one.held(), pytest.raises(IndexLocked, match="has been writing to pages"), other.held():
        pass
    with other.held():
        other.check()


def test_a_writer_waits_for_the_one_before_it(leases: tuple[Lease, Lease]) -> None:
    one, other = leases
    order: list[str] = []
    began = threading.Event()

    def first() -> None:
        with one.held():
            began.set()
            order.append("first")

    with other.held():
        thread = threading.Thread(target=first)
        thread.start()
        assert not began.wait(0.3)
        order.append("second")
    thread.join()
    assert order == ["second", "first"]


def test_the_right_of_a_dead_writer_ends(
    leases: tuple[Lease, Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = leases
    monkeypatch.setattr(lease_module, "LEASE_S", 0.4)
    monkeypatch.setattr(lease_module, "MARGIN_S", 0.1)
    dead = one.held()
    dead.__enter__()
    with other.held():
        with pytest.raises(IndexLocked, match="took so long"):
            one.check()
        other.check()


@pytest.fixture
def unreachable() -> Iterator[QdrantClient]:
    """A connection to a port at which nobody listens."""
    client = QdrantClient("http://127.0.0.1:9", timeout=1, check_compatibility=False)
    yield client
    client.close()


def test_a_server_that_does_not_answer_a_writer_is_reported(unreachable: QdrantClient) -> None:
    with (
        pytest.raises(IndexUnreachable, match=r"does not answer.*Check its address"),
        Lease(unreachable, "pages").held(),
    ):
        pass


def test_a_right_that_cannot_be_given_back_is_left_to_end(
    leases: tuple[Lease, Lease], unreachable: QdrantClient
) -> None:
    lease, _ = leases
    with lease.held():
        lease._client = unreachable
