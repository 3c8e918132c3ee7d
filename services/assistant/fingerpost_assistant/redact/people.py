"""Rules for names where they are introduced, and for dates that are said to be of birth."""

from __future__ import annotations

import re

from fingerpost_assistant.redact.rules import Needs, Rule, pattern
from fingerpost_assistant.redact.words import read_words

_WORD = re.compile(r"[^\W\d_][\w'-]*\.?")

_GIVEN_NAMES = read_words("given_names")
_NO_NAMES = read_words("no_names")

_ALSO_WORDS = read_words("also_words")


def _names(value: str, *, least: int, small: bool) -> int:
    """How many characters at the start of `value` are a name.

    Args:
        least: how many words make a name; one is enough where it is a common given name.
        small: whether words in small letters count.
    """
    end = words = 0
    known = False
    for match in _WORD.finditer(value):
        word = match[0].rstrip(".").removesuffix("'s")
        between = value[end : match.start()]
        if between.strip(" ") or word.lower() in _NO_NAMES or not (small or word[0].isupper()):
            break
        small_word = word[0].islower() and word in _ALSO_WORDS
        known = known or (word.lower() in _GIVEN_NAMES and not small_word)
        end = match.end() if len(word) == 1 else match.start() + len(word)
        words += 1
    return end if words >= least or (words and known) else 0


def _introduced(value: str) -> int:
    """After `my name is`: capitals as far as they go, else one or two words in small letters."""
    if capitals := _names(value, least=1, small=False):
        return capitals
    first_two = re.match(r"\S+(?: \S+)?", value)
    return _names(first_two[0], least=1, small=True) if first_two else 0


def _said_to_be(value: str) -> int:
    """After `I am` or `call me`: two words in capitals, or a common given name, with its surname if in capitals."""
    if length := _names(value, least=2, small=False):
        return length
    first = _WORD.match(value)
    return _names(first[0], least=2, small=True) if first else 0


def _person(value: str) -> int:
    """After `Mr` or `my wife`: capitals as far as they go."""
    return _names(value, least=1, small=False)


_UP_TO_FOUR_WORDS = r"(?P<value> [^\W\d_][\w'.-]{0,30} (?:\ {1,2}[^\W\d_][\w'.-]{0,30}){0,3} )"

_MONTH = (
    "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)? "
    "oct(?:ober)? nov(?:ember)? dec(?:ember)? ionawr chwefror mawrth ebrill mai mehefin gorffennaf "
    "awst medi hydref tachwedd rhagfyr"
).replace(" ", "|")

_DATE = rf"""(?: [0-9]{{1,2}} [/.\ -] [0-9]{{1,2}} [/.\ -] (?:[0-9]{{4}}|[0-9]{{2}})
    | [0-9]{{4}} [/.-] [0-9]{{1,2}} [/.-] [0-9]{{1,2}}
    | [0-9]{{1,2}} (?:st|nd|rd|th|af|ain|eg|fed)? \ (?:of\ |o\ )? (?:{_MONTH}) ,? (?:\ [0-9]{{2,4}})?
    | (?:{_MONTH}) \ [0-9]{{1,2}} (?:st|nd|rd|th)? ,? (?:\ [0-9]{{2,4}})? ) (?!\w)"""

_BIRTH = r"(?:date\ of\ birth|d\.?o\.?b\.?|birth\ ?da(?:te|y)|dyddiad\ geni|pen-?blwydd)"

PEOPLE_RULES = (
    Rule(
        "date_of_birth",
        "a date after `born` or `date of birth`; boundaries (`born before …`) stay",
        pattern(
            rf"""\b (?:{_BIRTH}|born|ganed|ganwyd|geni) (?! \ (?:on\ )?(?:or\ )?(?:before|after|between|since))
            (?: \W{{1,3}} (?:is|was|on|the|in|as|yw|ar|fi|i|oedd) (?!\w) ){{0,3}} \W{{1,3}}
            (?P<value> {_DATE}) (?! \ (?:or|and)\ )"""
        ),
    ),
    Rule(
        "date_of_birth",
        "a date before `is my date of birth`",
        pattern(
            rf"(?P<value> (?<![\w/.-]) {_DATE}) \ (?:is|was|as|yw) \ (?:my|his|her|their|fy) \ {_BIRTH}"
        ),
    ),
    Rule(
        "name",
        "after `my name is`",
        pattern(
            rf"""\b (?: (?:my|his|her|their) \ (?:\w{{2,8}}\ )? name (?:\ is|'s|:)
                | (?:i\ am|i'm|is|are) \ (?:called|named)
                | (?:fy|ei)\ (?:enw\ i|enw\ (?:e|o|hi))\ (?:yw|ydy) | fy\ enw\ (?:yw|ydy) )
            :? \ {_UP_TO_FOUR_WORDS}"""
        ),
        _introduced,
        Needs.NOTHING,
    ),
    Rule(
        "name",
        "after `Name:` or at the end of a letter",
        pattern(
            rf"""(?: \b (?:full\ |first\ |sur)? (?:name|enw) \ ?: \ ?
                | \b (?:regards|sincerely|faithfully|wishes|yn\ gywir) [,.]? \s{{1,2}} ) {_UP_TO_FOUR_WORDS}"""
        ),
        _person,
        Needs.NOTHING,
    ),
    Rule(
        "name",
        "after `I am`, `this is`, `call me`",
        pattern(
            rf"(?<!\w) (?:i\ am|i'm|im|this\ is|it's|calls?\ me|rwy'n|dw\ i) ,? \ {_UP_TO_FOUR_WORDS}"
        ),
        _said_to_be,
        Needs.NOTHING,
    ),
    Rule(
        "name",
        "after a title",
        pattern(
            rf"(?<!\w) (?:[Mm]rs?|[Mm]s|Miss|Mx|[Dd]r|Prof|Professor|Rev) \.? \ {_UP_TO_FOUR_WORDS}",
            ignore_case=False,
        ),
        _person,
        Needs.NOTHING,
    ),
    Rule(
        "name",
        "after a relation (`my husband`, `my landlord`)",
        pattern(
            rf"""\b my \ (?:\w{{2,10}}[ -])? (?: husband|wife|kid|partner|fianc[eé]e?|boyfriend|girlfriend|ex
                |son|daughter|child|baby|mother|mum|mam|father|dad|brother|sister|uncle|aunt|aunty|cousin
                |nephew|niece|grandson|granddaughter|grandfather|grandmother|nan|landlord|landlady
                |neighbou?r|friend|boss|manager|client|tenant|lodger|carer|doctor|solicitor )
            ,? (?:\ (?:is\ |was\ )?(?:called|named))? \ {_UP_TO_FOUR_WORDS}"""
        ),
        _person,
        Needs.NOTHING,
    ),
)
