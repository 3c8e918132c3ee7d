"""Reads what a model writes, while it writes: sentences with the passages they name."""

from __future__ import annotations

import re

import msgspec

from ..answers import Block
from ..sentences import is_sentence_end

# ruff: noqa: RUF001 -- typographic quotation marks are what models write with

LONGEST_SENTENCE = 900
"""Characters; what goes on for longer is no sentence, and is not shown."""

_NUMBERS = r"\^?(?:passages?\s+|source\s+)?\d{1,3}(?:\s*(?:[,;&]|and)\s*\d{1,3}|\s*[-–]\s*\d{1,3})*"
_MARK = re.compile(
    rf"\s*[\[【]\s*({_NUMBERS})(?:†[^\]】]{{0,80}})?\s*[\]】](?:\(https?:[^\s()]*\))?",
    re.IGNORECASE,
)
"""A mark in any of the ways in which models write it: "[1]", "[1, 2]", "[passage 3]"."""

_PART_OF_MARK = re.compile(r"\s*[\[【][^\]】\n]{0,90}\Z")
"""What may become a mark with the next letters."""

_NUMBER = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")
_ENDING = re.compile(r"[.!?…]+[\"'”’)]*")
_MARKER = re.compile(r"\s*(?:[-*•‣]|(\d{1,3})[.)])\s+")
_HEADING = re.compile(r"\s*#{1,6}\s")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_TAG = re.compile(r"</?[a-zA-Z!][^>\n]{0,300}>|<\|[^|>\n]{0,40}\|>")
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_STOP = re.compile(r"\s+([.,;:!?])(?=\s|$)")


class MarkedSentence(msgspec.Struct, frozen=True):
    """A sentence as a model wrote it, without its marks and markup."""

    text: str
    marks: tuple[int, ...]
    """The passages that it names, from 1; those that were not given are left out."""
    block: Block = Block.PARAGRAPH


class AnswerReader:
    """Turns text that comes in pieces into sentences, each as soon as its end is certain.

    A mark belongs to the sentence before it, whether it stands before or after the full stop.
    The sentence that leads in a list ("You need:") takes the marks of the first item when it has
    none itself. Links become their words, and markup is dropped. The time is linear in the text.

    Arguments:
        passages: how many passages the model was given.
    """

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._text = ""
        """What is not yet part of a finished sentence."""
        self._seen = 0
        """Up to here it holds no end of a sentence."""
        self._overlong = False
        self._lead_in: MarkedSentence | None = None
        self.unmarked = 0
        """Sentences that name no passage that was given."""
        self.refused = False
        """Whether the model said that the passages do not answer."""

    def feed(self, piece: str) -> list[MarkedSentence]:
        """Take the next piece; return the sentences that it completes."""
        self._text += piece if self._text else piece.lstrip()
        return self._take(at_end=False)

    def end(self, *, whole: bool = True) -> list[MarkedSentence]:
        """Return the sentences that are left.

        Arguments:
            whole: whether the model had said all. If it was cut off, what has no full stop is
                dropped: half a sentence can mean the contrary of the whole.
        """
        found = self._take(at_end=True)
        rest = self._text
        self._text = ""
        if whole and rest.strip():
            found += self._finish(rest)
        return found

    def _take(self, *, at_end: bool) -> list[MarkedSentence]:
        found: list[MarkedSentence] = []
        while (cut := self._next_cut(at_end)) is not None:
            sentence, self._text = self._text[:cut], self._text[cut:].lstrip()
            self._seen = 0
            found += self._finish(sentence)
        if len(self._text) > LONGEST_SENTENCE + 200:
            # A runaway: forget what came, and all that comes up to its end.
            self._overlong, self._text, self._seen = True, self._text[-200:], 0
        return found

    def _next_cut(self, at_end: bool) -> int | None:
        """Return where the first sentence of the text ends, marks after it included."""
        position = self._seen
        while True:
            line = self._text.find("\n", position)
            ending = _ENDING.search(self._text, position, line if line >= 0 else len(self._text))
            if ending is None:
                if line < 0:
                    # The stop may be the last letter so far, and a run of stops goes on.
                    self._seen = len(self._text)
                    return None
                return self._after_marks(line, at_end)
            if ending.end() == len(self._text) and not at_end:
                self._seen = ending.start()
                return None
            cut = self._after_marks(ending.end(), at_end)
            if cut is None:
                self._seen = ending.start()
                return None
            if self._is_end(ending, cut):
                return cut
            position = ending.end()

    def _after_marks(self, place: int, at_end: bool) -> int | None:
        """Return the place after the marks that follow; None if more letters must come first."""
        marked = _MARK.search(self._text, 0, place) is not None
        while mark := _MARK.match(self._text, place):
            if "\n" in mark[0]:
                # On a line of its own it belongs to the line before; otherwise it heads a source.
                after = self._text[mark.end() : mark.end() + 1]
                if not after and not at_end and not marked:
                    return None
                if marked or after not in ("", "\n"):
                    return place
            place, marked = mark.end(), True
        rest = self._text[place : place + 100]
        undecided = not rest.strip() or _PART_OF_MARK.match(rest)
        if undecided and not at_end and not (marked and rest.startswith("\n")):
            return None
        return place

    def _is_end(self, ending: re.Match[str], cut: int) -> bool:
        after = cut
        while after < len(self._text) and self._text[after].isspace():
            after += 1
        if after == len(self._text):
            return True
        if after == ending.end():
            return False
        if cut > ending.end() or after > self._text.find("\n", cut) >= cut:
            return True
        start = len(self._text) - len(self._text.lstrip())
        if marker := _MARKER.match(self._text):
            start = marker.end()
            if ending.start() < start:
                return False
        return is_sentence_end(self._text, start, ending, after)

    def _finish(self, raw: str) -> list[MarkedSentence]:
        if self._overlong:
            self._overlong = False
            self.unmarked += 1
            return []
        raw = _IMAGE.sub("", raw)
        if _HEADING.match(raw):
            return []
        marker = _MARKER.match(raw)
        block = Block.ITEM if marker else Block.PARAGRAPH
        body = raw[marker.end() :] if marker else raw
        marks = self._marks(body)
        text = _plain(body)
        if not any(each.isalnum() for each in text) or len(text) > LONGEST_SENTENCE:
            return []
        return self._with_lead_in(MarkedSentence(text, marks, block))

    def _with_lead_in(self, sentence: MarkedSentence) -> list[MarkedSentence]:
        lead_in, self._lead_in = self._lead_in, None
        if sentence.text.endswith(":") and not sentence.marks:
            self._lead_in = sentence
            return []
        if not sentence.marks:
            self.unmarked += 1
            self.refused |= sentence.text.strip(" .!\"'").casefold() == "no answer"
            return []
        if lead_in is None or sentence.block is not Block.ITEM:
            return [sentence]
        return [MarkedSentence(lead_in.text, sentence.marks, lead_in.block), sentence]

    def _marks(self, text: str) -> tuple[int, ...]:
        """Return the passages that a sentence names; marks before its first word are none of its."""
        first_word = re.search(r"[^\W\d_]", _MARK.sub(lambda m: " " * len(m[0]), text))
        found: dict[int, None] = {}
        for mark in _MARK.finditer(text, first_word.start() if first_word else len(text)):
            for number in _NUMBER.finditer(mark[1]):
                first, last = int(number[1]), int(number[2] or number[1])
                for each in range(first, min(last, first + 8) + 1):
                    if 1 <= each <= self._passages:
                        found[each] = None
        return tuple(found)


def _plain(text: str) -> str:
    """Drop marks, links and markup; what is left is what a reader sees."""
    text = _LINK.sub(r"\1", _MARK.sub("", text))
    text = _TAG.sub("", text)
    text = _EMPHASIS.sub("", text).replace("[", "(").replace("]", ")")
    return _SPACE_BEFORE_STOP.sub(r"\1", _SPACES.sub(" ", text)).strip()
