"""From what the evidence looks like to the probability that it answers: fits the calibration.

    python tests/quality/confidence_calibration.py ../shared/data

Answerable are the questions of conditionalqa (alone, and after the asker's story) and of
doc2dial when a section that answers is among the evidence. Each is asked again with the
sections that answer taken away ("near": the rest of the page stays, and at times still answers),
and with the whole page taken away ("page"); conditionalqa's pages are also asked clinc150's
questions to other services ("other"). The logistic regression is fitted on half of the pages;
the rates are those of the other half.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from guidance_sets import (
    Question,
    conditionalqa_pages,
    conditionalqa_questions,
    doc2dial_pages,
    doc2dial_questions,
    index_of,
    questions_to_other_services,
)
from numpy.typing import NDArray

from fingerpost_retrieval import GuidanceIndex, Hit
from fingerpost_serving import Calibration
from fingerpost_serving.confidence import Signs, signs_of
from fingerpost_serving.extractive import ANSWERS_FROM, MOST_EVIDENCE
from fingerpost_serving.scoring import relevance_of, score_units
from fingerpost_serving.units import units_of
from fingerpost_serving.vectors import RememberingEmbedder

# ruff: noqa: T201 -- the figures are printed

WEIGHTS = {"answerable": 6, "near": 2, "page": 2, "other": 4}
"""What each kind of case counts for, within its set: as many answerable as not."""

RIDGE = 1.0
SPARE = 60
"""Hits from which those that are taken away are made up for."""


class Case(msgspec.Struct, frozen=True):
    name: str
    """Set and kind ("story, near")."""
    kind: str
    is_for_tuning: bool
    signs: Signs


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fit the answerer's confidence.")
    parser.add_argument("data", type=Path, help="folder of the test data")
    options = parser.parse_args(arguments)
    if not (options.data / "conditionalqa").is_dir():
        parser.error(f"no conditionalqa in {options.data}: name the folder of the test data")
    cases, digest = collect(options.data)
    tuning = [case for case in cases if case.is_for_tuning]
    held_out = [case for case in cases if not case.is_for_tuning]
    for words_alone in (False, True):
        calibration = fit(tuning, "" if words_alone else digest)
        print(calibration)
        print(json.dumps(rates(held_out, calibration)))
    return 0


def collect(data: Path) -> tuple[list[Case], str]:
    """Return all cases, and the digest of the embedder whose cosines are in them."""
    cases: list[Case] = []
    with tempfile.TemporaryDirectory() as folder:
        index, model = index_of(conditionalqa_pages(data), Path(folder))
        embedder = RememberingEmbedder(model)
        with index:
            for question in conditionalqa_questions(data):
                cases += _cases("question", question, question.text, index, embedder)
                story = f"{question.story} {question.text}"
                cases += _cases("story", question, story, index, embedder)
            for place, text in enumerate(questions_to_other_services(data)):
                signs = _signs(text, index.search(text).hits, embedder)
                cases.append(Case("clinc150, other", "other", place % 2 == 0, signs))
    with tempfile.TemporaryDirectory() as folder:
        index, model = index_of(doc2dial_pages(data), Path(folder))
        embedder = RememberingEmbedder(model)
        with index:
            for question in doc2dial_questions(data):
                cases += _cases("doc2dial", question, question.text, index, embedder)
    return cases, model.digest


def _cases(
    name: str, question: Question, text: str, index: GuidanceIndex, embedder: RememberingEmbedder
) -> Iterator[Case]:
    hits = index.search(text, limit=SPARE).hits

    def answers(hit: Hit) -> bool:
        return hit.passage.url[1:] in question.sections

    def case(kind: str, kept: Sequence[Hit]) -> Case:
        signs = _signs(text, kept[:MOST_EVIDENCE], embedder)
        return Case(f"{name}, {kind}", kind, question.is_for_tuning, signs)

    if any(map(answers, hits[:MOST_EVIDENCE])):
        yield case("answerable", hits)
    yield case("near", [hit for hit in hits if not answers(hit)])
    yield case("page", [hit for hit in hits if hit.passage.path != question.page])


def _signs(text: str, hits: Sequence[Hit], embedder: RememberingEmbedder) -> Signs:
    passages = [hit.passage for hit in hits]
    units = units_of(passages)
    vector = embedder.embed([text])[0]

    def similarity(texts: Sequence[str]) -> NDArray[np.float32]:
        cosines: NDArray[np.float32] = embedder.embed(texts) @ vector
        return cosines

    relevance = relevance_of(passages, [hit.score for hit in hits])
    scored = score_units(text, passages, units, relevance=relevance, similarity=similarity)
    return signs_of(text, passages, units, scored)


def fit(cases: Sequence[Case], embedder: str) -> Calibration:
    """Fit by Newton's method; without an embedder the cosine is left out."""
    uses = np.array([float(bool(embedder)), 1.0, 1.0])
    rows = np.array([(c.signs.similarity, c.signs.coverage, 1.0) for c in cases]) * uses
    answerable = np.array([case.kind == "answerable" for case in cases], dtype=np.float64)
    sizes = Counter(case.name for case in cases)
    weights = np.array([WEIGHTS[case.kind] / sizes[case.name] for case in cases])
    weights /= weights.mean()
    ridge = RIDGE * np.diag([1.0, 1.0, 1e-6])
    theta = np.zeros(3)
    for _ in range(50):
        odds = 1 / (1 + np.exp(-rows @ theta))
        slope = rows.T @ (weights * (odds - answerable)) + ridge @ theta
        bend = (rows.T * (weights * odds * (1 - odds))) @ rows + ridge
        theta -= np.linalg.solve(bend, slope)
    similarity, coverage, offset = (round(float(value), 2) for value in theta * uses)
    return Calibration(embedder=embedder, similarity=similarity, coverage=coverage, offset=offset)


def rates(cases: Sequence[Case], calibration: Calibration) -> dict[str, float]:
    """Return the share of each set and kind that would be answered."""
    answered: dict[str, list[bool]] = {}
    for case in cases:
        is_answered = calibration.confidence(case.signs) >= ANSWERS_FROM
        answered.setdefault(case.name, []).append(is_answered)
    return {name: round(float(np.mean(found)), 3) for name, found in sorted(answered.items())}


if __name__ == "__main__":
    sys.exit(main())
