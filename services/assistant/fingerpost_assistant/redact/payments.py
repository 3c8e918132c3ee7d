"""Rules for bank accounts and payment cards, and for long numbers that nothing else explains."""

from __future__ import annotations

from fingerpost_assistant.redact.checksums import iban, luhn
from fingerpost_assistant.redact.rules import Rule, only_if, pattern


def _iban_extent(value: str) -> int:
    """How much of a run of groups is an IBAN: words after it look like groups, too."""
    while value and not iban(value):
        value = value.rpartition(" ")[0]
    return len(value)


PAYMENT_RULES = (
    Rule(
        "iban",
        "an international bank account number whose check digits are right",
        pattern(
            r"(?<!\w) [A-Z]{2}[0-9]{2} (?: [ -]? [0-9A-Z]{4} ){2,7} (?: [ -]? [0-9A-Z]{1,3} )? (?!\w)"
        ),
        _iban_extent,
    ),
    Rule(
        "iban",
        "a bank account number named as IBAN",
        pattern(r"\b IBAN \W{1,3} (?:is\ )? (?P<value> [A-Z]{2}[0-9]{2}[0-9A-Z]{11,30} ) (?!\w)"),
    ),
    Rule(
        "card",
        "13 to 19 digits whose check digit is right",
        pattern(r"(?<![\w£$€.,-]) [1-6] (?: [ -]?[0-9] ){12,18} (?![\w]|-[0-9])"),
        only_if(luhn),
    ),
    Rule(
        "card",
        "digits named as a card's",
        pattern(
            r"""\b (?:credit|debit|bank|payment)?\ ?card (?:\ (?:number|no\.?))? (?:\ (?:is|was))? \W{1,2}
            (?P<value> [0-9] (?: [ -]?[0-9] ){11,18} ) (?!\w)"""
        ),
    ),
    Rule(
        "bank_account",
        "a sort code followed by an account number",
        pattern(r"(?<![\w/-]) [0-9]{2}[- ][0-9]{2}[- ][0-9]{2} [ ,/]{1,3} [0-9]{8} (?!\w)"),
    ),
    Rule(
        "bank_account",
        "digits named as a sort code or an account number",
        pattern(
            r"""\b (?:sort\ code|account|acc(?:oun)?t|cod\ didoli|rhif\ (?:y\ )?cyfrif) (?:\ (?:number|no\.?))?
            (?:\ (?:is|was|yw))? \W{1,2} (?P<value> [0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2} (?:[0-9]{1,4})? ) (?!\w)"""
        ),
    ),
    Rule(
        "reference",
        "eight or more digits in a row that are no amount",
        pattern(r"(?<![\w£$€.,-]) [0-9]{8,20} (?![\w%]|[.,][0-9])"),
    ),
)
