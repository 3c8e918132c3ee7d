"""Step 6: answer, ask back, or say that there is no guidance."""

from fingerpost_assistant.decide.decider import Action, Decider, Decision
from fingerpost_assistant.decide.thresholds import (
    MINILM,
    WORDS_ALONE,
    Thresholds,
    thresholds_for,
)

__all__ = [
    "MINILM",
    "WORDS_ALONE",
    "Action",
    "Decider",
    "Decision",
    "Thresholds",
    "thresholds_for",
]
