"""A quoted sentence is never torn from its conditions."""

from __future__ import annotations

import numpy as np
import pytest

from fingerpost_serving.companions import LONGEST_LIST, SHORT_LIST, companions
from fingerpost_serving.units import units_of

from .conftest import Passage


def together(text: str, quoted: str, *, liked: str = "") -> list[str]:
    """What is shown with the unit `quoted`; of an open list, items with `liked` come first."""
    units = units_of([Passage("Title", (), text)])
    scores = np.array([float(bool(liked) and liked in unit.text) for unit in units])
    anchor = next(i for i, unit in enumerate(units) if unit.text == quoted)
    return [units[i].text for i in companions(units, anchor, scores)]


CONDITIONS = (
    "You can apply if all of these are true:\n\n- you are 18\n- you live here\n- you pay tax"
)


@pytest.mark.parametrize("quoted", ["you live here", "You can apply if all of these are true:"])
def test_a_condition_brings_its_lead_in_and_the_other_conditions(quoted: str) -> None:
    assert together(CONDITIONS, quoted) == [
        "You can apply if all of these are true:",
        "you are 18",
        "you live here",
        "you pay tax",
    ]


def test_long_list_of_alternatives_shows_the_items_that_fit() -> None:
    items = [f"disease {number}" for number in range(LONGEST_LIST)]
    text = "You can claim for any of:\n\n" + "\n".join(f"- {item}" for item in items)
    shown = together(text, "disease 7", liked="disease 7")
    assert shown[0] == "You can claim for any of:"
    assert "disease 7" in shown
    assert len(shown) == SHORT_LIST + 1


def test_bullets_without_a_lead_in_stand_alone() -> None:
    assert together("- Call us.\n- Write to us.", "Write to us.") == ["Write to us."]


def test_numbered_steps_stay_together() -> None:
    assert together("1. Register.\n2. Pay.", "Pay.") == ["Register.", "Pay."]


def test_row_brings_the_lead_in_of_its_table_and_no_other_row() -> None:
    text = "The rates are:\n\n| Age: 17; Rate: £5\n| Age: 18; Rate: £6"
    assert together(text, "Age: 18; Rate: £6") == ["The rates are:", "Age: 18; Rate: £6"]


@pytest.mark.parametrize(
    "exception",
    [
        "Unless you live abroad, it is free.",
        "However, students pay half.",
        "But you must apply first.",
        "This does not apply in Scotland.",
        "These rules do not apply to students.",
        "There are exceptions for carers.",
        "If you don\u2019t live here, you pay.",
        "Otherwise you pay a fee.",
        "Oni bai eich bod yn fyfyriwr, mae am ddim.",
        "Fodd bynnag, rhaid talu.",
    ],
)
@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_exception_that_follows_comes_along(gap: str, exception: str) -> None:
    assert together(f"It is free.{gap}{exception}", "It is free.") == ["It is free.", exception]


def test_exception_after_a_list_comes_along() -> None:
    assert together(f"{CONDITIONS}\n\nHowever, students cannot apply.", "you are 18")[-1] == (
        "However, students cannot apply."
    )


def test_exception_that_leads_in_a_list_brings_the_list() -> None:
    text = "It is free.\n\nHowever, you pay if:\n\n- you are late\n- you lost it"
    assert together(text, "It is free.")[1:] == [
        "However, you pay if:",
        "you are late",
        "you lost it",
    ]


def test_exception_of_another_passage_stays_there() -> None:
    units = units_of([Passage("A", (), "It is free."), Passage("B", (), "However, pay.")])
    assert companions(units, 0, np.zeros(2)) == [0]


@pytest.mark.parametrize(
    "leaning",
    [
        "It is never renewed automatically.",
        "They decide.",
        "You must also pay.",
        "Before then, it was longer.",
        "Mae\u2019n rhad ac am ddim.",
    ],
)
def test_sentence_that_leans_on_the_one_before_brings_it(leaning: str) -> None:
    text = f"The badge lasts 3 years. {leaning}"
    assert together(text, leaning) == ["The badge lasts 3 years.", leaning]


def test_sentence_that_stands_alone_stays_alone() -> None:
    text = "The badge lasts 3 years. Councils decide. Fees differ."
    assert together(text, "Councils decide.") == ["Councils decide."]
