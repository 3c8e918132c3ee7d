"""Rules for the numbers by which public bodies know a person or a vehicle."""

from __future__ import annotations

from fingerpost_assistant.redact.checksums import nhs_number
from fingerpost_assistant.redact.rules import Rule, only_if, pattern
from fingerpost_assistant.redact.words import read_words

_IS = r"(?:\ (?:number|no\.?|ref(?:erence)?|code|rhif))? (?:\ (?:is|was|yw))? \W{1,3}"
"""What stands between the name of a number and the number."""

_NINO_PREFIX = r"(?!BG|GB|KN|NK|NT|TN|ZZ) [A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
"""HMRC, National Insurance Manual NIM39110."""

_WORDS_LIKE_PLATES = read_words("plate_words")


def _plate(value: str) -> bool:
    """Whether letters and digits are a number plate rather than a form and a word (`CT61 and`)."""
    last = value[-3:]
    return value == value.upper() or (
        value == value.lower() and not (" " in value and last in _WORDS_LIKE_PLATES)
    )


_CAR = r"(?:registration|reg|number\ plate|plate|vehicle|car|van|motorbike|rhif\ cofrestru)"

IDENTITY_RULES = (
    Rule(
        "ni_number",
        "a National Insurance number with its suffix",
        pattern(rf"(?<!\w) {_NINO_PREFIX} (?:[ -]?[0-9]{{2}}){{3}} [ -]?[A-D] (?!\w)"),
    ),
    Rule(
        "ni_number",
        "a National Insurance number named as such, with or without its suffix",
        pattern(
            rf"""\b (?:national\ insurance|NINO|NI|yswiriant\ (?:gwladol|cenedlaethol)) {_IS}
            (?P<value> [A-Z]{{2}} (?:[ -]?[0-9]{{2}}){{3}} (?:[ -]?[A-D])? ) (?!\w)"""
        ),
    ),
    Rule(
        "driving_licence",
        "a driving licence number of Great Britain",
        pattern(
            r"(?<!\w) [A-Z][A-Z9]{4} \ ? [0-9][0156][0-9][0-3][0-9][0-9] \ ?"
            r"[A-Z9]{2} \ ? [0-9][A-Z]{2} (?:\ ?[0-9]{2})? (?!\w)"
        ),
    ),
    Rule(
        "driving_licence",
        "a number named as a driving licence's",
        pattern(rf"\b (?:driving|driver'?s?)\ licence {_IS} (?P<value> [0-9]{{8}}) (?!\w)"),
    ),
    Rule(
        "passport",
        "a number named as a passport's",
        pattern(rf"\b passport {_IS} (?P<value> [0-9]{{9}} | [A-Z]{{1,2}}[0-9]{{6,8}} ) (?!\w)"),
    ),
    Rule(
        "passport",
        "two capital letters and seven digits",
        pattern(r"(?<!\w) [A-Z]{2}[0-9]{7} (?!\w)", ignore_case=False),
    ),
    Rule(
        "utr",
        "ten digits named as a tax reference",
        pattern(
            rf"""\b (?:UTR|unique\ tax(?:payer)?|tax\ reference|cyfeirnod\ unigryw\ y\ trethdalwr) {_IS}
            (?P<value> [0-9]{{5}} \ ? [0-9]{{5}} K? ) (?!\w)"""
        ),
    ),
    Rule(
        "nhs_number",
        "ten digits whose check digit is right",
        pattern(r"(?<![\w£$€.,-]) [0-9]{3} [ -]? [0-9]{3} [ -]? [0-9]{4} (?!\w|-[0-9])"),
        only_if(nhs_number),
    ),
    Rule(
        "vehicle",
        "a number plate since 2001",
        pattern(
            r"(?<!\w) [A-HJ-PR-Y]{2} (?:0[1-9]|[12][0-9]|5[1-9]|[67][0-9]) \ ? [A-HJ-PR-Z]{3} (?!\w)"
        ),
        only_if(_plate),
    ),
    Rule(
        "vehicle",
        "an older number plate without spaces",
        pattern(
            r"""(?<!\w) (?: [A-HJ-NPR-TV-Y][0-9]{1,3}[A-HJ-PR-Y]{3}
                | [A-HJ-PR-Y]{3}[0-9]{1,3}[A-HJ-NPR-TV-Y] ) (?!\w)""",
            ignore_case=False,
        ),
    ),
    Rule(
        "vehicle",
        "an older or Northern Irish number plate named as such",
        pattern(
            rf"""\b {_CAR} {_IS} (?P<value> [A-HJ-NPR-TV-Y][0-9]{{1,3}}\ ?[A-HJ-PR-Y]{{3}}
                | [A-HJ-PR-Y]{{3}}\ ?[0-9]{{1,3}}[A-HJ-NPR-TV-Y] | [A-Z]{{2,3}}\ ?[0-9]{{3,4}} ) (?!\w)"""
        ),
    ),
)
