"""Runs the rules over a question, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.texts import Text
from fingerpost_assistant.triage.attack import ATTACK_RULES
from fingerpost_assistant.triage.crisis import CRISIS_RULES
from fingerpost_assistant.triage.rules import TriageRule
from fingerpost_assistant.triage.smalltalk import SMALLTALK_RULES

RULES = (*CRISIS_RULES, *ATTACK_RULES, *SMALLTALK_RULES)
"""In order of urgency: the first rule that holds decides."""


class Verdict(msgspec.Struct, frozen=True):
    """What triage found."""

    rule: str
    """Name of the rule, for the record."""
    outcome: Outcome
    text: Text
    """The fixed text to show."""
    stops: bool
    """Whether that is all; otherwise an answer from guidance follows it."""


class RuleTriage:
    """Decides by rules alone; a classifier can take its place (see `steps.Triages`)."""

    def __init__(self, rules: Sequence[TriageRule] = RULES) -> None:
        self._rules = tuple(rules)

    def judge(self, question: str) -> Verdict | None:
        """Return what the first rule that holds asks for; None for an ordinary question."""
        for rule in self._rules:
            if rule.holds(question):
                return Verdict(rule.name, rule.outcome, rule.text, rule.stops)
        return None
