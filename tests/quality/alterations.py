"""True sentences altered until they are false to their passages: what a check of answers must catch.

A sentence that is held by its source passages (a person's reference answer, or guidance itself) is
copied with one thing changed. Each alteration has its kind:

- ``number``: another amount, share, length of time, time of day, age or count ("28 days" to
  "21 days" or "28 weeks", "£94.25" to "£101.79", "two" to "four").
- ``date``: another day, month, year, tax year or day of the week.
- ``negation``: what can, must, is, comes before or is at least is turned to what cannot, need
  not, is not, comes after or is at most; conditions too ("if" to "unless").
- ``swap``: a benefit, form, organisation, nation, court or paper swapped for another of its kind.
- ``contact``: an invented telephone number, email or web address, put in or in place of a true one.

And two kinds of sentences that are true elsewhere only (`foreign_sentences`):

- ``other_conversation``: a sentence of another conversation, held against these passages.
- ``same_topic``: a sentence of the same conversation that rests on other passages.

What is put in stands nowhere in the passages nor in the sentence, in any usual spelling: figures and
words, "12 months" and "a year", "6 April" and "April 6". A change that could leave the sentence true
is left out: "more than 300" is never lowered, "may be" is never made "may not be", nothing is denied
of "some people". The sentence itself is taken to be true; nothing here proves that it is. Nothing here
knows how answers are checked. Usage, to look at some and to count all:

    python -m tests.quality.alterations --show negation --limit 40
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Literal

import msgspec

from tests.quality.altering.contacts import invented_contacts
from tests.quality.altering.dates import changed_dates
from tests.quality.altering.evidence import Evidence, evidence_of, folded
from tests.quality.altering.names import swapped_names
from tests.quality.altering.negation import turned
from tests.quality.altering.numbers import changed_numbers
from tests.quality.altering.references import Exchange, guidance_exchanges, reference_exchanges

__all__ = ["Alteration", "Exchange", "Foreign", "alterations", "foreign_sentences"]

Kind = Literal["number", "date", "negation", "swap", "contact"]
MOST = 3
"""Alterations of one kind of one sentence."""
LONGEST = 1200
"""Characters of a sentence; a longer text is no sentence, and is left alone."""

_MAKERS: dict[Kind, Callable[[str, Evidence, random.Random], Iterator[str]]] = {
    "number": changed_numbers,
    "date": changed_dates,
    "negation": turned,
    "swap": swapped_names,
    "contact": invented_contacts,
}
_PLACES = 40
_SHARED = 0.7
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "if",
        "in",
        "is",
        "it",
        "its",
        "may",
        "more",
        "most",
        "must",
        "need",
        "not",
        "of",
        "on",
        "or",
        "other",
        "our",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "up",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


class Alteration(msgspec.Struct, frozen=True):
    """A sentence made false, and how."""

    kind: Kind
    text: str


class Foreign(msgspec.Struct, frozen=True):
    """A sentence with passages that do not hold it."""

    kind: Literal["other_conversation", "same_topic"]
    text: str
    sources: tuple[str, ...]


def alterations(sentence: str, sources: Sequence[str], rng: random.Random) -> list[Alteration]:
    """Copies of a true sentence that are false to its passages.

    At most three of each kind, as different from each other as there are places to change; none
    of a kind that does not apply. The same sentence, passages and state of ``rng`` give the same.

    >>> alterations("You must apply within 28 days.", ["Apply within 28 days."], random.Random(3))
    """
    plain = sentence.strip() and len(sentence) <= LONGEST
    if not plain or sentence.rstrip().endswith("?") or " | " in sentence:
        return []
    evidence = evidence_of(sources, sentence)
    found = []
    for kind, make in _MAKERS.items():
        texts = list(dict.fromkeys(make(sentence, evidence, rng)))
        fresh = [text for text in texts if not _held(text, sentence, evidence)]
        found += [Alteration(kind, text) for text in _spread(sentence, fresh, rng)]
    return found


def foreign_sentences(
    exchanges: Sequence[Exchange], rng: random.Random, each: int = 2
) -> list[Foreign]:
    """Sentences held against passages of other exchanges, ``each`` of either kind an exchange.

    A sentence most of whose words stand in one of the passages, or whose own passages are among
    them, is left out: it may be true there too.
    """
    by_conversation = defaultdict(list)
    for exchange in exchanges:
        by_conversation[exchange.conversation].append(exchange)
    found = []
    for here in exchanges:
        siblings = [other for other in by_conversation[here.conversation] if other is not here]
        strangers = [other for other in exchanges if other.conversation != here.conversation]
        strangers = rng.sample(strangers, min(len(strangers), _PLACES))
        found += _foreign("same_topic", here, siblings, rng, each)
        found += _foreign("other_conversation", here, strangers, rng, each)
    return found


def _foreign(
    kind: Literal["other_conversation", "same_topic"],
    here: Exchange,
    others: Sequence[Exchange],
    rng: random.Random,
    each: int,
) -> list[Foreign]:
    known = [set(folded(text).split()) for text in (*here.sources, " ".join(here.sentences))]
    texts = [
        sentence
        for other in others
        if here.sources and not set(other.sources) & set(here.sources)
        for sentence in other.sentences
        if _is_statement(sentence) and not _mostly_in(sentence, known)
    ]
    texts = list(dict.fromkeys(texts))
    return [Foreign(kind, text, here.sources) for text in rng.sample(texts, min(each, len(texts)))]


def _is_statement(sentence: str) -> bool:
    words = folded(sentence).split()
    talk = re.search(r"\b(?:I|I'm|sorry|glad|hope|welcome|assist|let me know)\b", sentence)
    hanging = re.match(r"(?:Th(?:is|at|ese|ose|ey)|It|He|She|Such|Also|However)\b", sentence)
    talk = talk or hanging
    return 6 <= len(words) <= 60 and sentence.rstrip().endswith(".") and not talk


def _mostly_in(sentence: str, known: Sequence[set[str]]) -> bool:
    words = set(folded(sentence).split()) - _COMMON
    return len(words) < 4 or any(len(words & text) >= _SHARED * len(words) for text in known)


def _held(text: str, sentence: str, evidence: Evidence) -> bool:
    """Whether the passages hold the altered sentence word for word, or nothing was altered."""
    return folded(text) == folded(sentence) or evidence.says(text)


def _spread(sentence: str, texts: Sequence[str], rng: random.Random) -> list[str]:
    """A few of the texts, from as many places of the sentence as there are."""
    places = defaultdict(list)
    for text in texts:
        places[_first_change(sentence, text)].append(text)
    groups = [rng.sample(group, len(group)) for group in places.values()]
    rounds = zip_longest(*rng.sample(groups, len(groups)))
    chosen = [text for texts in rounds for text in texts if text is not None]
    return chosen[:MOST]


def _first_change(sentence: str, text: str) -> int:
    """The word at which the texts part."""
    pairs = zip(sentence.split(), text.split(), strict=False)
    return next((place for place, (old, new) in enumerate(pairs) if old != new), -1)


def main() -> None:
    """Count the alterations of reference answers or of guidance by kind, and show some."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    data = os.environ.get("FINGERPOST_TEST_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder of the test data")
    parser.add_argument("--of", choices=("answers", "guidance"), default="answers")
    parser.add_argument("--show", default="", help="a kind to show")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"No test data in {given.data}: set FINGERPOST_TEST_DATA")
    rng = random.Random(given.seed)
    read = reference_exchanges if given.of == "answers" else guidance_exchanges
    exchanges = read(given.data)
    made: list[tuple[str, str, str]] = []
    for exchange in exchanges:
        for sentence in exchange.sentences:
            altered = alterations(sentence, exchange.sources, rng)
            made += [(one.kind, sentence, one.text) for one in altered]
    foreign = foreign_sentences(exchanges, rng)
    made += [(one.kind, one.sources[0][:300], one.text) for one in foreign]
    shown = [row for row in made if row[0] == given.show]
    for kind, sentence, text in rng.sample(shown, min(given.limit, len(shown))):
        sys.stdout.write(f"{kind}\n  - {sentence}\n  + {text}\n")
    sentences = sum(len(exchange.sentences) for exchange in exchanges)
    sys.stdout.write(
        f"{len(exchanges)} texts, {sentences} sentences: {dict(Counter(row[0] for row in made))}\n"
    )


if __name__ == "__main__":
    main()
