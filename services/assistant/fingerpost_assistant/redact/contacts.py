"""Rules for where somebody can be reached: email, phone, postcode, address, IP address."""

from __future__ import annotations

import ipaddress

from fingerpost_assistant.redact.checksums import digits_of
from fingerpost_assistant.redact.rules import Needs, Rule, only_if, pattern

_AREAS = (
    "AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "EC EH EN EX FK FY GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL "
    "LN LS LU ME MK ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN "
    "SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE B E G L M N S W"
).replace(" ", "|")
"""Postcode areas of the United Kingdom and the Crown dependencies (Royal Mail)."""

_POSTCODE = rf"""
    (?: GIR \ ? 0AA | (?:{_AREAS}) (?: [0-9]{{1,2}} | [0-9][A-HJKMNPR-Y] )
        \ {{0,2}} (?! [0-9](?:st|nd|rd|th)\b ) [0-9][ABD-HJLNP-UW-Z]{{2}} )
"""
"""A whole postcode; `2nd` after a place name is none. The outward half alone stays."""

_STREET = (
    "Street St Road Rd Avenue Ave Lane Ln Close Drive Crescent Court Gardens Terrace Place Way "
    "Grove Square Hill Mews Parade Row View Walk Rise Green Park Heol Ffordd Stryd"
).replace(" ", "|")

_BUILDING = r"(?: (?:flat|apartment|apt|unit|room) \.? \s [0-9]{1,4}[a-z]? ,? \s{1,2} )?"
_TO_POSTCODE = rf"(?: (?: ,? \s [A-Z][\w'.-]{{1,20}} ){{0,5}} ,? \s{{1,2}} {_POSTCODE} )?"


def _phone_extent(value: str) -> int:
    """How much of a run of digits is somebody's telephone number.

    Numbers that start with 03 and 08 are kept: only organisations have them (Ofcom, National
    Telephone Numbering Plan), and a question may name a helpline.
    """
    digits = digits_of(value)
    if value.startswith("+") or digits.startswith("00"):
        international = digits.removeprefix("00")
        national = international.removeprefix("44").removeprefix("0")
        if not international.startswith("44"):
            return len(value) if 8 <= len(international) <= 15 else 0
        prefix = len(digits) - len(national)
    else:
        national, prefix = digits.removeprefix("0"), 1
    if national[:1] in {"3", "8"} or len(national) < 9:
        return 0
    return _up_to_digit(value, prefix + min(len(national), 10))


def _up_to_digit(value: str, count: int) -> int:
    """Length of the part of `value` that ends with its digit number `count`."""
    seen = 0
    for place, character in enumerate(value, start=1):
        seen += character.isdigit()
        if seen == count:
            return place
    return len(value)


def _personal_phone(value: str) -> bool:
    return not digits_of(value).removeprefix("44").startswith(("03", "08", "3", "8", "1"))


def _ip_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return any(character.isdigit() for character in value)


CONTACT_RULES = (
    Rule(
        "email",
        "something@domain.ending",
        pattern(r"(?<![\w.+%-]) [\w.+%'-]{1,64} @ (?:[\w-]{1,63}\.){1,8} [\w-]{2,63} (?!\w)"),
        needs=Needs.AT,
    ),
    Rule(
        "address",
        "number and street in capitals, up to the postcode",
        pattern(
            rf"""(?<![\w£$€.,/-]) {_BUILDING.replace("flat", "[Ff]lat").replace("unit", "[Uu]nit")}
            [0-9]{{1,4}}[A-Za-z]? ,? \ (?: [A-Z][\w'.-]{{1,20}} \  ){{1,3}}
            (?:{_STREET}) \b {_TO_POSTCODE}""",
            ignore_case=False,
        ),
    ),
    Rule(
        "address",
        "number and street after `live at` or `address is`",
        pattern(
            rf"""\b (?: liv(?:e|es|ed|ing)\ at | address\ (?:is|was) | moved\ to | resid(?:e|es|ing)\ at
                | byw\ yn | cyfeiriad\ yw ) :? \s
            (?P<value> {_BUILDING} [0-9]{{1,4}}[a-z]? ,? \s (?:[a-z'.-]{{2,20}} \s ){{1,3}}
            (?:{_STREET}) \b {_TO_POSTCODE} )"""
        ),
    ),
    Rule("postcode", "a whole postcode", pattern(rf"(?<!\w) {_POSTCODE} (?!\w)")),
    Rule(
        "ip_address",
        "an IPv4 address",
        pattern(r"(?<![\w.]) (?:[0-9]{1,3}\.){3}[0-9]{1,3} (?![\w]|\.[0-9])"),
        only_if(_ip_address),
    ),
    Rule(
        "ip_address",
        "an IPv6 address",
        pattern(
            r"(?<![\w:.]) (?=[0-9a-f:.]{0,40}:[0-9a-f:.]{0,40}:) [0-9a-f:]{2,39}(?:(?:\.[0-9]{1,3}){3})? (?![\w:]|\.[0-9])"
        ),
        only_if(_ip_address),
    ),
    Rule(
        "phone",
        "a UK or international number",
        pattern(
            r"(?<![\w+£$€.,/]) (?: \+ | \(?0 ) (?: [0-9] [ ().\-/]{0,2} ){8,14} [0-9] (?:x[0-9]{2,5})? (?!\w)"
        ),
        _phone_extent,
    ),
    Rule(
        "phone",
        "digits after `my mobile is`, `call me on` …",
        pattern(
            r"""\b (?: (?:my|his|her|their) \  (?:\w{1,10}\ )? (?:phone|mobile|tel|telephone|landline|number)
                | (?:phone|mobile|tel|telephone|desk|fax) (?=\ ?:)
                | (?:call|ring|phone|text|contact|reach) \  (?:me|us|him|her|them) \  (?:on|at) | fy\ rhif\ ffôn )
            (?:\ (?:number|no\.?))? (?:\ (?:is|was|yw))? \ ?:? [\ \n]
            (?P<value> [+(]?[0-9] (?:[ ().\-/]{0,2}[0-9]){5,15} ) (?!\w)"""
        ),
        only_if(_personal_phone),
    ),
    Rule(
        "phone",
        "three, three and four digits",
        pattern(
            r"(?<![\w£$€.,/-]) \(?[2-9][0-9]{2}\)? [ .-]? [0-9]{3} [ .-] [0-9]{4} (?:x[0-9]{2,5})? (?![\w/]|-[0-9])"
        ),
    ),
)
