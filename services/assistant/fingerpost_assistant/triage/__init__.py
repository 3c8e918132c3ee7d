"""Step 3: what needs a person's words rather than an answer from guidance, by rules."""

from fingerpost_assistant.triage.attack import ATTACK_RULES
from fingerpost_assistant.triage.crisis import CRISIS_RULES
from fingerpost_assistant.triage.rules import TriageRule
from fingerpost_assistant.triage.smalltalk import SMALLTALK_RULES
from fingerpost_assistant.triage.triage import RULES, RuleTriage, Verdict

__all__ = [
    "ATTACK_RULES",
    "CRISIS_RULES",
    "RULES",
    "SMALLTALK_RULES",
    "RuleTriage",
    "TriageRule",
    "Verdict",
]
