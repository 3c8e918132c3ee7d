"""`python -m fingerpost_retrieval.welsh learn|evaluate PAIRS`: make the lexicon, and judge it."""

from __future__ import annotations

import argparse
import json
import sys
from functools import cache
from pathlib import Path

from ..embedding import load_embedder
from ..lexical import ENGLISH, LexicalEncoder
from .evaluation import evaluate
from .lexicon import LEXICON
from .parallel import read_glossary, read_pairs
from .training import Stem, entries_of, learn

HEADER = (
    "# Made by `python -m fingerpost_retrieval.welsh learn`; MODEL_CARD.md says from what.\n"
    "# A Welsh form or the beginning of one (see forms.py), then English words and probabilities.\n"
)


def english_stem() -> Stem:
    """Return the stemmer of the index, by the hash that it knows a stem by."""
    encoder = LexicalEncoder()

    @cache
    def stem(word: str) -> str:
        indices = encoder.query(word, ENGLISH).indices
        return str(indices[0]) if indices else word  # a word that search leaves out

    return stem


def main() -> int:
    """Run the command that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fingerpost_retrieval.welsh")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    learning = commands.add_parser("learn", help="learn the lexicon and write it")
    learning.add_argument("--to", type=Path, default=Path(__file__).with_name(LEXICON))
    evaluating = commands.add_parser("evaluate", help="score it by cross-validation (JSON)")
    evaluating.add_argument("--model", type=Path, required=True, help="folder of the embedder")
    for command in (learning, evaluating):
        command.add_argument("pairs", type=Path, help="folder with pairs.jsonl and corpus.jsonl")
    options = parser.parse_args()
    stem = english_stem()
    if options.command == "evaluate":
        report = evaluate(options.pairs, load_embedder(options.model), stem)
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
        return 0
    pairs = [(pair.cy, pair.en) for pair in read_pairs(options.pairs)]
    lexicon = learn([*pairs, *read_glossary()], stem)
    options.to.write_text(HEADER + "\n".join(entries_of(lexicon)) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lexicon)} entries from {len(pairs)} pairs are in {options.to}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
