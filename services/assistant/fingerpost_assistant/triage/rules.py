"""What a triage rule is: a pattern with a name, a reason and the fixed text that it calls for."""

from __future__ import annotations

import re
from typing import NamedTuple

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.texts import Text


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
    """Where this is found as well, the rule does not hold."""
    stops: bool = True
    """Whether the fixed text is the whole answer; otherwise guidance follows it."""

    def holds(self, question: str) -> bool:
        """Whether the rule applies to a question."""
        return bool(self.pattern.search(question)) and not (
            self.unless and self.unless.search(question)
        )


def pattern(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives, any of which counts, in small or capital letters."""
    return re.compile("|".join(f"(?:{each})" for each in alternatives), re.IGNORECASE)
