"""A question in its context: what to search for when it makes sense only after the last one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fingerpost_assistant.question import Exchange
from fingerpost_assistant.topic import topic_words

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

SHORT_WORDS = 4
"""A question of so few words, with at most one that names a topic, goes on from the last one."""

_GOES_ON = re.compile(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|what if|even if|if so|if not|why|why not"
    r"|yes|no|yeah|yep|nope|ok|okay|correct|right|sure|not really|i do|i don't|i am|i'm not|i have"
    r"|a beth|ond|beth am|beth os|ac|hefyd|pam|ie|nage|oes|na)\b",
    re.IGNORECASE,
)
"""Beginnings that lean on what was said before."""

_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|these|those|that|this|one|ones|either|both|same|there|he|she|him|her"
    r"|instead|otherwise|else|hwn|hon|hynny|nhw|yna|yno)\b",
    re.IGNORECASE,
)
POINTING_WORDS = 9
"""Longer questions with `it` or `that` as a rule say themselves what it stands for."""


def in_context(question: str, history: Sequence[Exchange]) -> str:
    """Return the text to search for.

    A question that leans on what came before is put after the earlier questions, back to the
    last one that stands alone; one that stands alone is left alone, since a new topic is found
    worse with the old one beside it. nDCG@10 (MiniLM and BM25, normalised sum) with the question
    alone, with all earlier ones, and with this rule: doc2dial follow-ups .435, .564, .552;
    mtrag_govt follow-ups .593, .421, .604.
    """
    texts = [question]
    for exchange in reversed(history):
        if not leans_on_context(texts[0]):
            break
        texts.insert(0, exchange.question)
    return "\n".join(texts)


def leans_on_context(question: str) -> bool:
    """Whether a question makes sense only after another one."""
    words = len(_WORD.findall(question))
    topics = len(topic_words(question))
    return (
        topics == 0
        or (words <= SHORT_WORDS and topics == 1)
        or bool(_GOES_ON.search(question))
        or (words <= POINTING_WORDS and bool(_POINTS_BACK.search(question)))
    )
