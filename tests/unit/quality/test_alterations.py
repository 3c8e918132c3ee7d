"""An altered sentence is false to its passages, in the one way its kind says."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.quality.alterations import Exchange, alterations, foreign_sentences
from tests.quality.altering.references import reference_exchanges
from tests.quality.altering.spans import replaced

RENT = "You must reply within 28 days of the letter, by 6 April 2024, and pay £94.25."
PASSAGES = ("Reply within 28 days. The last day is 6 April 2024. The fee is £94.25.",)


def altered(sentence: str, *sources: str, kind: str = "", seeds: int = 12) -> set[str]:
    """All that is made of a sentence under some seeds."""
    return {
        one.text
        for seed in range(seeds)
        for one in alterations(sentence, sources or (sentence,), random.Random(seed))
        if kind in ("", one.kind)
    }


def test_every_kind_is_made_of_a_sentence_that_has_room_for_it() -> None:
    sentence = "You must pay HMRC £50 within 28 days of 6 April 2024."
    made = alterations(sentence, [sentence], random.Random(1))
    assert {one.kind for one in made} == {"number", "date", "negation", "swap", "contact"}
    assert all(one.text != sentence for one in made)


def test_the_same_seed_gives_the_same_and_another_seed_others() -> None:
    first, again, other = (alterations(RENT, PASSAGES, random.Random(seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_no_more_than_three_of_a_kind() -> None:
    made = alterations(RENT, PASSAGES, random.Random(1))
    assert all(sum(one.kind == kind for one in made) <= 3 for kind in {one.kind for one in made})


def test_a_changed_number_stands_nowhere_in_the_passages() -> None:
    known = "It takes 21 days, 3 weeks, two weeks, 30 days, 28 weeks, 42 days or 45 days."
    made = altered("You have 28 days to reply.", "You have 28 days to reply.", known, kind="number")
    assert made
    assert not any(re.search(r"\b(?:21|14|30|42|45) days|28 weeks", text) for text in made)


def test_a_changed_number_is_no_other_spelling_of_one_in_the_passages() -> None:
    passages = ("two, three, five, six, seven and a year", "You can have four visits in 24 months.")
    assert not altered("You can have four visits.", *passages, kind="number")
    assert not any(
        "12 months" in text or "2 years" in text
        for text in altered("You can stay for 18 months.", *passages, kind="number", seeds=60)
    )


@pytest.mark.parametrize(
    ("sentence", "pattern"),
    [
        ("The fire destroyed more than 300 homes.", r"more than (\d+)"),
        ("It destroyed over 80 farms.", r"over (\d+)"),
    ],
)
def test_a_lower_bound_is_only_raised(sentence: str, pattern: str) -> None:
    old = int(re.findall(r"\d+", sentence)[0])
    made = altered(sentence, kind="number")
    assert made
    assert all(int(re.findall(pattern, text)[0]) > old for text in made)


@pytest.mark.parametrize(
    "sentence",
    [
        "Fill in form V5C.",
        "Call 0300 123 4567.",
        "See https://www.gov.uk/form-1040.",
        "Read section 3 first.",
    ],
)
def test_codes_and_addresses_are_not_numbers(sentence: str) -> None:
    assert not altered(sentence, kind="number")


def test_a_changed_date_is_not_one_of_the_passages_in_any_order_of_words() -> None:
    others = " ".join(f"April {day}," for day in range(1, 31))
    made = altered("Send it by 6 April 2024.", "Send it by 6 April 2024.", others, kind="date")
    assert made
    assert all("April" not in text or "2024" not in text for text in made)


def test_the_year_of_a_date_is_changed_too_but_not_to_one_in_the_passages() -> None:
    made = altered(
        "It began on 1 May 2014.", "1 May 2014; 2013/15 and 2016.", kind="date", seeds=40
    )
    years = {int(year) for text in made for year in re.findall(r"\d{4}", text)}
    assert len(years) > 1
    assert not years & {2013, 2015, 2016}


def test_a_day_of_the_week_within_the_opening_days_is_not_put_in() -> None:
    made = altered("We open on Tuesdays.", "We are open Monday to Friday.", kind="date")
    assert {text.split()[-1] for text in made} <= {"Saturdays.", "Sundays."}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("You can claim both benefits.", "You cannot claim both benefits."),
        ("You cannot claim both benefits.", "You can claim both benefits."),
        ("You must tell the council.", "You do not have to tell the council."),
        ("You do not have to tell the council.", "You must tell the council."),
        (
            "Your employer must tell the council.",
            "Your employer does not have to tell the council.",
        ),
        ("The council does not charge a fee.", "The council charges a fee."),
        ("You must be at least 18.", "You must be no more than 18."),
        ("Send the form before you travel.", "Send the form after you travel."),
        ("You can get it if you are 66.", "You can get it unless you are 66."),
        ("Apply online or by post.", "Apply online but not by post."),
        ("Yes, you can apply again.", "No, you cannot apply again."),
        ("The grant is usually paid monthly.", "The grant is never paid monthly."),
        ("The payment is tax-free.", "The payment is taxable."),
    ],
)
def test_polarity_is_turned_in_good_english(sentence: str, wanted: str) -> None:
    assert wanted in altered(sentence, kind="negation", seeds=30)


@pytest.mark.parametrize(
    "sentence",
    [
        "Some people can claim a refund.",
        "It may be cold there.",
        "You can call or you can write, but not on Sundays.",
        "I am sorry, you can try again.",
        "You can get help with:",
    ],
)
def test_what_could_stay_true_is_not_turned(sentence: str) -> None:
    assert not altered(sentence, kind="negation")


def test_a_turn_that_the_passages_say_too_is_left_out() -> None:
    passages = ("You can apply.", "You cannot apply twice. In short: cannot apply.")
    assert "You cannot apply." not in altered("You can apply.", *passages, kind="negation")


def test_names_are_swapped_within_their_kind_and_not_for_one_in_the_passages() -> None:
    sentence = "You can get Housing Benefit in Scotland."
    made = altered(sentence, sentence, "Child Benefit, England and Wales", kind="swap", seeds=60)
    assert "You can get Housing Benefit in Northern Ireland." in made
    assert "You can get Universal Credit in Scotland." in made
    assert not any("Child Benefit" in text or "England" in text for text in made)


def test_a_nation_is_not_swapped_where_the_passages_speak_of_the_whole() -> None:
    assert not altered("It is open in Wales.", "It is open in the UK.", kind="swap")


def test_a_name_and_its_short_form_go_together() -> None:
    made = altered("Ask the Social Security Administration (SSA) first.", kind="swap", seeds=40)
    assert made
    assert not any("SSA" in text for text in made)


@pytest.mark.parametrize(
    ("sentence", "old", "new", "wanted"),
    [
        ("A 7-day limit.", "7", "8", "An 8-day limit."),
        ("Ask a DMV clerk.", "DMV", "SSA", "Ask an SSA clerk."),
        ("Ask an IRS clerk.", "IRS", "NASA", "Ask a NASA clerk."),
        ("It has an hour limit.", "hour", "week", "It has a week limit."),
        ("It pays an £8 fee.", "£8", "£7", "It pays a £7 fee."),
        ("He saw 3 of them.", "3", "8", "He saw 8 of them."),
    ],
)
def test_the_article_fits_the_new_word(sentence: str, old: str, new: str, wanted: str) -> None:
    start = sentence.index(old)
    assert replaced(sentence, (start, start + len(old)), new) == wanted


def test_a_contact_is_replaced_or_put_in_and_is_not_of_the_passages() -> None:
    made = altered("Call 0300 123 4567 to apply.", "Call 0300 123 4567.", kind="contact")
    assert made
    assert not any("0300 123 4567" in text for text in made)
    added = altered("Apply to the council.", kind="contact")
    assert all(re.search(r"\d{3}|@|www\.", text) for text in added)
    assert any("£" not in text and "gov" in text for text in added)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "   ",
        "\n\n",
        "?",
        "Can you claim?",
        "a" * 5000,
        "28 " * 2000,
        "\x00\ufffd",
        "((((",
        "[" * 900,
    ],
)
def test_what_is_no_sentence_is_left_alone(sentence: str) -> None:
    assert alterations(sentence, ["You can claim."], random.Random(1)) == []


def test_hostile_text_and_absent_passages_do_no_harm() -> None:
    for sentence in (
        "\\1 \\g<0> {phone} {0} can £ % must.",
        "You can (((( pay £1,2,3.4.5 on 99/99/9999.",
    ):
        assert all(one.text for one in alterations(sentence, [], random.Random(1)))
    assert alterations("You can claim £50.", ["(" * 3000, "", "\\"], random.Random(1))


PARKING = Exchange(
    "parking", ("A resident permit for parking costs forty pounds every year.",), ("Permits: £40.",)
)
FINES = Exchange(
    "parking", ("An unpaid fine doubles after the second reminder letter.",), ("Fines double.",)
)
LIBRARY = Exchange(
    "library", ("Library members borrow up to twelve books for three weeks.",), ("Borrow books.",)
)


def test_foreign_sentences_come_from_elsewhere_with_these_passages() -> None:
    found = foreign_sentences([PARKING, FINES, LIBRARY], random.Random(1))
    of_parking = {one.kind: one.text for one in found if one.sources == PARKING.sources}
    assert of_parking["same_topic"] == FINES.sentences[0]
    assert of_parking["other_conversation"] == LIBRARY.sentences[0]
    assert not any(one.kind == "same_topic" for one in found if one.sources == LIBRARY.sources)


def test_a_sentence_that_these_passages_hold_as_well_is_not_foreign() -> None:
    twin = Exchange("twin", ("Nothing here.",), ("Fees. " + PARKING.sentences[0],))
    found = foreign_sentences([PARKING, twin], random.Random(1))
    assert not any(one.sources == twin.sources for one in found)


def test_foreign_sentences_are_the_same_under_a_seed() -> None:
    exchanges = [PARKING, FINES, LIBRARY]
    assert foreign_sentences(exchanges, random.Random(2)) == foreign_sentences(
        exchanges, random.Random(2)
    )


@pytest.mark.data
def test_over_people_s_answers_every_kind_is_made_and_none_stands_in_the_passages(
    test_data: Path,
) -> None:
    rng, counts = random.Random(1), Counter[str]()
    figures = re.compile(r"\d[\d,]*(?:\.\d+)?")
    for exchange in reference_exchanges(test_data)[::6]:
        passages = " ".join(exchange.sources)
        for sentence in exchange.sentences:
            for one in alterations(sentence, exchange.sources, rng):
                counts[one.kind] += 1
                assert one.text not in passages
                new = set(figures.findall(one.text)) - set(figures.findall(sentence))
                if one.kind == "number":
                    assert not new & set(figures.findall(passages))
    assert min(counts[kind] for kind in ("number", "date", "negation", "swap", "contact")) >= 5
