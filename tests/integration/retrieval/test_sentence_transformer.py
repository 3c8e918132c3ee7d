"""sentence-transformers as an embedder: the same vectors as ours, and a cure where it is missing."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

from fingerpost_retrieval import (
    MissingExtra,
    ModelMissing,
    OnnxEmbedder,
    SentenceTransformerEmbedder,
)
from fingerpost_retrieval.minilm import find_weights

needs_torch = pytest.mark.skipif(
    find_spec("sentence_transformers") is None,
    reason="needs sentence-transformers and torch: make test FULL=1",
)


def test_without_the_extra_the_message_holds_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setattr("fingerpost_retrieval.sentence_transformer.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r'pip install "fingerpost-retrieval\[torch\]"'):
        SentenceTransformerEmbedder("anything")


@needs_torch
@pytest.mark.full
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_it_embeds_as_our_own_network_does(embedder: OnnxEmbedder) -> None:
    reference = SentenceTransformerEmbedder(str(find_weights()), device="cpu")
    texts = ["How do I renew my passport?", "Household bins are emptied once a week. " * 40]
    assert ((reference.embed(texts) * embedder.embed(texts)).sum(1) > 0.995).all()
    assert reference.dimensions == embedder.dimensions
    assert reference.max_tokens == embedder.max_tokens
    assert reference.count_tokens(texts[1]) == embedder.count_tokens(texts[1])
    assert reference.embed([]).shape == (0, 384)


@needs_torch
@pytest.mark.full
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        SentenceTransformerEmbedder("./no-such-folder/model")
