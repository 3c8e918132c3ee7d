"""Which of two revisions of a page counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.precedence import UNSETTLED, Revision, Standing, Verdict, judge


def revision(
    digest: str = "new", *, version: int = 0, day: int | None = None, status: Status = Status.LIVE
) -> Revision:
    moment = None if day is None else datetime(2026, 1, day, tzinfo=UTC)
    return Revision(digest=digest, status=status, version=version, updated_at=moment)


def standing(known: Revision, source: str = "mine", authority: str = "govuk") -> Standing:
    return Standing(revision=known, source=source, authority=authority, origin="file")


@pytest.mark.parametrize(
    ("mine", "known", "source", "verdict"),
    [
        (revision("a"), revision("a"), "mine", Verdict.SAME),
        (revision("a", version=2), revision("a", version=1), "mine", Verdict.RENEWED),
        (revision("a", version=1), revision("a", version=2), "mine", Verdict.SAME),
        (revision("a"), revision("a"), "other", Verdict.RENEWED),
        (revision("a"), revision("a", version=2), "other", Verdict.SAME),
        (revision(version=1), revision("b", version=2), "mine", Verdict.SUPERSEDED),
        (revision(version=2), revision("b", version=2), "mine", Verdict.CHANGED),
        (revision(day=1), revision("b", day=2), "mine", Verdict.CHANGED),
        (revision(day=1), revision("b", day=2), "other", Verdict.SUPERSEDED),
        (revision(day=2), revision("b", day=1), "other", Verdict.CHANGED),
        (revision(), revision("b", day=1), "other", Verdict.CHANGED),
        (revision(day=1), revision("b", version=7, day=2), "mine", Verdict.SUPERSEDED),
        (revision(day=3), revision("b", version=7, day=2), "mine", Verdict.CHANGED),
        (revision(), revision("b", status=Status.GONE), "mine", Verdict.NEW),
        (revision(day=1), revision("b", day=2, status=Status.GONE), "other", Verdict.SUPERSEDED),
        (revision("a"), revision(UNSETTLED), "mine", Verdict.CHANGED),
    ],
)
def test_verdict_within_one_authority(
    mine: Revision, known: Revision, source: str, verdict: Verdict
) -> None:
    assert judge(mine, standing(known, source), source="mine", authority="govuk") is verdict


def test_unknown_page_is_new() -> None:
    assert judge(revision(), None, source="mine", authority="govuk") is Verdict.NEW


def test_tombstone_of_another_authority_gives_way() -> None:
    gone = standing(revision("b", status=Status.GONE, version=9), authority="files")
    assert judge(revision(), gone, source="mine", authority="govuk") is Verdict.NEW


def test_rank_orders_by_version_then_time_then_digest() -> None:
    ranked = [
        revision("b"),
        revision("a", day=1),
        revision("b", day=1),
        revision("a", day=2),
        revision("a", version=1),
        revision("a", version=1, day=1),
    ]
    assert sorted(ranked, key=lambda one: one.rank) == ranked


def test_page_is_taken_for_indexed_while_its_change_is_unsettled() -> None:
    assert standing(revision(UNSETTLED, status=Status.DRAFT)).is_live
