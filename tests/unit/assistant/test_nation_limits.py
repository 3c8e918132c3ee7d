"""What a page says at its beginning of the asker's nation."""

from __future__ import annotations

from guidance_doubles import passage

from fingerpost_assistant.nation_limits import stated_limit

PROBATE = passage(
    "Probate is a legal right. The fees here are for England and Wales. "
    "Scotland and Northern Ireland have their own systems."
)
CARERS = passage(
    "This benefit is for carers in England, Wales and Northern Ireland. "
    "Carer Support Payment replaces it in Scotland."
)


def test_rules_for_others_are_told_to_be_theirs() -> None:
    sentence = stated_limit([PROBATE], "scotland")
    assert sentence is not None
    assert sentence.text == "The fees here are for England and Wales."


def test_what_there_is_in_the_asker_s_nation_alone_is_told_first() -> None:
    sentence = stated_limit([CARERS], "scotland")
    assert sentence is not None
    assert sentence.text == "Carer Support Payment replaces it in Scotland."


def test_asker_whom_the_page_is_for_is_told_nothing() -> None:
    assert stated_limit([CARERS], "wales") is None
    assert stated_limit([PROBATE], "england") is None


def test_page_that_names_no_nation_says_nothing() -> None:
    assert stated_limit([passage("You can renew a passport online.")], "scotland") is None
    assert stated_limit([], "scotland") is None
