"""Finds personal data in texts and puts placeholders in its place, the same for the same data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from fingerpost_assistant.redact.contacts import CONTACT_RULES
from fingerpost_assistant.redact.identity import IDENTITY_RULES
from fingerpost_assistant.redact.payments import PAYMENT_RULES
from fingerpost_assistant.redact.people import PEOPLE_RULES
from fingerpost_assistant.redact.rules import Needs, Rule, Span

RULES: tuple[Rule, ...] = (
    *(rule for rule in CONTACT_RULES if rule.kind == "email"),
    *(rule for rule in PAYMENT_RULES if rule.kind != "reference"),
    *IDENTITY_RULES,
    *(rule for rule in CONTACT_RULES if rule.kind != "email"),
    *PEOPLE_RULES,
    *(rule for rule in PAYMENT_RULES if rule.kind == "reference"),
)
"""In order of certainty: where two rules claim the same characters, the earlier one names them."""

PLACEHOLDER = re.compile(r"\[([A-Z][A-Z-]{1,20})-([0-9]{1,6})\]")
"""Its two groups: the kind of data and the number."""

_HIGHEST_NUMBER = 9_999
"""Placeholders with higher numbers are the asker's own invention; to go on from them would make
numbers that the pattern does not know."""


_ROUNDS = 8
"""Most times that one text is searched; two do but for texts that are made up to need more."""


class Redaction(msgspec.Struct, frozen=True):
    """Texts without personal data, and how to get it back."""

    texts: tuple[str, ...]
    """In the order in which they were given."""
    placeholders: dict[str, str]
    """Placeholder to the personal data it stands for."""
    kinds: tuple[tuple[str, ...], ...]
    """For each text the kinds of personal data that were in it, sorted."""


class Redactor:
    """Replaces personal data in the texts of one turn by numbered placeholders.

    ```pycon
    >>> Redactor().redact(["Write to jo@example.org or call 07700 900123"])
    Redaction(texts=('Write to [EMAIL-1] or call [PHONE-1]',), ...)
    ```
    """

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = tuple(rules)

    def redact(self, texts: Sequence[str]) -> Redaction:
        """Replace personal data in all texts; equal data get equal placeholders.

        Numbers continue after those of placeholders that already stand in a text, so that an
        earlier turn's `[EMAIL-1]` is never taken for this one's.
        """
        names = _Names(_highest_numbers(texts))
        results = [self._redacted(text, names) for text in texts]
        return Redaction(
            tuple(text for text, _ in results),
            {placeholder: value for (_, value), placeholder in names.given.items()},
            tuple(tuple(sorted(kinds)) for _, kinds in results),
        )

    def _redacted(self, text: str, names: _Names) -> tuple[str, set[str]]:
        """Redact until nothing is found: what a rule leaves over may be what another looks for."""
        kinds: set[str] = set()
        for _ in range(_ROUNDS):
            spans = find_personal_data(text, self._rules)
            if not spans:
                break
            parts: list[str] = []
            end = 0
            for span in spans:
                parts += (text[end : span.start], names.of(span.kind, text[span.start : span.end]))
                end = span.end
            text = "".join((*parts, text[end:]))
            kinds |= {span.kind for span in spans}
        return text, kinds


class _Names:
    """Gives each piece of personal data its placeholder, the same for the same data."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self.given: dict[tuple[str, str], str] = {}

    def of(self, kind: str, value: str) -> str:
        if (kind, value) not in self.given:
            self._numbers[kind] = self._numbers.get(kind, 0) + 1
            self.given[kind, value] = f"[{_label(kind)}-{self._numbers[kind]}]"
        return self.given[kind, value]


def find_personal_data(text: str, rules: Iterable[Rule] = RULES) -> list[Span]:
    """Return what the rules find, from left to right, without overlaps."""
    taken: list[Span] = []
    claimed = bytearray(len(text))
    for match in PLACEHOLDER.finditer(text):
        claimed[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    present = {needed: needed.in_(text) for needed in Needs}
    for rule in rules:
        if not present[rule.needs]:
            continue
        for span in rule.find(text):
            if not any(claimed[span.start : span.end]):
                claimed[span.start : span.end] = b"\x01" * (span.end - span.start)
                taken.append(span)
    return sorted(taken)


def restore(text: str, placeholders: Mapping[str, str]) -> str:
    """Put the personal data back: for the asker's own eyes only."""
    return PLACEHOLDER.sub(lambda match: placeholders.get(match[0], match[0]), text)


def without_placeholders(text: str) -> str:
    """Return a redacted text without its placeholders: what to search for."""
    return " ".join(PLACEHOLDER.sub(" ", text).split())


def _label(kind: str) -> str:
    return kind.upper().replace("_", "-")


def _highest_numbers(texts: Iterable[str]) -> dict[str, int]:
    """The highest number of each kind among placeholders that already stand in the texts."""
    numbers: dict[str, int] = {}
    for text in texts:
        for label, number in PLACEHOLDER.findall(text):
            if int(number) <= _HIGHEST_NUMBER:
                kind = label.lower().replace("-", "_")
                numbers[kind] = max(numbers.get(kind, 0), int(number))
    return numbers
