"""How much of the evidence for citizens' questions the extractive answerer quotes.

    python tests/quality/conditionalqa_extraction.py ../shared/data

Indexes the GOV.UK pages of conditionalqa and asks its questions, alone ("question") and after
the asker's story ("story"). Beside the answerer stand two floors: the first three sentences of
the top passage, and the first sentences of the passages, in order, to the answerer's own length.

- gold_section: share of questions for which a section that answers is among the cited.
- recall: share of the gold evidence's words that is quoted, averaged over its stretches.
- precision: share of the quoted words that stand in the gold evidence.
- answered: share of questions that the default confidence lets through. The other figures are
  for answers to all, so that they tell quoting from declining.

The weights were set on the pages "for tuning"; the figures to report are those "held out".
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from guidance_sets import (
    Question,
    conditionalqa_pages,
    conditionalqa_questions,
    index_of,
)

from fingerpost_retrieval import Passage, SearchResult
from fingerpost_serving import Answer, ExtractiveAnswerer, Length
from fingerpost_serving.extractive import ANSWERS_FROM
from fingerpost_serving.units import units_of
from fingerpost_serving.words import tokens

# ruff: noqa: T201 -- the figures are printed

OVERLAP = 0.85
"""Share of the words of the shorter of two texts that the other must hold for them to match."""


class Quoted(msgspec.Struct, frozen=True):
    text: str
    passage: Passage


class Figures(msgspec.Struct, frozen=True):
    gold_section: float
    recall: float
    precision: float
    words: float
    answered: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How much of the gold evidence is quoted.")
    parser.add_argument("data", type=Path, help="folder of the test data")
    parser.add_argument("--words", type=int, default=Length().words, help="most words an answer")
    parser.add_argument("--json", action="store_true", help="print nothing but JSON")
    options = parser.parse_args(arguments)
    if not (options.data / "conditionalqa").is_dir():
        parser.error(f"no conditionalqa in {options.data}: name the folder of the test data")
    figures = measure(options.data, Length(words=options.words))
    if not options.json:
        print(_table(figures))
    print(json.dumps(msgspec.to_builtins(figures)))
    return 0


def measure(data: Path, length: Length) -> dict[str, Figures]:
    """Return the figures by half of the pages, form of the question and method."""
    questions = conditionalqa_questions(data)
    pages = conditionalqa_pages(data)
    texts = {
        f"{page.path[1:]}#{section.anchor}": " ".join(section.text.split())
        for page in pages
        for section in page.sections
    }
    rows: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory() as folder:
        index, embedder = index_of(pages, Path(folder))
        answerer = ExtractiveAnswerer(embedder, answers_from=0.0, length=length)
        with index:
            for question in questions:
                half = "tuning" if question.is_for_tuning else "held out"
                for form, text in _forms(question):
                    for method, shown, answered in _methods(answerer, text, index.search):
                        row = _score(question, shown, texts, answered)
                        rows.setdefault(f"{half}, {form}, {method}", []).append(row)
    return {name: _mean(found) for name, found in sorted(rows.items())}


def _forms(question: Question) -> list[tuple[str, str]]:
    return [("question", question.text), ("story", f"{question.story} {question.text}")]


def _methods(
    answerer: ExtractiveAnswerer, text: str, search: Callable[[str], SearchResult]
) -> list[tuple[str, list[Quoted], bool]]:
    result = search(text)
    passages = [hit.passage for hit in result.hits]
    answer = answerer.answer(
        text,
        passages,
        embedding=result.embedding,
        relevance=[hit.score for hit in result.hits],
    )
    shown = _quoted(answer, passages)
    length = sum(len(quoted.text.split()) for quoted in shown)
    in_order = [Quoted(unit.text, passages[unit.evidence]) for unit in units_of(passages)]
    return [
        ("answerer", shown, answer.confidence >= ANSWERS_FROM),
        ("first three sentences", in_order[:3], True),
        ("first sentences, same length", _of_length(in_order, length), True),
    ]


def _quoted(answer: Answer, passages: Sequence[Passage]) -> list[Quoted]:
    return [
        Quoted(quotation.text, passages[quotation.evidence])
        for sentence in answer.sentences
        for quotation in sentence.quotations
    ]


def _of_length(quoted: Sequence[Quoted], words: int) -> list[Quoted]:
    """Take from the start, to the length that is nearest to so many words."""
    lengths = np.cumsum([len(one.text.split()) for one in quoted])
    return list(quoted[: int(np.argmin(np.abs(lengths - words))) + 1])


def _score(
    question: Question, shown: Sequence[Quoted], sections: dict[str, str], answered: bool
) -> Figures:
    stretches = [Counter(tokens(text)) for text in question.evidence]
    covered = [0.0] * len(stretches)
    good = whole = 0
    for quoted in shown:
        words = Counter(tokens(quoted.text))
        matched = False
        for place, stretch in enumerate(stretches):
            common = (words & stretch).total()
            shorter = min(words.total(), stretch.total())
            if quoted.passage.path == question.page and common >= OVERLAP * shorter > 0:
                covered[place] = min(1.0, covered[place] + common / stretch.total())
                matched = True
        whole += words.total()
        good += words.total() if matched else 0
    gold = [sections[name] for name in question.sections]
    return Figures(
        gold_section=any(" ".join(one.text.split()) in text for one in shown for text in gold),
        recall=float(np.mean(covered)),
        precision=good / whole if whole else 0.0,
        words=sum(len(quoted.text.split()) for quoted in shown),
        answered=answered,
    )


def _mean(rows: Sequence[Figures]) -> Figures:
    columns = zip(*(msgspec.structs.astuple(row) for row in rows), strict=True)
    return Figures(*(round(float(np.mean(column)), 3) for column in columns))


def _table(figures: dict[str, Figures]) -> str:
    names = ("gold section", "recall", "precision", "words", "answered")
    lines = [f"{'':50}" + "".join(f"{name:>14}" for name in names)]
    for name, row in figures.items():
        values = msgspec.structs.astuple(row)
        lines.append(f"{name:50}" + "".join(f"{value:14.3f}" for value in values))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
