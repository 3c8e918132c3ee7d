"""The nation that a question is about, where the question names one."""

from __future__ import annotations

import re

_NO_NAME = r"(?<!bank of )(?<!church of )(?<!new )"
"""The Bank and the Church of England and New England say nothing of where the asker lives."""

_NAMES = {
    "england": rf"{_NO_NAME}england|lloegr|(?<!welsh or )english (?:rules|law|council|resident)",
    "scotland": r"scotland|scottish|yr alban|(?:edinburgh|glasgow|aberdeen|dundee|inverness)",
    "wales": r"(?<!prince of )(?<!princess of )wales|welsh (?:government|council|rules)"
    r"|(?:g|ngh|ch)?ymru|cymru|cardiff|swansea|(?:g|ng)?aerdydd|caerdydd|abertawe",
    "northern-ireland": r"northern ireland|n\.? ?ireland|gogledd iwerddon|ngogledd iwerddon|belfast",
}
_PATTERNS = {
    nation: re.compile(rf"(?<!new south )\b(?:{names})\b", re.IGNORECASE)
    for nation, names in _NAMES.items()
}


def named_nation(text: str) -> str | None:
    """Return the one nation that a text names; None if it names none, or more than one."""
    named = [nation for nation, pattern in _PATTERNS.items() if pattern.search(text)]
    return named[0] if len(named) == 1 else None
