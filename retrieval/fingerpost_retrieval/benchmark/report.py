"""What a benchmark has found, as it is written to a file and held against a later one."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..errors import BenchmarkDrop, InvalidSet

OURS = "fingerpost"

TOLERANCE = 0.005
"""A measure may be so much lower than before: what threads and rounding change."""


class SystemResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one way of ranking does."""

    system: str
    metrics: dict[str, float]
    """"nDCG@10", "recall@1", "recall@5", "recall@10" and "MRR@10": means over the queries."""
    intervals: dict[str, tuple[float, float]] = {}
    """95% bootstrap intervals of the same."""
    p_against_fingerpost: float | None = None
    """Two-sided p of a paired randomisation test of nDCG@10 against our ranking."""
    timings: dict[str, float]
    """Milliseconds of a whole search ("p50", "p95", "p99") and of its stages ("embed_p50" …), and
    "questions_per_second", one after the other."""


class BenchmarkReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has found."""

    set: str
    queries_file: str
    context: str
    queries: int
    documents: int
    passages: int
    build_seconds: float
    """For cutting, embedding and indexing."""
    passages_per_second: float
    index_bytes: int
    results: list[SystemResult]

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self)) + b"\n")


def read_report(path: Path) -> BenchmarkReport:
    """Read a report; raises `InvalidSet` where the file is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=BenchmarkReport)
    except (OSError, msgspec.DecodeError) as error:
        raise InvalidSet(f"{path} is no result of a benchmark: {error}") from error


def drops(now: BenchmarkReport, before: BenchmarkReport) -> list[str]:
    """Say by how much our ranking has become worse than in an earlier report; empty if not.

    Raises `InvalidSet` where the two are not of the same questions.
    """
    if (now.set, now.queries_file, now.context) != (
        before.set,
        before.queries_file,
        before.context,
    ):
        raise InvalidSet(
            f"the earlier result is of {before.set}, {before.queries_file}, {before.context}, "
            f"and this one is of {now.set}, {now.queries_file}, {now.context}"
        )
    new, old = (_ours(report) for report in (now, before))
    return [
        f"{name} fell from {value:.4f} to {new[name]:.4f}"
        for name, value in old.items()
        if name in new and new[name] < value - TOLERANCE
    ]


def check_against(now: BenchmarkReport, before: BenchmarkReport) -> None:
    """Raise `BenchmarkDrop` where our ranking has become worse; see `drops`."""
    if worse := drops(now, before):
        raise BenchmarkDrop(f"worse than the earlier result: {'; '.join(worse)}")


def _ours(report: BenchmarkReport) -> dict[str, float]:
    return next((found.metrics for found in report.results if found.system == OURS), {})
