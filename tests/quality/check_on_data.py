"""How well the check of answers tells true sentences from false ones, on public data.

    python -m tests.quality.check_on_data ../shared/data --model .data/models/minilm
    python -m tests.quality.check_on_data ../shared/data --model .data/models/minilm --fit

True sentences are those of people's reference answers (mtrag_un, mtrag_govt), which say in their
own words what their passages say, and those that the extractive answerer quotes. False ones are
made of them by `tests.quality.alterations`, which knows nothing of the check, or are true of other
passages. Every figure is cross-validated: the conversations are parted in five, and each part is
judged by heads and thresholds that were fitted on the other four. `--fit` then fits them on all
and writes `serving/fingerpost_serving/groundedness/heads.json`.
"""

from __future__ import annotations

import argparse
import os
import random
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from fingerpost_retrieval import Embedder, load_embedder
from fingerpost_serving import ExtractiveAnswerer
from fingerpost_serving.groundedness import GroundednessCheck, Head, Heads
from fingerpost_serving.groundedness.source import source_of
from fingerpost_serving.groundedness.support import (
    VECTOR_SIGNS,
    WORD_SIGNS,
    vector_signs,
    word_signs,
)
from fingerpost_serving.groundedness.turning import SIGNS, signs_of_turning
from fingerpost_serving.vectors import RememberingEmbedder
from tests.quality.alterations import alterations, foreign_sentences
from tests.quality.altering.references import Exchange, reference_exchanges

# ruff: noqa: T201 -- the figures are printed

HEADS = Path("serving/fingerpost_serving/groundedness/heads.json")
PARTS = 5
WITHHELD_TURNED = 0.03
"""Share of true sentences that the head of turns may withhold where it is fitted."""
WITHHELD_UNSUPPORTED = 0.05
"""The same for support."""
DOUBTFUL = (0.046, 0.054)
"""Shares of true sentences below which words leave it in doubt: vectors cost ten times as much."""
FOREIGN = ("other_conversation", "same_topic", "same_topic_unfiltered")
FACTS = ("contact", "number", "date", "name", "nation")


class Page(NamedTuple):
    """A passage of a data set: evidence."""

    text: str
    title: str = ""
    heading_path: tuple[str, ...] = ()


class Row(msgspec.Struct):
    """A sentence against passages, and all that is learned from it."""

    conversation: str
    kind: str
    text: str
    passages: tuple[str, ...]
    original: str = ""
    turning: dict[str, float] = {}
    support: dict[str, float] = {}

    @property
    def part(self) -> int:
        return zlib.crc32(self.conversation.encode()) % PARTS

    def pages(self) -> list[Page]:
        return [Page(text) for text in self.passages]


def rows_of(data: Path) -> list[Row]:
    """Return the true and the false sentences."""
    exchanges = reference_exchanges(data)
    chance = random.Random(7)
    rows: list[Row] = []
    for each in exchanges:
        for sentence in each.sentences:
            rows.append(Row(each.conversation, "paraphrase", sentence, each.sources))
            rows += [
                Row(each.conversation, false.kind, false.text, each.sources, sentence)
                for false in alterations(sentence, each.sources, chance)
            ]
    home = {each.sources: each.conversation for each in exchanges}
    rows += [
        Row(home[tuple(each.sources)], each.kind, each.text, tuple(each.sources))
        for each in foreign_sentences(exchanges, chance)
    ]
    return [*rows, *_unfiltered(exchanges, chance), *_quotations(exchanges)]


def _unfiltered(exchanges: Sequence[Exchange], chance: random.Random) -> Iterator[Row]:
    """Sentences of a conversation against its other passages; a few are true of them too."""
    by_conversation: dict[str, list[Exchange]] = defaultdict(list)
    for each in exchanges:
        by_conversation[each.conversation].append(each)
    for here in exchanges:
        others = [
            sentence
            for other in by_conversation[here.conversation]
            if not set(other.sources) & set(here.sources)
            for sentence in other.sentences
        ]
        for sentence in chance.sample(others, min(4, len(others))):
            yield Row(here.conversation, "same_topic_unfiltered", sentence, here.sources)


def _quotations(exchanges: Sequence[Exchange]) -> Iterator[Row]:
    """What the extractive answerer quotes, when it is asked the reference's own words."""
    answerer = ExtractiveAnswerer(answers_from=0.0)
    for each in exchanges:
        pages = [Page(text) for text in each.sources]
        for sentence in answerer.answer(" ".join(each.sentences), pages).sentences:
            cited = tuple(each.sources[quotation.evidence] for quotation in sentence.quotations)
            yield Row(each.conversation, "quotation", sentence.text, cited)


def read_signs(rows: Sequence[Row], embedder: Embedder) -> None:
    """Read the signs that the heads are fitted on."""
    remembering = RememberingEmbedder(embedder, capacity=100_000)
    for row in rows:
        sources = [source_of(page) for page in row.pages()]
        if row.kind in ("paraphrase", "negation", "quotation"):
            row.turning = signs_of_turning(row.text, sources)
        if row.kind in ("paraphrase", "quotation", *FOREIGN):
            row.support = word_signs(row.text, sources)
            row.support |= vector_signs(row.text, sources, remembering.embed)


def fit(rows: Sequence[Row], digest: str) -> Heads:
    """Fit all heads on rows whose signs were read."""
    true = [row for row in rows if row.kind == "paraphrase"]
    turned = [row for row in rows if row.kind == "negation"]
    foreign = [row for row in rows if row.kind in FOREIGN]
    turning = _fitted([r.turning for r in true], [r.turning for r in turned], SIGNS)
    own, others = [r.support for r in true], [r.support for r in foreign]
    words, vectors = _fitted(own, others, WORD_SIGNS), _fitted(own, others, VECTOR_SIGNS)
    scores = [words.score(signs) for signs in own]
    doubtful = (_quantile(scores, DOUBTFUL[0]), _quantile(scores, DOUBTFUL[1]))
    words = msgspec.structs.replace(
        words, least=_quantile(scores, WITHHELD_UNSUPPORTED), doubtful=doubtful
    )
    return Heads(
        format=1,
        embedder=digest,
        turning=_with_least(turning, [r.turning for r in true], WITHHELD_TURNED),
        words=words,
        vectors=_with_least(vectors, own, WITHHELD_UNSUPPORTED),
    )


def _with_least(head: Head, true: Sequence[dict[str, float]], share: float) -> Head:
    least = _quantile([head.score(signs) for signs in true], share)
    return msgspec.structs.replace(head, least=least)


def _quantile(values: Sequence[float], share: float) -> float:
    return round(float(np.quantile(values, share)), 4)


def _fitted(
    true: Sequence[dict[str, float]], false: Sequence[dict[str, float]], names: Sequence[str]
) -> Head:
    """Fit a logistic regression (Newton's method, ridge 1) on standardised signs."""
    x = np.array([[signs.get(name, 0.0) for name in names] for signs in (*true, *false)])
    y = np.array([1.0] * len(true) + [0.0] * len(false))
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    weights = _newton((x - mean) / spread, y)
    raw = weights[:-1] / spread
    offset = float(weights[-1] - raw @ mean)
    return Head(
        weights={name: round(float(w), 4) for name, w in zip(names, raw, strict=True)},
        offset=round(offset, 4),
        least=0.0,
    )


def _newton(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.c_[x, np.ones(len(x))]
    ridge = np.eye(x.shape[1])
    ridge[-1, -1] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - p) - ridge @ weights
        weights += np.linalg.solve((x.T * (p * (1 - p) + 1e-9)) @ x + ridge, gradient)
    return weights


def judge(rows: Sequence[Row], embedder: Embedder) -> dict[str, Counter[str]]:
    """Judge each part with heads that were fitted on the others; return the faults by kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    remembering = _Digested(embedder)
    for part in range(PARTS):
        heads = fit([row for row in rows if row.part != part], embedder.digest)
        check = GroundednessCheck(remembering, heads=heads)
        for row in rows:
            if row.part == part:
                found[row.kind][check.fault(row.text, row.pages()) or "shown"] += 1
    return found


class _Digested:
    """An embedder that remembers all texts of the data."""

    def __init__(self, embedder: Embedder) -> None:
        self.digest = embedder.digest
        self._embedder = RememberingEmbedder(embedder, capacity=100_000)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._embedder.embed(texts)


def table(found: dict[str, Counter[str]]) -> str:
    """Write the shares by kind."""
    columns = ("withheld", *FACTS, "turned", "unsupported")
    lines = [
        f"| kind | sentences | {' | '.join(columns)} |",
        "|---" * (len(columns) + 2) + "|",
    ]
    for kind, faults in found.items():
        whole = faults.total()
        shares = [1 - faults["shown"] / whole, *(faults[name] / whole for name in columns[1:])]
        lines.append(f"| {kind} | {whole} | {' | '.join(f'{share:.3f}' for share in shares)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("FINGERPOST_TEST_DATA", "../shared/data")
    parser.add_argument("data", nargs="?", type=Path, default=Path(default))
    parser.add_argument("--model", type=Path, required=True, help="folder of the embedder")
    parser.add_argument("--fit", action="store_true", help=f"write {HEADS}")
    parser.add_argument("--show", default="", help="KIND:FAULT, prints such sentences")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        parser.error(f"no test data at {arguments.data}: give its folder")
    embedder = load_embedder(arguments.model)
    started = time.monotonic()
    rows = rows_of(arguments.data)
    read_signs(rows, embedder)
    print(table(judge(rows, embedder)))
    heads = fit(rows, embedder.digest)
    if arguments.fit:
        text = msgspec.json.format(msgspec.json.encode(heads), indent=2)
        HEADS.write_bytes(text + b"\n")
    if arguments.show:
        _show(rows, GroundednessCheck(embedder, heads=heads), *arguments.show.split(":"))
    print(f"{time.monotonic() - started:.0f} s")


def _show(rows: Sequence[Row], check: GroundednessCheck, kind: str, fault: str) -> None:
    for row in rows:
        if row.kind == kind and (check.fault(row.text, row.pages()) or "shown") == fault:
            print(f"- {row.text}" + (f"\n    {row.original}" if row.original else ""))


if __name__ == "__main__":
    main()
