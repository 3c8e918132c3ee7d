"""The prompt: rules first, then numbered passages as data that gives no orders, the question last."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from ..answers import Evidence
from ..chat import ChatRequest, Message

PROMPT_VERSION = "grounded/1"
"""Changes with `grounded.txt` and with this module's order; see CHANGELOG.md beside it."""

CHARACTERS_A_TOKEN = 3.0
"""Fewer than English text has in any current model's vocabulary (about 4), to be safe."""

LONGEST_QUESTION = 4_000
"""Characters of a question that are put to the model."""

_ESCAPES = str.maketrans({"<": "\u2039", ">": "\u203a", "[": "(", "]": ")"})
"""No text can close the tag it stands in, open another, write a chat template's own tokens
("<|im_end|>", "[INST]") or carry a mark that looks like a citation."""

_LANGUAGES = {"en": "plain English", "cy": "plain Welsh (Cymraeg)"}
_NATIONS = {
    "england": "England",
    "scotland": "Scotland",
    "wales": "Wales",
    "northern-ireland": "Northern Ireland",
}
_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]")
_UNUSUAL = re.compile(r"[^\n -~]")
_SPACES = re.compile(r"[^\S\n]+")


class AnswerLength(msgspec.Struct, frozen=True, kw_only=True):
    """How much a model may write; a busy deployment gives shorter answers before it gives none."""

    sentences: int = 6
    """Asked for in the prompt."""
    tokens: int = 400
    """The hard limit."""


class PromptBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What fits into one call."""

    context: int = 8_192
    """Tokens of the model's context, prompt and answer together (`Limits.context`)."""
    length: AnswerLength = AnswerLength()


class GroundedPrompt:
    """Makes the one call that answers a question from passages.

    Arguments:
        budget: what fits; passages that do not are left out, the last ones first.
    """

    version = PROMPT_VERSION

    def __init__(self, budget: PromptBudget | None = None) -> None:
        self._budget = budget or PromptBudget()

    def request(
        self,
        question: str,
        evidence: Sequence[Evidence],
        *,
        locale: str = "en",
        nation: str | None = None,
    ) -> tuple[ChatRequest, int]:
        """Return the call, and how many of the passages it holds: marks 1 to that number are valid.

        Arguments:
            evidence: passages, best first.
            locale: the language to answer in ("en", "cy").
            nation: where the asker lives ("scotland" …), if known.
        """
        length = self._budget.length
        asked = _question(question, locale, nation, length.sentences)
        room = self._budget.context - length.tokens - tokens_at_most(_rules() + asked) - 16
        passages = _fitting(evidence, room)
        content = "\n\n".join([*passages, asked])
        messages = (Message("system", _rules()), Message("user", content))
        return ChatRequest(messages=messages, max_tokens=length.tokens), len(passages)


def tokens_at_most(text: str) -> int:
    """Return a number of tokens that a text will hardly exceed, without the model's vocabulary."""
    # Letters outside ASCII often take a token each.
    outside = 0 if text.isascii() else len(_OUTSIDE_ASCII.findall(text))
    return int(len(text) / CHARACTERS_A_TOKEN + 0.67 * outside) + 1


def as_data(text: str) -> str:
    """Return a text from outside so that it cannot leave the place where it is put."""
    shown = _UNUSUAL.sub(_if_shown, text)
    return _SPACES.sub(" ", shown.translate(_ESCAPES)).strip()


def _if_shown(character: re.Match[str]) -> str:
    """Leave out what Unicode counts as "other": control, format and unassigned characters."""
    return "" if unicodedata.category(character[0])[0] == "C" else character[0]


@cache
def _rules() -> str:
    return files(__package__).joinpath("grounded.txt").read_text("utf-8").strip()


def _fitting(evidence: Sequence[Evidence], room: int) -> list[str]:
    """Write out the passages that fit; the first is cut to fit if it must be."""
    written: list[str] = []
    for number, piece in enumerate(evidence, 1):
        text = _passage(number, piece, as_data(piece.text))
        needed = tokens_at_most(text)
        if needed > room:
            if written:
                break
            text = _passage(number, piece, _cut(as_data(piece.text), room, needed))
        written.append(text)
        room -= needed
    return written


def _passage(number: int, piece: Evidence, text: str) -> str:
    place = " › ".join(filter(None, (as_data(h) for h in (piece.title, *piece.heading_path))))
    place = place.replace("\n", " ")
    return f'<passage number="{number}">\nFrom: {place}\n{text}\n</passage>'


def _cut(text: str, room: int, needed: int) -> str:
    """Keep whole lines of a passage that is longer than all the room there is."""
    kept = text[: max(int(len(text) * room / needed) - 200, 0)]
    whole = kept.rpartition("\n")[0] or kept.rpartition(". ")[0]
    return whole or kept


def _question(question: str, locale: str, nation: str | None, sentences: int) -> str:
    lines = [f"<question>\n{as_data(question[:LONGEST_QUESTION])}\n</question>"]
    if nation in _NATIONS:
        lines.append(f"The asker lives in {_NATIONS[nation]}.")
    language = _LANGUAGES.get(locale, f"the language of the question ({as_data(locale)[:12]})")
    lines.append(
        f"Answer in {language}, in at most {sentences} short sentences, each with its mark."
    )
    return "\n".join(lines)
