"""Fixtures: the real embedding model, built once, and pages to index."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost_retrieval import OnnxEmbedder, build_minilm, load_embedder


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_minilm(tmp_path_factory.mktemp("models") / "minilm")


@pytest.fixture(scope="session")
def embedder(model_folder: Path) -> OnnxEmbedder:
    return load_embedder(model_folder)
