"""What a triage rule is: a pattern with a name, a reason and the fixed text that it calls for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import NamedTuple

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.texts import Text

_CLAUSE_END = re.compile(r"[.?!,;\n]|\b(?:because|but)\b", re.IGNORECASE)


class TriageRule(NamedTuple):
    """One thing that people write, and what they are told then.

    Patterns follow the same discipline as those of `redact`: bounded repetitions, so that the
    time grows with the length of the question and nothing else.
    """

    name: str
    """Recorded in the turn's trace ("suicide.intent")."""
    why: str
    """What it catches, or what it must not catch."""
    outcome: Outcome
    text: Text
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    """Where this is found as well, anywhere in the question, the rule does not hold."""
    unless_beside: re.Pattern[str] | None = None
    """A match with this in its own clause does not count. Elsewhere in the question it changes
    nothing: `I have left him twice` takes nothing from `he hits me`."""
    stops: bool = True
    """Whether the fixed text is the whole answer; otherwise guidance follows it."""

    def holds(self, question: str) -> bool:
        """Whether the rule applies to a question."""
        if self.unless is not None and self.unless.search(question):
            return False
        if self.unless_beside is None:
            return self.pattern.search(question) is not None
        excuse = cache(self.unless_beside.search)  # One search for all matches of a long clause.
        ends = [0, *(end.end() for end in _CLAUSE_END.finditer(question)), len(question)]
        return any(
            not excuse(_clauses_of(match, ends)) for match in self.pattern.finditer(question)
        )


def _clauses_of(match: re.Match[str], ends: list[int]) -> str:
    """The clauses that a match stands in.

    Args:
        ends: where clauses end, in order, from the question's beginning to its own end.
    """
    begin = ends[bisect_right(ends, match.start()) - 1]
    return match.string[begin : ends[bisect_left(ends, match.end())]]


def pattern(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives, any of which counts, in small or capital letters."""
    return re.compile("|".join(f"(?:{each})" for each in alternatives), re.IGNORECASE)
