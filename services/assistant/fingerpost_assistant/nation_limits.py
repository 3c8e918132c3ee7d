"""What a page says at its beginning of the asker's nation: whom all that follows is for."""

from __future__ import annotations

from collections.abc import Sequence

from fingerpost_retrieval import Passage
from fingerpost_serving import AnswerSentence, Block, Quotation
from fingerpost_serving.nations import nations_of
from fingerpost_serving.units import Unit, units_of


def stated_limit(introduction: Sequence[Passage], nation: str) -> AnswerSentence | None:
    """Return the sentence that a reader in a nation must know; None if there is none.

    It is one about that nation alone ("Social Security Scotland pays it in Scotland"), or else the
    first that names nations, where they are others ("The fees here are for England and Wales").
    Guidance says so once, and the sentences that answer a question are read apart from it.
    """
    limited = [
        (unit, nations)
        for unit in units_of(introduction)
        if _stands_alone(unit) and (nations := nations_of([unit.text]))
    ]
    own = [each for each in limited if each[1] == {nation}]
    for unit, nations in (own or limited)[:1]:
        if nation not in nations or own:
            quotation = Quotation(evidence=unit.evidence, text=unit.text)
            return AnswerSentence(text=unit.text, quotations=(quotation,), block=unit.block)
    return None


def _stands_alone(unit: Unit) -> bool:
    return unit.quotable and unit.block is Block.PARAGRAPH and not unit.text.endswith(":")
