"""Where one sentence ends and the next begins, in English and in Welsh."""

from __future__ import annotations

import re
from typing import NamedTuple

# ruff: noqa: RUF001 -- typographic quotation marks are what guidance is written with


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int


# Nothing is tried twice, so that a text of nothing but full stops takes no longer than another.
_ENDING = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)")
"""Full stops and their like, with what closes after them, before white space."""

_OPENING = re.compile(r"[\"'“‘(\[]*[\w£€$]")
"""What a sentence starts with, after white space."""

_LAST_WORD = re.compile(r"[^\s(\[\"'“‘]{1,40}$")

# They stand before what they belong to ("Dr. Jones", "e.g. Universal Credit"). Those that may
# end a sentence as well ("etc.", "Ltd.", "p.m.") are left out: a capital after them starts one.
_ABBREVIATIONS = re.compile(
    r"(?:mr|mrs|ms|mx|dr|prof|rev|hon|sir|st|rt|vs|v|cf|viz|approx|e\.g|eg|i\.e|ie|h\.y|hy|e\.e)",
    re.IGNORECASE,
)

_ABBREVIATIONS_BEFORE_NUMBERS = re.compile(
    r"(?:nos?|paras?|art|sec|ch|regs?|fig|vol|pp?|tel|ext|ref|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)",
    re.IGNORECASE,
)

_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
"""A single letter, or letters with full stops between them: "J", "U.K", "R.H.S"."""


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of the sentences of one paragraph, without the white space around them.

    A sentence ends at a full stop, question or exclamation mark that is followed by white
    space and a capital letter, a digit or a currency sign. Abbreviations ("e.g.", "Mr."),
    initials, amounts ("£1.50"), addresses ("GOV.UK", "www.gov.uk") and list numbers stay whole.
    """
    spans: list[Span] = []
    start = _skip_space(text, 0)
    for ending in _ENDING.finditer(text):
        after = _skip_space(text, ending.end())
        if (
            after < len(text)
            and ending.start() > start
            and is_sentence_end(text, start, ending, after)
        ):
            spans.append(Span(start, ending.end()))
            start = after
    end = len(text.rstrip())
    if start < end:
        spans.append(Span(start, end))
    return spans


def is_sentence_end(text: str, start: int, ending: re.Match[str], after: int) -> bool:
    """Tell whether full stops end a sentence.

    Arguments:
        start: where the sentence starts.
        ending: the full stops, with what closes after them.
        after: the first place after them that is no white space.
    """
    opening = _OPENING.match(text, after)
    if opening is None or opening[0][-1].islower():
        return False
    if ending[0][0] != "." or len(ending[0].rstrip("\"'”’)]")) > 1:
        return True
    word = _LAST_WORD.search(text, max(0, ending.start() - 40), ending.start())
    if word is None:
        return True
    return not (
        _ABBREVIATIONS.fullmatch(word[0])
        or (_ABBREVIATIONS_BEFORE_NUMBERS.fullmatch(word[0]) and opening[0][-1].isdigit())
        or _INITIALS.fullmatch(word[0])
        or (word[0].isdigit() and word.start() == start)
    )


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
