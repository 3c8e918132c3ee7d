"""Draws reliability curves as an SVG: what was foretold against what came true."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

SIZE, MARGIN, LEGEND = 360, 48, 250
COLOURS = (
    "#1d70b8", "#00703c", "#d4351c", "#4c2c92", "#f47738",
    "#28a197", "#912b88", "#85994b", "#b58840", "#505a5f",
)  # fmt: skip
"""Of the GOV.UK Design System's palette: told apart on white."""


class Curve(NamedTuple):
    """A set's points, each a mean probability and a share that was answerable."""

    name: str
    points: Sequence[tuple[float, float]]


def diagram(curves: Sequence[Curve]) -> str:
    """Return the SVG."""
    width, height = SIZE + 2 * MARGIN + LEGEND, SIZE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="Arial, sans-serif" font-size="12">',
        "<title>Reliability: probability that the guidance answers, and how often it does</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _line([(0, 0), (1, 1)], "#b1b4b6", ' stroke-dasharray="4 4"'),
        _line([(0, 1), (0, 0), (1, 0)], "#0b0c0c", ""),
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, _ = _place(tick, 0)
        _, y = _place(0, tick)
        parts.append(f'<text x="{x}" y="{height - MARGIN + 16}" text-anchor="middle">{tick}</text>')
        parts.append(f'<text x="{MARGIN - 8}" y="{y + 4}" text-anchor="end">{tick}</text>')
    parts.append(
        f'<text x="{MARGIN + SIZE / 2}" y="{height - 10}" text-anchor="middle">'
        "probability of an answer</text>"
        f'<text transform="translate(14 {MARGIN + SIZE / 2}) rotate(-90)" text-anchor="middle">'
        "share that had one</text>"
    )
    for place, curve in enumerate(curves):
        colour = COLOURS[place % len(COLOURS)]
        parts.append(_line(curve.points, colour, ' stroke-width="2"'))
        parts += [_dot(point, colour) for point in curve.points]
        y = MARGIN + 18 * place
        parts.append(
            f'<rect x="{SIZE + MARGIN + 24}" y="{y - 9}" width="12" height="12" fill="{colour}"/>'
            f'<text x="{SIZE + MARGIN + 42}" y="{y + 2}">{escape(curve.name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _line(points: Sequence[tuple[float, float]], colour: str, more: str) -> str:
    path = " ".join(f"{x},{y}" for x, y in (_place(*point) for point in points))
    return f'<polyline points="{path}" fill="none" stroke="{colour}"{more}/>'


def _dot(point: tuple[float, float], colour: str) -> str:
    x, y = _place(*point)
    return f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'


def _place(x: float, y: float) -> tuple[float, float]:
    return round(MARGIN + SIZE * x, 1), round(MARGIN + SIZE * (1 - y), 1)
