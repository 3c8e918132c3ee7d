"""Step 1: personal data becomes reversible placeholders before anything is stored or sent."""

from fingerpost_assistant.redact.clean import clean_text
from fingerpost_assistant.redact.redactor import (
    PLACEHOLDER,
    RULES,
    Redaction,
    Redactor,
    find_personal_data,
    restore,
    without_placeholders,
)
from fingerpost_assistant.redact.restoring import Restorer
from fingerpost_assistant.redact.rules import Rule, Span

__all__ = [
    "PLACEHOLDER",
    "RULES",
    "Redaction",
    "Redactor",
    "Restorer",
    "Rule",
    "Span",
    "clean_text",
    "find_personal_data",
    "restore",
    "without_placeholders",
]
