"""The fixed texts of the pages, by language; translators edit `translations/*.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib import resources

import msgspec

LANGUAGES = ("en", "cy")
"""Languages of the pages themselves; guidance may be in others."""


class Texts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All texts in one language, in groups named after the part of a page."""

    language: str
    months: tuple[str, ...]
    last_joined_by: str
    """What stands before the last word of a list (" and "). Welsh keeps to commas, since "a"
    would change the word after it."""
    suggestions: tuple[str, ...]
    """Questions for the empty page that the sample guidance answers."""
    nations: dict[str, str]
    page: dict[str, str]
    chat: dict[str, str]
    turn: dict[str, str]
    source: dict[str, str]
    removed: dict[str, str]
    """Kinds of personal data."""
    outcome: dict[str, str]
    """What to say when a turn ended without any text, by its outcome."""
    problem: dict[str, str]
    """What is wrong with a question, for the place beside its field."""
    guidance: dict[str, str]
    error: dict[str, str]
    error_404: dict[str, str]
    error_413: dict[str, str]
    error_429: dict[str, str]
    error_4xx: dict[str, str]
    error_500: dict[str, str]
    error_503: dict[str, str]
    script: dict[str, str]
    """What only the script in the browser says."""

    def date(self, moment: datetime) -> str:
        """A day in words, such as "14 September 2026"."""
        return f"{moment.day} {self.months[moment.month - 1]} {moment.year}"

    def list(self, words: Iterable[str]) -> str:
        """Words as a list in a sentence: "a, b and c"."""
        *first, last = words
        return f"{', '.join(first)}{self.last_joined_by}{last}" if first else last

    def nation_names(self, nations: Iterable[str]) -> str:
        """Nations by name; all four of them are "all of the UK"."""
        named = [name for nation, name in self.nations.items() if nation in set(nations)]
        return self.nations["all"] if len(named) == len(self.nations) - 1 else self.list(named)

    def removed_names(self, kinds: Iterable[str]) -> str:
        """Kinds of personal data by name; those without one share a name."""
        names = (self.removed.get(kind, self.removed["other"]) for kind in kinds)
        return self.list(dict.fromkeys(names))

    def error_of(self, status: int) -> dict[str, str]:
        """Title and text of the error page for an HTTP status."""
        named = {
            404: self.error_404,
            410: self.error_404,
            413: self.error_413,
            429: self.error_429,
            503: self.error_503,
        }
        return named.get(status, self.error_4xx if status < 500 else self.error_500)

    @property
    def for_script(self) -> dict[str, object]:
        """What the script in the browser needs."""
        groups = ("script", "turn", "source", "problem", "outcome", "nations", "removed")
        return {
            "texts": {group: getattr(self, group) for group in groups},
            "months": self.months,
            "last_joined_by": self.last_joined_by,
        }


@cache
def texts_in(language: str) -> Texts:
    """The texts in one of `LANGUAGES`."""
    file = resources.files(__package__) / "translations" / f"{language}.toml"
    return msgspec.toml.decode(file.read_bytes(), type=Texts)
