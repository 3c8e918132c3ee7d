"""Nations of the UK in a text: guidance differs between them, and an answer must not mix them."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Languages ("Welsh", "Saesneg") are no nations. Welsh names stand with their mutations.
_NAMES = {
    "england": r"england|lloegr",
    "scotland": r"scotland|scottish|yr alban",
    "wales": r"wales|[cg]ymru|nghymru|chymru",
    "northern-ireland": r"northern ireland|n?gogledd iwerddon|ogledd iwerddon",
}
_NATIONS = {
    nation: re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for nation, names in _NAMES.items()
}
_GREAT_BRITAIN = re.compile(r"\b(?:great britain|(?:p|b|mh|ph)rydain fawr)\b", re.IGNORECASE)

ALL_NATIONS = frozenset(_NATIONS)


def nations_named(text: str) -> frozenset[str]:
    """Return the nations that a text names, in English or Welsh; "Great Britain" names three."""
    named = {nation for nation, names in _NATIONS.items() if names.search(text)}
    if _GREAT_BRITAIN.search(text):
        named |= ALL_NATIONS - {"northern-ireland"}
    return frozenset(named)


def nations_of(texts: Iterable[str]) -> frozenset[str]:
    """Return to which nations a statement is limited; none if it holds everywhere.

    Arguments:
        texts: the statement, then what stands around it, from near to far: lead-in, headings,
            title. The first that names any nation decides; one that names all four sets no limit.
    """
    for text in texts:
        if named := nations_named(text):
            return named if named != ALL_NATIONS else frozenset()
    return frozenset()
