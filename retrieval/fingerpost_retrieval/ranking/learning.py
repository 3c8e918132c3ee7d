"""Few weights from many questions: a listwise linear ranker, and an honest estimate of its worth.

The loss is the cross-entropy between what was judged relevant and a softmax over the
candidates (ListNet's top-one probability, Cao et al. 2007,
https://doi.org/10.1145/1273496.1273513), minimised by Newton's method.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..benchmark.measures import ndcg
from .examples import Example

Weights = dict[str, float]
Numbers = NDArray[np.float64]
Labelled = tuple[Numbers, Numbers, float]
"""Signals `(candidates, features)`, what each is worth (they sum to 1), and the question's share."""

RIDGE = 1e-3
"""Strength of the pull to zero, on signals of unit variance."""
PULL = {"place_gain": 300.0}
"""Signals that are pulled harder, so many times: what titles and headings are worth differs from one
publisher to the next. Of 1 to 1,000, this did best on sets that were left out (decision 5)."""
STEPS = 50
LEAST_STEP = 1e-6
FOLDS = 5


def fit(tasks: Mapping[str, Sequence[Example]], features: Sequence[str]) -> Weights:
    """Return the weights that order the candidates best; every task counts the same."""
    lists: list[Labelled] = []
    for examples in tasks.values():
        useful = [example for example in examples if example.gains().any()]
        for example in useful:
            gains = (example.gains() > 0).astype(np.float64)
            lists.append((_columns(example, features), gains / gains.sum(), 1 / len(useful)))
    spread = np.concatenate([signals for signals, _, _ in lists]).std(axis=0) + 1e-9
    shares = sum(share for _, _, share in lists)
    lists = [(signals / spread, target, share / shares) for signals, target, share in lists]
    weights = np.zeros(len(features))
    ridge = RIDGE * np.array([PULL.get(feature, 1.0) for feature in features])
    for _ in range(STEPS):
        loss, slope, curve = _loss(lists, weights, ridge)
        step = np.linalg.solve(curve, slope)
        # Far from the minimum a whole step may overshoot.
        while np.abs(step).max() > LEAST_STEP and _loss(lists, weights - step, ridge)[0] > loss:
            step /= 2
        weights -= step
        if np.abs(step).max() <= LEAST_STEP:
            break
    return {
        feature: round(float(weight), 4)
        for feature, weight in zip(features, weights / spread, strict=True)
    }


def _loss(
    lists: Sequence[Labelled], weights: Numbers, ridge: Numbers
) -> tuple[float, Numbers, Numbers]:
    """Return the loss with its first and second derivatives."""
    loss = float(ridge @ weights**2)
    slope = 2 * ridge * weights
    curve = 2 * np.diag(ridge)
    for signals, target, share in lists:
        worth = signals @ weights
        worth -= worth.max()
        chance = np.exp(worth)
        total = chance.sum()
        chance /= total
        mean = chance @ signals
        loss += share * float(np.log(total) - target @ worth)
        slope += share * ((chance - target) @ signals)
        curve += share * ((signals * chance[:, None]).T @ signals - np.outer(mean, mean))
    return loss, slope, curve


def quality(examples: Sequence[Example], weights: Weights) -> NDArray[np.float64]:
    """Return nDCG@10 of each question, ranked by these weights."""
    return np.array([_ndcg(example, weights) for example in examples])


def cross_validated(
    tasks: Mapping[str, Sequence[Example]], features: Sequence[str]
) -> dict[str, float]:
    """Return nDCG@10 by task, each question ranked by weights that have seen none of its origin."""
    scores: dict[str, list[float]] = {name: [] for name in tasks}
    for fold in range(FOLDS):
        seen = {
            name: [example for example in examples if _fold(example) != fold]
            for name, examples in tasks.items()
        }
        weights = fit(seen, features)
        for name, examples in tasks.items():
            unseen = [example for example in examples if _fold(example) == fold]
            scores[name] += quality(unseen, weights).tolist()
    return {name: round(float(np.mean(values)), 4) for name, values in scores.items()}


def left_out(
    tasks: Mapping[str, Sequence[Example]], features: Sequence[str], families: Mapping[str, str]
) -> dict[str, float]:
    """Return nDCG@10 by task, ranked by weights from the sets of other families alone."""
    scores = {}
    for name, examples in tasks.items():
        others = {key: tasks[key] for key in tasks if families[key] != families[name]}
        if others:
            scores[name] = round(float(quality(examples, fit(others, features)).mean()), 4)
    return scores


def _ndcg(example: Example, weights: Weights) -> float:
    scores = _columns(example, list(weights)) @ np.array(list(weights.values()))
    order = np.argsort(-scores, kind="stable")
    documents = dict.fromkeys(example.documents[row] for row in order)
    return ndcg(list(documents), example.relevance)


def _columns(example: Example, features: Sequence[str]) -> NDArray[np.float64]:
    rows = [example.features.index(feature) for feature in features]
    return np.nan_to_num(example.values[:, rows]).astype(np.float64)


def _fold(example: Example) -> int:
    return zlib.crc32(example.origin.encode()) % FOLDS
