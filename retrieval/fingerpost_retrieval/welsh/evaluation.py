"""How well Welsh questions find English texts: cross-validation on parallel sentences."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from ..benchmark import ndcg
from ..embedding import Embedder
from ..fusion import Fusion, dense_only, normalised_sum, sparse_only
from ..index import GuidanceIndex
from ..text_pages import TextPage, TextSection
from ..types import Scope
from .lexicon import Lexicon
from .parallel import ParallelPair, read_glossary, read_pairs
from .training import Pair, Stem, learn

FOLDS = 5
ENGLISH_PAGES = Scope(locale="en")

SYSTEMS: dict[str, Fusion] = {"bm25": sparse_only, "dense": dense_only, "both": normalised_sum}

Translate = Callable[[ParallelPair], str]
"""From a pair to what is searched for."""

Split = list[tuple[list[ParallelPair], list[ParallelPair]]]
"""Pairs to learn from and pairs to ask, by fold."""


class _CorpusText(msgspec.Struct):
    id: str = msgspec.field(name="_id")
    text: str


def evaluate(folder: Path, embedder: Embedder, stem: Stem) -> dict[str, dict[str, float]]:
    """Return nDCG@10 of each way of searching, by what is asked.

    `folds`: five random folds. `services`: each service's sentences asked with what the others
    teach, which is the fairer question to put to words of another service. "glossary" says
    whether its terms were learnt as well.
    """
    pairs = read_pairs(folder)
    glossary = read_glossary()
    with (
        tempfile.TemporaryDirectory() as scratch,
        GuidanceIndex.open(Path(scratch), embedder) as index,
    ):
        index.replace(_corpus(folder))

        def scores(translate: Translate) -> dict[str, float]:
            return _scores(index, pairs, translate)

        report = {
            "as asked": scores(lambda pair: pair.cy),
            "glossary alone": scores(_held_out([([], pairs)], glossary, stem)),
        }
        for name, split in (("folds", random_folds(pairs)), ("services", by_source(pairs))):
            report[name] = scores(_held_out(split, [], stem))
            report[f"{name}, glossary"] = scores(_held_out(split, glossary, stem))
    return report


def random_folds(pairs: Sequence[ParallelPair]) -> Split:
    """Split the pairs into five random folds, the same each time."""
    order = np.random.default_rng(0).permutation(len(pairs))
    return [_split(pairs, set(order[fold::FOLDS].tolist())) for fold in range(FOLDS)]


def by_source(pairs: Sequence[ParallelPair]) -> Split:
    """One fold for each service."""
    return [
        _split(pairs, {place for place, pair in enumerate(pairs) if pair.source == source})
        for source in sorted({pair.source for pair in pairs})
    ]


def _split(
    pairs: Sequence[ParallelPair], asked: set[int]
) -> tuple[list[ParallelPair], list[ParallelPair]]:
    known = [pair for place, pair in enumerate(pairs) if place not in asked]
    return known, [pairs[place] for place in sorted(asked)]


def _held_out(split: Split, glossary: Sequence[Pair], stem: Stem) -> Translate:
    """Each pair's Welsh in the English of a lexicon that has not seen the pair."""
    lexicons: dict[str, Lexicon] = {}
    for known, asked in split:
        lexicon = learn([*((pair.cy, pair.en) for pair in known), *glossary], stem)
        lexicons |= dict.fromkeys((pair.id for pair in asked), lexicon)
    return lambda pair: lexicons[pair.id].gloss(pair.cy).text


def _scores(
    index: GuidanceIndex, pairs: Sequence[ParallelPair], translate: Translate
) -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in SYSTEMS}
    for pair in pairs:
        question = translate(pair)
        for name, fusion in SYSTEMS.items():
            hits = index.search(question, ENGLISH_PAGES, limit=10, fusion=fusion).hits
            found[name].append(ndcg([hit.passage.path for hit in hits], {pair.id: 1.0}))
    return {name: round(float(np.mean(each)), 3) for name, each in found.items()}


def _corpus(folder: Path) -> list[TextPage]:
    with (folder / "corpus.jsonl").open("rb") as lines:
        texts = [msgspec.json.decode(line, type=_CorpusText) for line in lines]
    return [
        TextPage(path=each.id, title="", sections=(TextSection(text=each.text),)) for each in texts
    ]
