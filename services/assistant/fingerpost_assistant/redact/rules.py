"""What a redaction rule is: a pattern of one kind of personal data, and what makes it certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text that is personal data of one kind."""

    start: int
    end: int
    kind: str


class Needs(Enum):
    """What stands in every text that a rule finds something in; to look for it costs nothing."""

    DIGIT = re.compile("[0-9]")
    AT = re.compile("@")
    NOTHING = re.compile("")

    def in_(self, text: str) -> bool:
        """Whether a text has it."""
        return self.value.search(text) is not None


class Rule(NamedTuple):
    """One way to recognise one kind of personal data.

    Patterns have bounded repetitions and start only at the edge of a word, so that the time to
    search a text grows with its length and nothing else.
    """

    kind: str
    """What is found, as the asker is told: "email", "phone" …"""
    name: str
    """What the rule looks for, in words."""
    pattern: re.Pattern[str]
    """The group `value` is the personal part; without such a group it is the whole match."""
    extent: Callable[[str], int] = len
    """How many of the value's first characters are personal data; 0 for none of them."""
    needs: Needs = Needs.DIGIT

    def find(self, text: str) -> Iterator[Span]:
        """Yield what the rule finds, from left to right."""
        group: str | int = "value" if "value" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            if length := self.extent(match[group]):
                start = match.start(group)
                yield Span(start, start + length, self.kind)


def only_if(valid: Callable[[str], bool]) -> Callable[[str], int]:
    """Return an extent that takes the whole value where `valid` holds, and nothing elsewhere."""
    return lambda value: len(value) if valid(value) else 0


def pattern(expression: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    """Compile an expression in verbose form: white space in it is layout."""
    return re.compile(expression, re.VERBOSE | (re.IGNORECASE if ignore_case else re.NOFLAG))
