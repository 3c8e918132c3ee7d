"""`python -m loadtests.retrieval_scale [--passages N …]`: search and ingestion at scale.

Fills indexes of the given sizes and asks real questions of about 8 and of 60 words; peers are
given the same vectors and our embedder. `corpus.py` says what is real and what synthesised.
Takes about four minutes at 10,000 and 100,000 passages; a million needs 8 GB of memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import msgspec

from fingerpost_retrieval import build_minilm, load_embedder
from loadtests.bench.machine import machine
from loadtests.retrieval_scale.corpus import read_real
from loadtests.retrieval_scale.ours import IngestionFigures, SearchFigures, filled, measure
from loadtests.retrieval_scale.peers import measure_embedding, measure_peers

ROOT = Path(__file__).parent.parent
LONG_TEXTS = 48
LONG_WORDS = 170
"""Words that make about 250 tokens."""


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--questions", type=int, default=300, help="of each kind")
    parser.add_argument("--data", type=Path, default=ROOT.parent.parent / "shared" / "data")
    parser.add_argument("--output", type=Path, default=ROOT / "results" / "retrieval_scale.json")
    parser.add_argument("--cache", type=Path, default=ROOT / "results" / "cache")
    parser.add_argument("--peers-up-to", type=int, default=100_000, help="0 leaves peers out")
    options = parser.parse_args()
    embedder = load_embedder(build_minilm(options.cache / "minilm"))
    real = read_real(options.data, embedder, options.cache)
    words = " ".join(real.texts).split()
    long = [
        " ".join(words[start * LONG_WORDS : (start + 1) * LONG_WORDS])
        for start in range(LONG_TEXTS)
    ]
    ingestion = measure_embedding(embedder, long, _say) if options.peers_up_to else []
    searches: list[SearchFigures] = []
    for count in options.passages:
        with (
            tempfile.TemporaryDirectory(prefix="fingerpost-scale-") as folder,
            filled(Path(folder), real, embedder, count) as (index, vectors, speeds),
        ):
            ingestion += speeds
            searches += [
                measure(index, vectors, embedder, questions[: options.questions])
                for questions in (real.short, real.long)
            ]
            if count <= options.peers_up_to:
                searches += measure_peers(vectors, embedder, real.short, _say)
        # What has been measured so far is kept, should a larger size not come to its end.
        _write(options.output, ingestion, searches)
    _print(ingestion, searches)


def _write(output: Path, ingestion: list[IngestionFigures], searches: list[SearchFigures]) -> None:
    result = {
        "machine": machine(),
        "ingestion": msgspec.to_builtins(ingestion),
        "searches": msgspec.to_builtins(searches),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(result, indent=2) + "\n")


def _print(ingestion: list[IngestionFigures], searches: list[SearchFigures]) -> None:
    for speed in ingestion:
        _say(f"{speed.system:<32} {speed.passages:>9,} passages {speed.per_second:>9,.1f} a second")
    for found in searches:
        _say(
            f"{found.system:<32} {found.passages:>9,} passages, {found.words:>2} words: "
            f"p50 {found.whole.p50:.2f} p95 {found.whole.p95:.2f} p99 {found.whole.p99:.2f} ms, "
            f"{found.questions_per_second or found.whole.per_second:,.0f} a second, "
            f"recall@10 {found.recall:.3f}"
        )
        for name, stage in found.stages.items():
            _say(f"{'':<34}{name:<8} p50 {stage.p50:.2f} p99 {stage.p99:.2f} ms")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


main()
