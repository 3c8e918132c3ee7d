"""One question from arrival to checked answer: the steps in their order."""

from __future__ import annotations

import asyncio

from fingerpost_assistant.answer import ExtractiveAnswers
from fingerpost_assistant.check import QuotationCheck
from fingerpost_assistant.computing import computed
from fingerpost_assistant.decide import Decider, Thresholds, thresholds_for
from fingerpost_assistant.events import Event, Outcome
from fingerpost_assistant.grounded import GroundedCheck, Judges
from fingerpost_assistant.guidance import GuidanceAnswer
from fingerpost_assistant.output import Output
from fingerpost_assistant.prepare import prepare
from fingerpost_assistant.question import AskedQuestion, Emit, PreparedQuestion, TurnResult
from fingerpost_assistant.redact import Redactor
from fingerpost_assistant.retrieve import Query, understand
from fingerpost_assistant.steps import (
    Answers,
    Checks,
    Decides,
    Embeds,
    Redacts,
    Searches,
    Triages,
    Verified,
)
from fingerpost_assistant.texts import Text
from fingerpost_assistant.triage import RuleTriage, Verdict
from fingerpost_assistant.write import AnswerWriter
from fingerpost_retrieval import answerability_for
from fingerpost_serving import AnswerSentence, ExtractiveAnswerer, GroundednessCheck

TIME_LIMIT_S = 30.0
"""Longest time for an answer, in seconds."""


async def discard(event: Event) -> None:
    """Emit to nobody: for callers that want the result alone."""


def quoting(embedder: Embeds | None) -> ExtractiveAnswers:
    """Return the answerer that quotes; it needs no language model.

    Args:
        embedder: the one that the index was built with; None to go by words alone.
    """
    thresholds = _thresholds(embedder)
    return ExtractiveAnswers(ExtractiveAnswerer(embedder, answers_from=thresholds.confidence))


def _thresholds(embedder: Embeds | None) -> Thresholds:
    return thresholds_for(embedder.digest if embedder is not None else "")


def _decider(embedder: Embeds | None) -> Decider:
    known = answerability_for(embedder.digest) if embedder is not None else None
    return Decider(_thresholds(embedder), known)


class Pipeline:
    """Answers one question at a time from guidance; safe to share between tasks.

    ```python
    pipeline = Pipeline.extractive(index, embedder)
    question = pipeline.prepare(AskedQuestion(text="How do I renew my passport?"))
    result = await pipeline.answer(question)
    ```
    """

    def __init__(
        self,
        searches: Searches,
        answers: Answers,
        decides: Decides,
        *,
        redacts: Redacts | None = None,
        triages: Triages | None = None,
        checks: Checks | None = None,
        fallback: Answers | None = None,
        verified: Verified | None = None,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> None:
        """Put the steps together; those left out are the ones of this package.

        Args:
            verified: answers that were approved; None has none.
            fallback: goes on where `answers` fails or may not be shown.
        """
        self._redacts = redacts or Redactor()
        self._triages = triages or RuleTriage()
        writer = AnswerWriter(answers, checks or QuotationCheck(), fallback)
        self._guidance = GuidanceAnswer(searches, decides, writer)
        self._verified = verified
        self._time_limit_s = time_limit_s

    @classmethod
    def extractive(
        cls, index: Searches, embedder: Embeds | None, *, time_limit_s: float = TIME_LIMIT_S
    ) -> Pipeline:
        """Return a pipeline that needs no language model.

        Args:
            embedder: the one that the index was built with; None to go by words alone.
        """
        return cls(
            index,
            quoting(embedder),
            _decider(embedder),
            time_limit_s=time_limit_s,
        )

    @classmethod
    def grounded(
        cls,
        index: Searches,
        embedder: Embeds | None,
        answers: Answers,
        *,
        judge: Judges | None = None,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> Pipeline:
        """Return a pipeline whose answers a language model writes, sentence by sentence checked.

        Where the model fails, or too little of what it writes may be shown, the extractive
        answerer goes on.

        Args:
            embedder: the one that the index was built with; None to go by words alone.
            answers: such as `generate.GroundedAnswers(model)`.
            judge: a further opinion on each sentence that the check lets through.
        """
        return cls(
            index,
            answers,
            _decider(embedder),
            checks=GroundedCheck(GroundednessCheck(embedder), judge),
            fallback=quoting(embedder),
            time_limit_s=time_limit_s,
        )

    def redact(self, text: str) -> str:
        """Replace personal data in a clean text that is no question, such as a comment."""
        return self._redacts.redact([text]).texts[0]

    def prepare(self, asked: AskedQuestion) -> PreparedQuestion:
        """Replace personal data by placeholders: the step before anything is stored.

        Raises:
            EmptyQuestion: there is no text.
            QuestionTooLong: there are more than `prepare.MAX_CHARACTERS` characters.
        """
        return prepare(asked, self._redacts)

    async def answer(self, question: PreparedQuestion, emit: Emit = discard) -> TurnResult:
        """Answer the question, emitting status, sources and sentences as they come.

        A turn that runs out of time emits an error event and returns `Outcome.TIMED_OUT` with
        what was shown. Cancelling the task stops the turn. The turn, outcome and done events
        are the caller's.
        """
        output = Output(emit)
        try:
            async with asyncio.timeout(self._time_limit_s) as limit:
                outcome = await self._answer(question, output)
        except TimeoutError:
            if not limit.expired():
                raise
            await output.error(Text.TIMED_OUT)
            outcome = Outcome.TIMED_OUT
        return output.result(outcome)

    async def _answer(self, question: PreparedQuestion, output: Output) -> Outcome:
        query = understand(question)
        output.locale, output.nation = query.locale, query.nation
        output.trace["language"] = query.locale
        if question.removed:
            await output.status("redact", Text.REMOVED, removed=question.removed)
        verdict = await self._triage(question, output)
        if verdict is not None and verdict.stops:
            return verdict.outcome
        outcome = await self._show_verified(question, query, output)
        outcome = outcome or await self._guidance.give(question, query, output)
        if verdict is not None and outcome not in (Outcome.ANSWERED, Outcome.VERIFIED):
            # The helplines were the help that there is.
            return verdict.outcome
        return outcome

    async def _show_verified(
        self, question: PreparedQuestion, query: Query, output: Output
    ) -> Outcome | None:
        """Show the approved answer to the question, if there is one."""
        # A question that leans on what was said before is not the same question.
        if self._verified is None or question.history:
            return None
        with output.stopwatch.stage("verified"):
            answer = await self._verified.find(question, locale=query.locale, nation=query.nation)
        if answer is None or not answer.sentences:
            return None
        output.trace["verified.answer"] = answer.id
        output.model = "verified"
        output.confidence = 1.0
        for sentence in answer.sentences:
            await output.quote(AnswerSentence(text=sentence.text, quotations=()), sentence.passages)
        return Outcome.VERIFIED

    async def _triage(self, question: PreparedQuestion, output: Output) -> Verdict | None:
        """Show the fixed text that the question calls for, if any."""
        with output.stopwatch.stage("triage"):
            verdict = await computed(lambda: self._triages.judge(question.text), len(question.text))
        if verdict is None:
            return None
        output.trace["triage.rule"] = verdict.rule
        await output.say(verdict.text)
        if verdict.text is Text.PERSON:
            await output.say(Text.WHERE_HELP_IS)
        return verdict
