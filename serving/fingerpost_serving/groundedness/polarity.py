"""What a text denies, allows, demands, limits and makes conditional, and about which words."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from ..words import stem


class Cue(IntEnum):
    """A word or two that turn a statement."""

    NOT = 1
    CAN = 2
    MUST = 3
    NEED_NOT = 4
    LEAST = 5
    MOST = 6
    BEFORE = 7
    AFTER = 8
    IF = 9
    UNLESS = 10
    WITHOUT = 11
    """Says no without "not": to avoid, to prevent, without, instead of."""


AXES = {
    "bound": frozenset({Cue.LEAST, Cue.MOST}),
    "time": frozenset({Cue.BEFORE, Cue.AFTER}),
    "condition": frozenset({Cue.IF, Cue.UNLESS}),
}
"""Cues that are each other's contrary; those that deny, allow and demand are told apart closer."""

DENIALS = frozenset({Cue.NOT, Cue.NEED_NOT})
SOFT_DENIALS = DENIALS | {Cue.WITHOUT}
DEMANDS = frozenset({Cue.CAN, Cue.MUST})

_N = r"(?:n't|\snot|\sno\slonger)"
_PATTERNS: tuple[tuple[Cue, str], ...] = (
    (Cue.NEED_NOT,
     rf"(?:do|does|did|will|would){_N}\s(?:have|need)(?:\sto)?|need(?:s)?{_N}(?:\sto)?|needn't|ha(?:s|ve)\sno\sneed\sto|"
     r"no\s(?:need|requirement|obligation)(?:\sto)?|(?:is|are|was|were|be|being)(?:n't|\snot)\s(?:required|necessary|needed|obliged|mandatory|compulsory)(?:\sto)?|"
     r"not\s(?:required|necessary|needed|obliged|mandatory|compulsory)(?:\sto)?|without\s(?:having|needing)\sto|optional|voluntary"),
    (Cue.LEAST,
     r"at\sleast|no(?:t)?\s(?:less|fewer|lower|younger|earlier|sooner)\sthan|(?:a\s)?minimum(?:\sof)?|or\s(?:more|over|above|older|longer|later|greater)|"
     r"and\s(?:over|above|older)|(?:more|greater|longer|higher|older|later)\sthan|exceed(?:s|ing)?|in\sexcess\sof|over(?=\s[£$€]?\d)|above"),
    (Cue.MOST,
     r"at\s(?:the\s)?most|no(?:t)?\s(?:more|greater|longer|higher|older|later)\sthan|(?:a\s)?maximum(?:\sof)?|or\s(?:less|under|below|younger|fewer|earlier|lower)|"
     r"and\s(?:under|below|younger)|(?:less|fewer|lower|shorter|younger|smaller)\sthan|up\sto|under(?=\s[£$€]?(?:\d|the\sage))|below|within|"
     r"(?:do|does|did|must|should|may|can|will)(?:\snot|n't)\sexceed|cannot\sexceed|limited\sto|only\sup\sto"),
    (Cue.NOT,
     rf"(?:can|could|may|might|must|should|shall|will|would|do|does|did|is|are|was|were|has|have|had|be){_N}\b(?:\s(?:be\s)?(?:able|allowed|permitted|eligible|entitled|possible)(?:\sto)?)?|"
     r"cannot(?:\sbe)?|won't|shan't|not(?!\sonly)|no\sone|nobody|none|nothing|nowhere|never|neither|nor|no(?=\s)|unable(?:\sto)?|ineligible|"
     r"prohibited|forbidden|illegal|unlawful|no\slonger"),
    (Cue.MUST,
     r"must|ha(?:ve|s|d)\sto|need(?:s|ed)?\sto|need(?:s)?(?=\s(?:a|an|the|your|some)\b)|required(?:\sto)?|requires?|should|shall|ought\sto|"
     r"necessary|mandatory|compulsory|obliged\sto|have\sgot\sto"),
    (Cue.CAN,
     r"can|may(?!\s(?:\d|of))|could|might|able\sto|allowed(?:\sto)?|permitted(?:\sto)?|eligible|entitled|possible|qualif(?:y|ies)|free\sto|allows?|lets?|enables?"),
    (Cue.UNLESS, r"unless|except(?:\sfor|\sif|\swhen|\sthat)?|exclud(?:e|es|ed|ing)|apart\sfrom|other\sthan|but\snot|with\sthe\sexception\sof"),
    (Cue.IF, r"only\sif|if|when(?:ever)?|where|provided(?:\sthat)?|as\slong\sas|in\scase|on\scondition|once"),
    (Cue.WITHOUT, r"without|(?:fail|fails|failed|failing|failure|refuse|refuses|refused)\sto|unlikely|lack(?:s|ing)?|prevent(?:s|ed|ing)?|"
     r"avoid(?:s|ed|ing)?|unpaid|rarely|hardly|instead(?:\sof)?|rather(?:\sthan)?|stops?|ceases?|excluded|exempt|fewer|little|free\sfrom|too\s\w+\sto"),
    (Cue.BEFORE, r"before|prior\sto|until|till|by(?=\s(?:\d|the\send|january|february|march|april|may|june|july|august|september|october|november|december|mon|tues|wednes|thurs|fri|satur|sun|midnight|noon))|ahead\sof|in\sadvance(?:\sof)?|earlier\sthan|preceding|previous"),
    (Cue.AFTER, r"after|following|since|from(?=\s(?:\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:19|20)\d\d|the\sdate|the\sday|january|february|march|april|june|july|august|september|october|november|december))|later\sthan|subsequent|afterwards?|next"),
)  # fmt: skip
_CUE = re.compile(
    r"\b(?:" + "|".join(f"(?P<c{cue.value}>{pattern})" for cue, pattern in _PATTERNS) + r")\b"
)
_NO_CUE = re.compile(
    r"^\s*(?:yes|no)\b[,.]?|\bnot\sonly\b|\b(?:don't|do\snot)\shesitate\b|\bwhether\sor\snot\b|\bif\snot\b|"
    r"\bno\smatter\b|\bor\snot\b|\bnot\sjust\b|\bno\.(?=\s?\d)"
)
"""What looks like a cue, and is none."""

_TOKEN = re.compile(r"\d[\d,.]*\d|\d|[^\W\d_]+(?:'[^\W\d_]+)*|[.;:!?]|,")
_BREAKS = frozenset(
    ["but", "however", "although", "though", "whereas", "while", "because", "so", "which", "who"]
)
_REACH = 4
"""Content words after a cue that it speaks of."""


class Statement(NamedTuple):
    """A cue and the words it speaks of."""

    cue: Cue
    anchors: tuple[str, ...]
    """Stems, nearest first."""
    context: frozenset[str]
    """Stems of the words around it, on both sides, anchors included."""


class Polarity(NamedTuple):
    """The cues of a text, and its words by what is said of them."""

    statements: tuple[Statement, ...]
    denied: frozenset[str]
    """Stems that a NOT speaks of somewhere."""
    plain: frozenset[str]
    """Stems that stand somewhere without one."""


@lru_cache(maxsize=8192)
def polarity(text: str) -> Polarity:
    """Read the cues of a text."""
    text = _NO_CUE.sub(" ", text.casefold().replace("\u2019", "'"))
    tokens: list[tuple[str, str]] = []
    place = 0
    for cue in _CUE.finditer(text):
        tokens += _words(text[place : cue.start()])
        tokens.append(("cue", cue.lastgroup[1:] if cue.lastgroup else ""))
        place = cue.end()
    tokens += _words(text[place:])
    statements: list[Statement] = []
    denied: set[str] = set()
    touched: set[int] = set()
    for index, (kind, value) in enumerate(tokens):
        if kind != "cue":
            continue
        which = Cue(int(value))
        anchors = _anchors(tokens, index, which)
        context = frozenset(tokens[i][1] for i in (*anchors, *_around(tokens, index)))
        statements.append(Statement(which, tuple(tokens[i][1] for i in anchors), context))
        if which in (Cue.NOT, Cue.WITHOUT):
            denied |= {tokens[i][1] for i in anchors[:3]}
            touched |= set(anchors)
    plain = {value for i, (kind, value) in enumerate(tokens) if kind == "word" and i not in touched}
    return Polarity(tuple(statements), frozenset(denied), frozenset(plain))


def _words(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word[0] in ".;:!?,":
            found.append(("comma" if word == "," else "stop", word))
        elif word in _BREAKS:
            found.append(("comma", word))
        elif word[0].isdigit() or word not in _GRAMMAR:
            found.append(("word", stem(word.replace(",", "") if word[0].isdigit() else word)))
    return found


_GRAMMAR = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "and",
        "or",
        "as",
        "be",
        "been",
        "being",
        "is",
        "are",
        "was",
        "were",
        "am",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "it",
        "its",
        "they",
        "them",
        "their",
        "there",
        "this",
        "that",
        "these",
        "those",
        "you",
        "your",
        "yours",
        "he",
        "she",
        "his",
        "her",
        "we",
        "us",
        "our",
        "i",
        "me",
        "my",
        "with",
        "from",
        "into",
        "by",
        "also",
        "any",
        "some",
        "all",
        "each",
        "other",
        "such",
        "than",
        "then",
        "s",
        "if",
        "will",
        "would",
        "which",
        "who",
        "whom",
        "what",
    ]
)


def _anchors(tokens: list[tuple[str, str]], index: int, cue: Cue) -> list[int]:
    """Return the words that a cue speaks of, nearest first: those after it, else before it."""
    after: list[int] = []
    for i in range(index + 1, min(index + 14, len(tokens))):
        kind = tokens[i][0]
        if kind == "stop" or (kind == "comma" and after):
            break
        if kind == "cue" and after:
            break
        if kind == "word":
            after.append(i)
            if len(after) == _REACH:
                break
    before: list[int] = []
    for i in range(index - 1, max(index - 10, -1), -1):
        kind = tokens[i][0]
        if kind in ("stop", "comma") or kind == "cue":
            break
        if kind == "word":
            before.append(i)
            if len(before) == 2:
                break
    if cue in (Cue.LEAST, Cue.MOST):
        return [*after[:2], *before[:1]] if after else before
    return after or before


def _around(tokens: list[tuple[str, str]], index: int) -> list[int]:
    """Return the words within a few of a cue, on both sides, within its sentence."""
    found: list[int] = []
    for step, most in ((1, 5), (-1, 4)):
        i, taken = index + step, 0
        while 0 <= i < len(tokens) and tokens[i][0] != "stop" and taken < most:
            if tokens[i][0] == "word":
                found.append(i)
                taken += 1
            i += step
    return found
