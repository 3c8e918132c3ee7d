"""Learns the lexicon from parallel sentences: IBM model 1 by expectation maximisation.

Brown et al. 1993, https://aclanthology.org/J93-2003: each English word of a sentence comes from
one of its Welsh words; which one, and how often a word becomes which, are estimated in turn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .forms import PREFIX, form, prefix, words
from .lexicon import Lexicon, Translations

ITERATIONS = 8
LEAST_SHARE = 0.3
"""Translations less likely than this add more noise than meaning."""
MOST = 2
"""Translations of one word."""

Pair = tuple[str, str]
"""A Welsh text and its English counterpart."""

Row = NDArray[np.float32]
"""Probability of each English stem, `(stems,)`."""

Stem = Callable[[str], str]
"""From an English word to what its forms have in common ("payments", "payment")."""


def learn(pairs: Iterable[Pair], stem: Stem) -> Lexicon:
    """Learn a lexicon. English words with one stem count as one, and are given in the form that
    stands most often beside the Welsh one."""
    sentences = [(sorted(set(map(form, words(cy)))), words(en)) for cy, en in pairs]
    sentences = [(cy, en) for cy, en in sentences if cy and en]
    bags = [(cy, sorted(set(map(stem, en)))) for cy, en in sentences]
    forms = sorted({each for cy, _ in bags for each in cy})
    stems = sorted({each for _, en in bags for each in en})
    shares = _align(
        [
            (np.searchsorted(forms, cy).astype(np.intp), np.searchsorted(stems, en).astype(np.intp))
            for cy, en in bags
        ],
        (len(forms), len(stems)),
    )
    seen = Counter(each for cy, _ in bags for each in cy)
    rows: dict[str, Row] = dict(zip(forms, shares, strict=True))
    surface = _surfaces(sentences, stem)
    return Lexicon(
        {
            key: found
            for key, row in (_by_prefix(rows, seen) | rows).items()
            if (found := _likeliest(row, stems, surface[key]))
        }
    )


def entries_of(lexicon: Lexicon) -> list[str]:
    """Return the lines of a lexicon's file."""
    return [
        "\t".join([key, *(f"{word} {share:.2f}" for word, share in found)])
        for key, found in sorted(lexicon.entries.items())
    ]


def _align(
    bags: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]], shape: tuple[int, int]
) -> NDArray[np.float32]:
    """Return the probability of each English stem given each Welsh form, `shape float32`."""
    shares = np.zeros(shape, dtype=np.float32)
    for welsh, english in bags:
        shares[np.ix_(welsh, english)] = 1
    shares /= shares.sum(axis=1, keepdims=True)
    for _ in range(ITERATIONS):
        counts = np.zeros_like(shares)
        for welsh, english in bags:
            here = shares[np.ix_(welsh, english)]
            counts[np.ix_(welsh, english)] += here / here.sum(axis=0, keepdims=True)
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)
    return shares


def _likeliest(row: Row, stems: Sequence[str], surface: Mapping[str, str]) -> Translations:
    best = np.argsort(-row, kind="stable")[:MOST]
    return tuple(
        (surface[stems[place]], round(float(row[place]), 2))
        for place in best
        if row[place] >= LEAST_SHARE
    )


def _by_prefix(rows: Mapping[str, Row], seen: Mapping[str, int]) -> dict[str, Row]:
    """What words that begin alike mean together, for endings of theirs that were not seen."""
    sums: dict[str, Row] = {}
    totals: Counter[str] = Counter()
    for each, row in rows.items():
        if len(each) >= PREFIX:
            key = prefix(each)
            sums[key] = sums[key] + row * seen[each] if key in sums else row * seen[each]
            totals[key] += seen[each]
    return {key: row / np.float32(totals[key]) for key, row in sums.items()}


def _surfaces(
    sentences: Iterable[tuple[Sequence[str], Sequence[str]]], stem: Stem
) -> dict[str, dict[str, str]]:
    """By form and by prefix, the word of each stem that stands beside it most often."""
    seen: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for welsh, english in sentences:
        for key in {*welsh, *(prefix(each) for each in welsh if len(each) >= PREFIX)}:
            for word in english:
                seen[key][stem(word)][word] += 1
    return {
        key: {
            each: min(found, key=lambda word: (-found[word], word))
            for each, found in by_stem.items()
        }
        for key, by_stem in seen.items()
    }
