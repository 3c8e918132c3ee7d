"""The check of answers: what passages hold is let through, in whatever words; the rest is not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from fingerpost_serving import GroundednessCheck
from fingerpost_serving.groundedness import shipped_heads
from fingerpost_serving.groundedness.contacts import contacts
from fingerpost_serving.groundedness.quantities import figures


class Page(NamedTuple):
    title: str
    heading_path: tuple[str, ...]
    text: str


PAGE = Page(
    "Carer's Allowance",
    ("Eligibility",),
    "You could get £76.75 a week if you care for someone at least 35 hours a week. "
    "You must report changes within 28 days. The form is called DS700.\n\n"
    "You do not have to be related to the person you care for. You cannot get it if you earn "
    "more than £139 a week. However, half of your pension contributions are left out.\n\n"
    "The rules change on 6 April 2025. Call 0800 731 0297 between 9am and 5pm, or write to "
    "carers@example.gov.uk.",
)
CHECK = GroundednessCheck()


def fault(text: str, *pages: Page) -> str | None:
    return CHECK.fault(text, pages or [PAGE])


@pytest.mark.parametrize(
    "text",
    [
        "You could get £76.75 a week if you care for someone for at least 35 hours each week.",
        "Report any changes within twenty-eight days.",
        "You must report changes within 4 weeks.",
        "You do not need to be related to the person you care for.",
        "If you earn more than 139 pounds a week you cannot get it.",
        "50% of your pension contributions are left out.",
        "The rules change on April 6, 2025.",
        "The rules change on 6/4/2025.",
        "You can call 08007310297 between 9:00 and 17:00.",
        "The form is called DS 700.",
    ],
)
def test_what_a_passage_holds_is_let_through(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You could get £76.57 a week if you care for someone.", "number"),
        ("You could get $76.75 a week if you care for someone.", "number"),
        ("You must report changes within 28 weeks.", "number"),
        ("You must report changes within eighteen days.", "number"),
        ("A quarter of your pension contributions are left out.", "number"),
        ("The rules change on 9 April 2025.", "date"),
        ("The rules change on 6 April 2026.", "date"),
        ("The rules change in May.", None),
        ("Call 0800 731 0298 between 9am and 5pm.", "contact"),
        ("Call 0800 731 0297 between 9am and 6pm.", "number"),
        ("Write to help@example.gov.uk about it.", "contact"),
        ("The rules are on www.carers-money.example.com/apply.", "contact"),
        ("The form is called DS701.", "name"),
        ("You could get £76.75 a week of Attendance Allowance if you care for someone.", "name"),
        ("You could get £76.75 a week in Scotland if you care for someone.", "nation"),
        ("You must be related to the person you care for.", "turned"),
        ("You can get it if you earn more than £139 a week.", "turned"),
        ("You need not report changes within 28 days.", "turned"),
        ("You could get £76.75 a week if you care for someone at most 35 hours a week.", "turned"),
        ("Volcanoes erupt when magma rises through cracks in the crust.", "unsupported"),
        ("word " * 300, "too_long"),
    ],
)
def test_what_it_does_not_hold_is_withheld(text: str, expected: str | None) -> None:
    assert fault(text) == expected or (expected is None and fault(text) is not None)


def test_facts_may_come_from_title_and_headings_and_from_any_cited_passage() -> None:
    other = Page("Attendance Allowance", (), "It is for people over State Pension age.")
    text = "You could get £76.75 a week of Carer's Allowance if you care for someone."
    assert fault(text) is None
    assert fault("Attendance Allowance is for people over State Pension age.", PAGE, other) is None


def test_without_a_passage_nothing_is_let_through() -> None:
    assert CHECK.fault("You must report changes within 28 days.", []) == "no_citation"
    assert fault("You must report changes.", Page("", (), "")) == "no_citation"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two-thirds", {("share", 66.667)}),
        ("half an hour", {("minutes", 30.0)}),
        ("6 to 8 weeks", {("minutes", 60_480.0), ("minutes", 80_640.0)}),
        ("a fortnight or two weeks", {("minutes", 20_160.0)}),
        ("12 months", {("months", 12.0)}),
        ("£1.5 million", {("money £", 1_500_000.0)}),
        ("£20 to £30", {("money £", 20.0), ("money £", 30.0)}),
        ("50p", {("money £", 0.5)}),
        ("one hundred and fifty", {("plain", 150.0)}),
        ("the 2025/26 tax year", {("plain", 2025.0), ("plain", 2026.0)}),
        ("noon", {("clock", 720.0)}),
        ("12:30 p.m.", {("clock", 750.0)}),
        ("on Monday", {("weekday", 0.0)}),
        ("no one may apply", set()),
    ],
)
def test_figures_have_one_spelling(text: str, expected: set[tuple[str, float]]) -> None:
    found = {(each.kind, each.value) for each in figures(text).quantities if each.certain}
    assert found == expected


@pytest.mark.parametrize(
    "text", ["5 April 2026", "April 5, 2026", "5th of April 2026", "5/4/2026", "2026-04-05", "5 Apr 2026"]
)  # fmt: skip
def test_dates_have_one_spelling(text: str) -> None:
    assert [each[:3] for each in figures(text).dates] == [(5, 4, 2026)]


def test_may_is_a_month_only_beside_a_day_or_a_year() -> None:
    assert figures("You may apply.").dates == ()
    assert figures("It ends in May 2026.").dates[0][:3] == (None, 5, 2026)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call 0300 123 4567.", [("phone", "3001234567")]),
        ("Call +44 300 123 4567.", [("phone", "3001234567")]),
        ("Call 999 or (202) 555-0100.", [("phone", "999"), ("phone", "2025550100")]),
        ("See https://www.gov.uk/apply/.", [("url", "gov.uk/apply")]),
        ("Write to A.B@x.gov.uk.", [("email", "a.b@x.gov.uk")]),
        ("10 Downing Street, SW1A 2AA", [("street", "10downingstreet"), ("postcode", "sw1a2aa")]),
        ("From 2019-2020 it took 12-15 weeks and cost £1,000.", []),
        ("The $390 filing fee in the Court of Appeal", []),
    ],
)
def test_contacts_have_one_spelling(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.kind, each.value) for each in contacts(text)] == expected


class Embedder:
    """Says of everything that it is alike, and counts what it is asked."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        self.asked = 0

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        self.asked += 1
        return np.ones((len(texts), 1), dtype=np.float32)


def test_embedder_is_asked_only_where_words_leave_doubt() -> None:
    embedder = Embedder(shipped_heads().embedder)
    check = GroundednessCheck(embedder)
    assert check.fault("You must report changes within 28 days.", [PAGE]) is None
    assert embedder.asked == 0


def test_embedder_that_the_heads_were_not_fitted_for_is_not_asked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    embedder = Embedder("another")
    check = GroundednessCheck(embedder)
    assert "--fit" in caplog.text
    for text in ("Tell them when your pay changes.", "Any relation will do."):
        check.fault(text, [PAGE])
    assert embedder.asked == 0


def test_limit_and_exception_beside_the_answer_are_added() -> None:
    said = "You cannot get it if you earn more than £139 a week."
    added = [each.text for each in CHECK.omitted("Can I get it if I earn money?", [PAGE], [said])]
    assert "However, half of your pension contributions are left out." in added


def test_nothing_is_added_that_was_said() -> None:
    page = Page("Fee", (), "It costs £20 a year. However, it is free for children.")
    said = ["You pay £20 a year, and it costs nothing for children: it is free."]
    assert CHECK.omitted("How much does it cost?", [page], said) == []


@pytest.mark.parametrize("text", ["", " ", "\x00", "🙂" * 50, "1" * 900, "not " * 200, "a@" * 300, "£" * 900, "if unless " * 90])  # fmt: skip
def test_no_sentence_breaks_the_check(text: str) -> None:
    assert fault(text) is not None or not text.strip()
