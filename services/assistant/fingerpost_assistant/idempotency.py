"""Whether a question that came twice under one idempotency key is the same question."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r"\[([A-Z][A-Z-]*)-[0-9]+\]")


def same_question(one: str, other: str) -> bool:
    """Compare two redacted questions, whatever the numbers of their placeholders.

    The numbers go on from the conversation's earlier ones, so that a question that is sent
    again is redacted to other numbers than the first time.
    """
    return _NUMBERED.sub(r"[\1]", one) == _NUMBERED.sub(r"[\1]", other)
