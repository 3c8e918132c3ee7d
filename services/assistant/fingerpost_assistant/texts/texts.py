"""Reads the fixed texts and picks the sentences for a language and a nation."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from fingerpost_assistant.events import SentenceEvent

_FILES = {"en": "english.toml", "cy": "welsh.toml"}


class Text(StrEnum):
    """The occasions for a fixed text."""

    SUICIDE = "suicide"
    SUICIDE_OTHER = "suicide_other"
    DANGER = "danger"
    MEDICAL = "medical"
    ABUSE = "abuse"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHILD = "child"
    ATTACK = "attack"
    PERSON = "person"
    GREETING = "greeting"
    THANKS = "thanks"
    UNCLEAR = "unclear"
    OUT_OF_SCOPE = "out_of_scope"
    WHICH_PAGE = "which_page"
    ABOUT_WHAT = "about_what"
    NO_GUIDANCE = "no_guidance"
    OTHER_NATION = "other_nation"
    WHERE_HELP_IS = "where_help_is"
    """Follows NO_GUIDANCE, OTHER_NATION and PERSON."""
    SEARCHING = "searching"
    ANSWERING = "answering"
    REMOVED = "removed"
    ENGLISH_ONLY = "english_only"
    QUEUED = "queued"
    SHORTER = "shorter"
    SMALLER_MODEL = "smaller_model"
    QUOTING = "quoting"
    GOES_ON_QUOTING = "goes_on_quoting"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal"


class _Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    block: str = "paragraph"
    nations: tuple[str, ...] = ()


NATION_NAMES = {
    "en": {
        "england": "England",
        "scotland": "Scotland",
        "wales": "Wales",
        "northern-ireland": "Northern Ireland",
    },
    "cy": {
        "england": "Lloegr",
        "scotland": "Yr Alban",
        "wales": "Cymru",
        "northern-ireland": "Gogledd Iwerddon",
    },
}


@cache
def _texts(language: str) -> dict[Text, tuple[_Sentence, ...]]:
    source = files(__package__).joinpath(_FILES[language]).read_text(encoding="utf-8")
    return msgspec.toml.decode(source, type=dict[Text, tuple[_Sentence, ...]])


def fixed_text(
    text: Text, locale: str, nation: str | None = None, **values: str
) -> tuple[SentenceEvent, ...]:
    """Return the sentences of a fixed text.

    Args:
        locale: "cy" for Welsh; any other language gets English.
        nation: who asks; sentences for other nations are left out. None shows them all.
        values: what stands for the names in braces.
    """
    language = locale if locale in _FILES else "en"
    return tuple(
        SentenceEvent(text=sentence.text.format(**values), block=sentence.block)
        for sentence in _texts(language)[text]
        if nation is None or not sentence.nations or nation in sentence.nations
    )


def status_text(text: Text, locale: str) -> str:
    """Return a fixed text as one line, for a status or an error."""
    return " ".join(sentence.text for sentence in fixed_text(text, locale))
