"""Ids as they come from outside."""

from __future__ import annotations

from uuid import UUID


def parse_id(text: str, unknown: type[Exception]) -> UUID:
    """The UUID that a text is; whatever is none names nothing that exists.

    Raises:
        unknown: the text is no UUID in its usual form.
    """
    try:
        parsed = UUID(text)
    except ValueError:
        raise unknown from None
    if str(parsed) != text:
        raise unknown
    return parsed
