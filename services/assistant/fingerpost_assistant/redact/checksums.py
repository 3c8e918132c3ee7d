"""Check digits that tell a real number from one that only looks like it."""

from __future__ import annotations

import re

_NO_DIGIT = re.compile(r"\D")
_NO_LETTER_OR_DIGIT = re.compile(r"[^0-9A-Z]")


def digits_of(text: str) -> str:
    """Return the digits of a text."""
    return _NO_DIGIT.sub("", text)


def luhn(number: str) -> bool:
    """Whether a payment card number is valid (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in digits_of(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def nhs_number(number: str) -> bool:
    """Whether ten digits are an NHS number (NHS Data Dictionary: modulus 11)."""
    digits = [int(digit) for digit in digits_of(number)]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    weighted = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighted % 11) % 11 == digits[9]


def iban(number: str) -> bool:
    """Whether an IBAN's check digits are right (ISO 13616: modulus 97)."""
    letters = _NO_LETTER_OR_DIGIT.sub("", number.upper())
    if not 15 <= len(letters) <= 34:
        return False
    moved = letters[4:] + letters[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
