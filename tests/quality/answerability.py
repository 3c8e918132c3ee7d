"""Fits and judges the probability that a search answers its question.

    python -m tests.quality.answerability DATA MODEL [--write] [--json FILE] [--svg FILE]

Every question that has an answer is asked twice: as it is, and with the pages that answer it taken
out of the index. Questions that people have labelled (mtrag_un, mtrag_govt) are asked as they are,
and clinc150's are put to conditionalqa's pages. Figures come from five-fold cross-validation by
page or conversation; the weights that `--write` stores are fitted on all sets whose licence is
confirmed. `--cache FOLDER` keeps embeddings and signals, so that fitting again takes seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from fingerpost_retrieval import Embedder, Embeddings, GuidanceIndex, load_embedder
from fingerpost_retrieval.answerability import Answerability, signals_of
from fingerpost_retrieval.answerability import model as answerability_model
from fingerpost_retrieval.answerability.training import (
    FOLDS,
    auroc,
    calibrate,
    calibration_error,
    fit,
    grouped_folds,
)

from .answerability_sets import (
    QuestionSet,
    SetQuestion,
    all_sets,
    questions_to_other_services,
)
from .reliability_diagram import Curve, diagram

HITS = 8
UNCONFIRMED = ("govuk_search", "or_sharc, question", "or_sharc, scenario")
"""Sets that nothing is fitted on: whose licence is not confirmed, or asks for what is made of them to be
shared alike (or_sharc, CC BY-SA)."""

POSITIVE, NEGATIVE = ("HERE", "ANSWERABLE"), ("GONE", "UNANSWERABLE", "OTHER")
OTHER_SERVICES, OWN = "clinc150", "conditionalqa, "
BINS = 10


class Case(msgspec.Struct, frozen=True):
    """A question that was asked, and what the search looked like."""

    set: str
    group: str
    label: str
    """HERE, GONE (its pages were taken out), OTHER, or what people said."""
    signals: tuple[float, ...]


class CachingEmbedder:
    """An embedder that keeps what it has embedded, in a file between runs."""

    def __init__(self, embedder: Embedder, file: Path | None) -> None:
        self._embedder, self._file = embedder, file
        self._known: dict[str, Embeddings] = {}
        if file is not None and file.exists():
            with np.load(file) as stored:
                self._known = dict(zip(stored["names"].tolist(), stored["vectors"], strict=True))

    @property
    def digest(self) -> str:
        return self._embedder.digest

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        names = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
        new = dict(zip(names, texts, strict=True))
        new = {name: text for name, text in new.items() if name not in self._known}
        if new:
            vectors = self._embedder.embed(list(new.values()))
            self._known |= dict(zip(new, vectors, strict=True))
        return np.stack([self._known[name] for name in names])

    def save(self) -> None:
        if self._file is not None and self._known:
            np.savez(
                self._file, names=list(self._known), vectors=np.stack(list(self._known.values()))
            )


def collect(data: Path, embedder: CachingEmbedder, cache: Path | None) -> Iterator[Case]:
    """Ask every question of every set; a set whose cases are in the cache is not asked again."""
    for each in all_sets(data):
        kept = cache / f"{each.name}.json" if cache is not None else None
        if kept is not None and kept.exists():
            yield from msgspec.json.decode(kept.read_bytes(), type=list[Case])
            continue
        others = questions_to_other_services(data) if each.name == "conditionalqa" else []
        cases = list(_ask(each, others, embedder))
        embedder.save()
        if kept is not None:
            kept.write_bytes(msgspec.json.encode(cases))
        sys.stderr.write(f"{each.name}: {len(cases)} cases\n")
        yield from cases


def _ask(
    each: QuestionSet, others: Sequence[SetQuestion], embedder: CachingEmbedder
) -> Iterator[Case]:
    embedder.embed([question.text for question in (*each.questions, *others)])
    pages = {page.path: page for page in each.pages}
    with (
        tempfile.TemporaryDirectory() as folder,
        GuidanceIndex.open(Path(folder) / "index", embedder) as index,
    ):
        index.replace(each.pages)
        index.optimise()

        def case(question: SetQuestion, label: str) -> Case:
            signals = signals_of(question.text, index.search(question.text, limit=HITS).hits)
            return Case(question.set, question.group, label, tuple(signals.round(5).tolist()))

        by_pages: defaultdict[frozenset[str], list[SetQuestion]] = defaultdict(list)
        for question in (*each.questions, *others):
            yield case(question, question.label or "HERE")
            if question.pages:
                by_pages[question.pages].append(question)
        for gone, questions in by_pages.items():
            index.remove([(path, "en") for path in gone])
            yield from (case(question, "GONE") for question in questions)
            index.replace([pages[path] for path in gone])


class Cases:
    """All cases as arrays."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.sets = np.array([case.set for case in cases])
        self.labels = np.array([case.label for case in cases])
        self.groups = [case.group for case in cases]
        self.signals = np.array([case.signals for case in cases])
        self.answerable: NDArray[np.bool_] = np.isin(self.labels, POSITIVE)
        self.judged: NDArray[np.bool_] = self.answerable | np.isin(self.labels, NEGATIVE)
        self.fitted = self.judged & ~np.isin(self.sets, UNCONFIRMED)

    def weights(self) -> NDArray[np.float64]:
        """Every set counts the same, and in each both kinds of question.

        clinc150 has one kind; it counts four times, as do the questions that it stands against.
        """
        weights = np.zeros(len(self.sets))
        for name in np.unique(self.sets):
            for kind in (True, False):
                chosen = self.fitted & (self.sets == name) & (self.answerable == kind)
                if chosen.any():
                    times = 4 if name == OTHER_SERVICES else 1
                    weights[chosen] = times * 100 / chosen.sum()
        return weights

    def fit(self, known: NDArray[np.bool_], embedder: str) -> Answerability:
        """Fit on some cases; then calibrate on them without clinc150, where half have an answer."""
        weights = self.weights()
        model = fit(self.signals[known], self.answerable[known], weights[known], embedder=embedder)
        own = known & (self.sets != OTHER_SERVICES)
        return calibrate(model, self.signals[own], self.answerable[own], weights[own])

    def cross_validated(self, embedder: str) -> NDArray[np.float64]:
        """Return each case's probability by weights that have seen nothing of its group."""
        folds = grouped_folds(self.groups)
        probability = np.zeros(len(self.sets))
        for fold in range(FOLDS):
            model = self.fit(self.fitted & (folds != fold), embedder)
            asked = np.flatnonzero(folds == fold)
            probability[asked] = [model.of_signals(each) for each in self.signals[asked]]
        return probability


def recalibrated(cases: Cases, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities as they are once calibrated on other pages of the same set.

    That is what a department gets that has a few hundred questions to its own guidance.
    """
    logits = np.log(probability / (1 - probability))[:, None]
    plain = Answerability(embedder="", signals=("logit",), weights=(1.0,), offset=0.0)
    folds, result = grouped_folds(cases.groups), probability.copy()
    for name in np.unique(cases.sets[cases.judged]):
        for fold in range(FOLDS):
            own = cases.judged & (cases.sets == name)
            known, asked = own & (folds != fold), np.flatnonzero(own & (folds == fold))
            if len(set(cases.answerable[known])) == 2:
                once = np.ones(int(known.sum()))
                model = calibrate(plain, logits[known], cases.answerable[known], once)
                result[asked] = [model.of_signals(each) for each in logits[asked]]
    return result


def report(cases: Cases, probability: NDArray[np.float64]) -> dict[str, object]:
    """Return AUROC and calibration error by set, and coverage against accuracy."""
    by_set = {}
    own_calibration = recalibrated(cases, probability)
    for name in np.unique(cases.sets):
        chosen = cases.judged & (cases.sets == name)
        if len(set(cases.answerable[chosen])) == 2:
            by_set[str(name)] = _figures(probability[chosen], cases.answerable[chosen]) | {
                "ece_own": round(
                    calibration_error(own_calibration[chosen], cases.answerable[chosen]), 3
                )
            }
    own = np.char.startswith(cases.sets, OWN) & (cases.labels == "HERE")
    apart = own | (cases.sets == OTHER_SERVICES)
    fitted = cases.fitted & (cases.sets != OTHER_SERVICES)
    return {
        "sets": by_set,
        "labelled, with the share of the other conversations": _with_share(cases, probability),
        "macro": {
            figure: round(float(np.mean([each[figure] for each in by_set.values()])), 3)
            for figure in ("auroc", "ece", "ece_balanced", "ece_own")
        },
        "clinc150 told from conditionalqa": round(
            auroc(probability[apart], cases.answerable[apart]), 3
        ),
        "other labels, mean probability": {
            f"{name}: {label}": round(float(probability[chosen].mean()), 3)
            for name in np.unique(cases.sets)
            for label in np.unique(cases.labels[cases.sets == name])
            for chosen in [(cases.sets == name) & (cases.labels == label)]
            if label not in ("HERE", "GONE")
        },
        "coverage": coverage(probability[fitted], cases.answerable[fitted]),
    }


def _with_share(cases: Cases, probability: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """Calibration of the labelled sets, told what share of other conversations had an answer."""
    labelled = cases.judged & np.isin(cases.labels, ("ANSWERABLE", "UNANSWERABLE"))
    folds = grouped_folds(cases.groups)
    shifted = probability.copy()
    for fold in np.unique(folds):
        share = cases.answerable[labelled & (folds != fold)].mean()
        chosen = labelled & (folds == fold)
        odds = probability[chosen] / (1 - probability[chosen]) * share / (1 - share)
        shifted[chosen] = odds / (1 + odds)
    return {
        str(name): _figures(shifted[chosen], cases.answerable[chosen])
        for name in np.unique(cases.sets[labelled])
        for chosen in [labelled & (cases.sets == name)]
    }


def _figures(probability: NDArray[np.float64], answerable: NDArray[np.bool_]) -> dict[str, float]:
    # As if there were as many of either kind, which is what the probability is calibrated for.
    share = answerable.mean()
    weights = np.where(answerable, 0.5 / share, 0.5 / (1 - share))
    parts = np.array_split(np.argsort(probability, kind="stable"), BINS)
    balanced = sum(
        abs(float((weights[part] * (probability[part] - answerable[part])).sum())) for part in parts
    ) / len(probability)
    return {
        "cases": len(probability),
        "auroc": round(auroc(probability, answerable), 3),
        "ece": round(calibration_error(probability, answerable), 3),
        "ece_balanced": round(balanced, 3),
    }


def coverage(
    probability: NDArray[np.float64], answerable: NDArray[np.bool_]
) -> list[dict[str, float]]:
    """By least probability to answer with: what is answered, and how much of that rightly."""
    table = []
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        answered = probability >= least
        table.append(
            {
                "least": least,
                "answered": round(float(answered.mean()), 3),
                "accuracy": round(float(answerable[answered].mean()), 3),
                "of answerable": round(float(answered[answerable].mean()), 3),
                "of others": round(float(answered[~answerable].mean()), 3),
            }
        )
    return table


def curves(cases: Cases, probability: NDArray[np.float64]) -> Iterator[Curve]:
    """A reliability curve of each set with both kinds of question."""
    for name in np.unique(cases.sets):
        chosen = cases.fitted & (cases.sets == name)
        if len(set(cases.answerable[chosen])) == 2:
            order = np.flatnonzero(chosen)[np.argsort(probability[chosen], kind="stable")]
            parts = np.array_split(order, BINS if len(order) > 200 else 5)
            yield Curve(
                str(name),
                [(float(probability[p].mean()), float(cases.answerable[p].mean())) for p in parts],
            )


def main() -> None:
    """Collect, fit, judge, and write what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--write", action="store_true", help="store the weights in the package")
    options = parser.parse_args()
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
    vectors = options.cache / "vectors.npz" if options.cache is not None else None
    embedder = CachingEmbedder(load_embedder(options.model), vectors)
    cases = Cases(list(collect(options.data, embedder, options.cache)))
    probability = cases.cross_validated(embedder.digest)
    figures = msgspec.json.format(msgspec.json.encode(report(cases, probability)))
    sys.stdout.write(figures.decode() + "\n")
    if options.json is not None:
        options.json.write_bytes(figures + b"\n")
    if options.svg is not None:
        options.svg.write_text(diagram(list(curves(cases, probability))), encoding="utf-8")
    if options.write:
        model = cases.fit(cases.fitted, embedder.digest)
        target = Path(answerability_model.__file__).with_name(answerability_model.WEIGHTS)
        target.write_bytes(msgspec.json.format(msgspec.json.encode(model)) + b"\n")


if __name__ == "__main__":
    main()
