"""The figures side by side, and each aim beside what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from rich.console import Console
from rich.table import Table

from loadtests.serving.measures import Spread

DIRECT, LITELLM = "direct", "LiteLLM"
RAW, PLAIN, GROUNDED = "ours, raw, redacted", "ours, raw, plain", "ours, grounded"

FIRST, WHOLE = "lone: first text p50 ms", "lone: whole p50 ms"
RATE, STREAMS, ANSWERS = "held rate /s", "streams without a stall", "110-delta streams /s"
LATE = "client was the bound"


class SystemFigures(msgspec.Struct, frozen=True):
    """What was seen of one system."""

    system: str
    figures: Mapping[str, Spread]


class Report(msgspec.Struct, frozen=True):
    """What was seen of all systems."""

    rounds: int
    systems: list[SystemFigures]

    def figure(self, system: str, name: str) -> float:
        """The median of a figure.

        Raises:
            KeyError: it was not measured.
        """
        figures = next((each.figures for each in self.systems if each.system == system), {})
        return figures[name].median


class Aim(msgspec.Struct, frozen=True):
    """Something to reach, and what was seen."""

    what: str
    seen: float
    bound: float
    at_least: bool
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.seen >= self.bound if self.at_least else self.seen <= self.bound


def aims(report: Report) -> Iterator[Aim]:
    """Everything that is asked of the gateway."""
    figure = report.figure
    direct = figure(DIRECT, FIRST)
    for name in (RAW, PLAIN):
        yield Aim(f"{name}: adds to the first text", figure(name, FIRST) - direct, 1.0, False, "ms")
    added = figure(LITELLM, FIRST) - direct
    yield Aim("beside that, LiteLLM adds over ours", added / _ours(report, direct), 1.0, True, "x")
    ratio = figure(RAW, RATE) / max(figure(LITELLM, RATE), 1)
    yield Aim("ours, raw, redacted: rate held, over LiteLLM's", ratio, 10.0, True, "x")
    yield Aim(f"{RAW}: streams without a stall", figure(RAW, STREAMS), 128, True)
    ratio = figure(GROUNDED, ANSWERS) / max(figure(LITELLM, ANSWERS), 0.001)
    yield Aim("grounded answers over LiteLLM's bare streams", ratio, 1.0, True, "x")
    sentence = figure(GROUNDED, FIRST) - direct
    yield Aim("grounded: adds to the first sentence", sentence, 10.0, False, "ms")


def _ours(report: Report, direct: float) -> float:
    return max(report.figure(RAW, FIRST) - direct, 0.001)


def print_report(report: Report) -> None:
    """Print the figures for a person."""
    names = [name for name in _FIGURES if any(name in each.figures for each in report.systems)]
    table = Table(title=f"Before one mock upstream: median of {report.rounds} rounds (extremes)")
    table.add_column("")
    for each in report.systems:
        table.add_column(each.system, justify="right")
    for name in names:
        table.add_row(name, *(_shown(each.figures.get(name)) for each in report.systems))
    console = Console(width=180)
    console.print(table)
    goals = Table(title="Aims")
    for heading in ("what", "seen", "aim", ""):
        goals.add_column(heading)
    for aim in aims(report):
        sign = "≥" if aim.at_least else "≤"
        goals.add_row(
            aim.what,
            f"{aim.seen:,.3g} {aim.unit}",
            f"{sign} {aim.bound:g} {aim.unit}",
            "met" if aim.met else "NOT met",
        )
    console.print(goals)


_FIGURES = (
    FIRST,
    "lone: first text p99 ms",
    WHOLE,
    "lone: whole p99 ms",
    RATE,
    LATE,
    STREAMS,
    "ITL p50 ms",
    "ITL p99 ms",
    ANSWERS,
    "memory MiB",
    "lone: failed",
)


def _shown(spread: Spread | None) -> str:
    if spread is None:
        return ""
    if spread.least == spread.most:
        return f"{spread.median:,.4g}"
    return f"{spread.median:,.4g} ({spread.least:,.4g} to {spread.most:,.4g})"
