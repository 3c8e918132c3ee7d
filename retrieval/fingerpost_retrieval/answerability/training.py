"""Fits the weights of answerability: logistic regression by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from .model import Answerability
from .signals import SIGNALS

Numbers = NDArray[np.float64]

RIDGE = 2.0
"""Penalty on the weights of standardised signals, in cases."""
STEPS = 30
FOLDS = 5


def fit(
    signals: Numbers,
    answerable: NDArray[np.bool_],
    weights: Numbers,
    *,
    embedder: str,
    ridge: float = RIDGE,
) -> Answerability:
    """Fit the weights.

    Arguments:
        signals: `(cases, len(SIGNALS))`.
        answerable: `(cases,)`.
        weights: `(cases,)`: what each case counts for.
        embedder: digest of the embedder that the cosines are of.
    """
    mean = np.average(signals, axis=0, weights=weights)
    scale = np.sqrt(np.average((signals - mean) ** 2, axis=0, weights=weights)) + 1e-9
    inputs = np.column_stack([(signals - mean) / scale, np.ones(len(signals))])
    penalty = np.full(inputs.shape[1], ridge)
    penalty[-1] = 0.0
    theta = np.zeros(inputs.shape[1])
    for _ in range(STEPS):
        probability = 1 / (1 + np.exp(-inputs @ theta))
        gradient = inputs.T @ (weights * (probability - answerable)) + penalty * theta
        spread = weights * probability * (1 - probability)
        curvature = (inputs * spread[:, None]).T @ inputs + np.diag(penalty)
        theta -= np.linalg.solve(curvature, gradient)
    coefficients = theta[:-1] / scale
    return Answerability(
        embedder=embedder,
        signals=tuple(SIGNALS),
        weights=tuple(float(f"{value:.5g}") for value in coefficients),
        offset=float(f"{theta[-1] - coefficients @ mean:.5g}"),
    )


def calibrate(
    model: Answerability, signals: Numbers, answerable: NDArray[np.bool_], weights: Numbers
) -> Answerability:
    """Return a model that ranks the same and whose probabilities come true on these cases.

    Two numbers are fitted, so that a few hundred questions to a body's own guidance are enough.
    Platt 1999.
    """
    logits = signals @ np.array(model.weights) + model.offset
    platt = fit(logits[:, None], answerable, weights, embedder=model.embedder, ridge=1e-6)
    (scale,) = platt.weights
    return msgspec.structs.replace(
        model,
        weights=tuple(round(scale * weight, 4) for weight in model.weights),
        offset=round(scale * model.offset + platt.offset, 4),
    )


def grouped_folds(groups: Sequence[str], seed: int = 0) -> NDArray[np.intp]:
    """Return a fold for each case, such that cases of one group are in one fold."""
    names = sorted(set(groups))
    fold = dict(zip(np.random.default_rng(seed).permutation(names), range(len(names)), strict=True))
    return np.array([fold[group] % FOLDS for group in groups])


def auroc(scores: Numbers, answerable: NDArray[np.bool_]) -> float:
    """Return the probability that an answerable case scores higher than another; ties count half."""
    order = np.argsort(scores, kind="stable")
    values, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    positive = answerable[order]
    number = int(positive.sum())
    others = len(values[inverse]) - number
    return float((ranks[positive].sum() - number * (number + 1) / 2) / (number * others))


def calibration_error(
    probability: Numbers, answerable: NDArray[np.bool_], *, bins: int = 10
) -> float:
    """Return the expected calibration error, with bins that hold equally many cases.

    Naeini, Cooper and Hauskrecht 2015, https://doi.org/10.1609/aaai.v29i1.9602
    """
    parts = np.array_split(np.argsort(probability, kind="stable"), bins)
    gaps = [abs(probability[part].mean() - answerable[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(probability))
