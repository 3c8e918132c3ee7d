"""The graph over vectors: it finds what exact search finds, for everybody and for a few."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from fingerpost_retrieval import Embeddings, GuidanceIndex, Scope, TextPage, TextSection

PASSAGES = 8_000
"""Enough for a graph."""
MATTERS = 400
"""Passages are about so many matters, so that some are closer than others."""
FEW = "few"
TOP = 10


class Matters:
    """The sum of a text's matter and of its own number: what guidance on one matter looks like."""

    digest = "matters"
    dimensions = 384
    max_tokens = 256

    def embed(self, texts: Sequence[str]) -> Embeddings:
        named = [re.findall(r"(?:matter|passage )\d+", text) for text in texts]
        vectors = np.stack([sum(map(_noise, names), np.zeros(384)) for names in named])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def count_tokens(self, text: str) -> int:
        return len(text.split())


def _noise(text: str) -> Embeddings:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(Matters.dimensions).astype(np.float32)


def _page(number: int) -> TextPage:
    text = f"matter{number % MATTERS} passage {number}"
    return TextPage(path=f"/{number}", title="", sections=(TextSection(text=text),))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuidanceIndex]:
    with GuidanceIndex.open(tmp_path_factory.mktemp("graph") / "index", Matters()) as index:
        few = [number for number in range(PASSAGES) if number % 12 == 0]
        index.replace([_page(number) for number in few], tenant=FEW)
        index.replace([_page(number) for number in range(PASSAGES) if number % 12])
        index.optimise()
        yield index


@pytest.mark.parametrize("tenant", ["default", FEW])
def test_the_nearest_are_found(index: GuidanceIndex, tenant: str) -> None:
    numbers = [n for n in range(PASSAGES) if (n % 12 == 0) == (tenant == FEW)]
    vectors = Matters().embed([f"matter{n % MATTERS} passage {n}" for n in numbers])
    found = []
    for matter in range(0, MATTERS, 8):
        question = f"matter{matter} passage {matter * 17}"
        asked = Matters().embed([question])[0]
        nearest = {numbers[row] for row in np.argsort(-(vectors @ asked))[:TOP]}
        hits = index.search(question, Scope(tenant=tenant), limit=200).hits
        by_vector = sorted(hits, key=lambda hit: -(hit.dense or 0.0))[:TOP]
        found.append(len(nearest & {int(hit.passage.path[1:]) for hit in by_vector}) / TOP)
    assert np.mean(found) > 0.97


def test_commits_are_told_apart_only_while_there_are_two(index: GuidanceIndex) -> None:
    generation = index._live.generation
    settled = generation._changes
    assert settled % 2 == 0
    index.replace([_page(5)])
    assert generation._changes == settled, "the page is there in this revision"
    index.replace([TextPage(path="/5", title="", sections=(TextSection(text="matter5 anew"),))])
    assert generation._changes == settled + 2


def test_what_a_killed_commit_left_is_not_seen(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with GuidanceIndex.open(folder, None) as index:
        index.replace([_page(1), _page(2)])
        generation = index._live.generation
        # As a commit does that dies before it writes the state.
        index.replace([_page(3)])
        state = generation.state
        before = msgspec.structs.replace(state, commit=state.commit - 1, passages=2)
        generation.backend.write_state(before)
    with GuidanceIndex.open(folder, None) as index:
        paths = {hit.passage.path for hit in index.search("passage", limit=9).hits}
        assert paths == {"/1", "/2"}
        assert index._live.generation._changes % 2 == 1
        index.replace([_page(4)])
        assert index._live.generation._changes % 2 == 0
        paths = {hit.passage.path for hit in index.search("passage", limit=9).hits}
        assert paths == {"/1", "/2", "/4"}
