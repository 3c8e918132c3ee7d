"""The answer cache: what a model wrote, for those who ask the same of the same guidance."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence

import msgspec

from fingerpost_assistant.live.connection import Client, is_away
from fingerpost_assistant.steps import Request
from fingerpost_serving import AnswerSentence, Block, Quotation

_log = logging.getLogger(__name__)

_PATIENCE_S = 0.25
"""A cache that takes longer is no gain."""


class _Sentence(msgspec.Struct, frozen=True):
    text: str
    block: Block
    label: str
    rests_on: tuple[tuple[str, str], ...]
    """Id of each passage, and what was quoted of it."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[_Sentence, ...]).decode


class KeptAnswers:
    """Answers in Valkey, each under a digest of all that it depends on.

    That is the question in its context, with personal data replaced; tenant, collections, nation
    and language; the revision of the index and the passages that were found in it; the model and
    its prompt. A page that changes gives the index another revision, so that no answer outlives
    its sources. What is found is no more than a model's words: it goes through the same check as
    if it had just been written.

    Args:
        keep_s: how long an answer is kept, in seconds.
    """

    def __init__(self, client: Client, *, keep_s: float) -> None:
        self._client = client
        self._keep_ms = round(keep_s * 1000)

    async def find(self, request: Request, model: str) -> tuple[AnswerSentence, ...]:
        """Return what the model wrote for the same request; empty if nothing is kept."""
        if request.personal:
            return ()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                stored = await self._client.get(_key(request, model))
            return _sentences(_decode(stored), request) if stored else ()
        except (msgspec.DecodeError, KeyError):
            return ()
        except Exception as error:
            _without(error)
            return ()

    async def keep(self, request: Request, model: str, sentences: Sequence[AnswerSentence]) -> None:
        """Keep an answer, unless personal data was taken out of its question."""
        if request.personal or not sentences:
            return
        passages = request.passages
        stored = tuple(
            _Sentence(
                text=each.text,
                block=each.block,
                label=each.label,
                rests_on=tuple((passages[q.evidence].id, q.text) for q in each.quotations),
            )
            for each in sentences
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._client.set(_key(request, model), _encode(stored), px=self._keep_ms)
        except Exception as error:
            _without(error)


def _key(request: Request, model: str) -> str:
    parts = (
        request.tenant,
        sorted(request.collections),
        request.locale,
        request.nation,
        request.question,
        request.index_revision,
        [(passage.id, passage.revision) for passage in request.passages],
        model,
    )
    return f"fingerpost:answer:{hashlib.sha256(_encode(parts)).hexdigest()}"


def _sentences(stored: Sequence[_Sentence], request: Request) -> tuple[AnswerSentence, ...]:
    """Point the sentences at the passages of this request; KeyError where one is not there."""
    places = {passage.id: place for place, passage in enumerate(request.passages)}
    return tuple(
        AnswerSentence(
            text=each.text,
            quotations=tuple(Quotation(places[id_], text) for id_, text in each.rests_on),
            block=each.block,
            label=each.label,
        )
        for each in stored
    )


def _without(error: Exception) -> None:
    if not is_away(error):
        raise error
    _log.info("the answer cache is not to be had: %r", error)
