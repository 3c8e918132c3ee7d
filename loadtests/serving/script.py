"""What the mock upstream says: the name of the model that is asked decides.

`burst-20`       20 deltas at once
`paced-64-20`    64 deltas, one every 20 ms
`grounded`       five sentences quoted from the prompt's numbered passages, each with its mark, in
                 110 deltas at once
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

GROUNDED_SENTENCES = 5
GROUNDED_DELTAS = 110

_NAME = re.compile(r"(?:burst-(?P<burst>\d{1,4})|paced-(?P<paced>\d{1,4})-(?P<ms>\d{1,4}))")
_PASSAGE = re.compile(r'<passage number="(\d+)">\nFrom: [^\n]*\n(.*?)\n</passage>', re.DOTALL)
_SENTENCE = re.compile(r"[A-Z][^\n!?]{30,220}?\.(?=\s|$)")


class Message(msgspec.Struct, frozen=True):
    """One message of a request."""

    content: str = ""


class StreamOptions(msgspec.Struct, frozen=True):
    """What a stream carries beside text."""

    include_usage: bool = False


class Asked(msgspec.Struct, frozen=True):
    """The part of a chat-completions request that the mock reads."""

    model: str
    messages: list[Message] = []
    stream: bool = False
    stream_options: StreamOptions | None = None


class Script(NamedTuple):
    """The deltas, and the pause before each but the first, in seconds."""

    deltas: Sequence[str]
    pause_s: float = 0.0


class UnknownScriptError(ValueError):
    """A model was named that the mock has no script for."""


def script_for(asked: Asked) -> Script:
    """Return what is to be said.

    Raises:
        UnknownScriptError: the model's name is none of those above.
    """
    if asked.model == "grounded":
        prompt = asked.messages[-1].content if asked.messages else ""
        return Script(pieces(grounded_answer(prompt), GROUNDED_DELTAS))
    if not (found := _NAME.fullmatch(asked.model)):
        raise UnknownScriptError(
            f"no script for {asked.model!r}: use burst-N, paced-N-MS or grounded"
        )
    count = int(found["burst"] or found["paced"])
    return Script([f"word{number} " for number in range(count)], int(found["ms"] or 0) / 1000)


def grounded_answer(prompt: str) -> str:
    """Quote sentences of the passages in turn, one of each passage before the next of the first."""
    passages = [(number, _SENTENCE.findall(text)) for number, text in _PASSAGE.findall(prompt)]
    return " ".join(
        f"{sentence.strip().removesuffix('.')} [{number}]."
        for number, sentence in list(_in_turn(passages))[:GROUNDED_SENTENCES]
    )


def pieces(text: str, count: int) -> list[str]:
    """Cut a text into so many pieces of about one length, fewer if it is shorter."""
    count = max(1, min(count, len(text)))
    ends = [len(text) * number // count for number in range(count + 1)]
    return [text[start:end] for start, end in itertools.pairwise(ends)]


def _in_turn(passages: Sequence[tuple[str, list[str]]]) -> Iterator[tuple[str, str]]:
    for place in range(max((len(sentences) for _, sentences in passages), default=0)):
        for number, sentences in passages:
            if place < len(sentences):
                yield number, sentences[place]
