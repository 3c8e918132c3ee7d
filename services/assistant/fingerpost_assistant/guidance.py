"""Steps 5 to 8: search the guidance, decide, answer and check, until one part of it answers."""

from __future__ import annotations

from functools import partial

import msgspec

from fingerpost_assistant.computing import computed
from fingerpost_assistant.context import leans_on_context
from fingerpost_assistant.decide import Action, Decision
from fingerpost_assistant.events import Outcome
from fingerpost_assistant.hostile import gives_orders
from fingerpost_assistant.nation_limits import stated_limit
from fingerpost_assistant.output import Output
from fingerpost_assistant.question import PreparedQuestion
from fingerpost_assistant.retrieve import Attempt, Query, attempts, outside
from fingerpost_assistant.steps import Decides, Request, Searches
from fingerpost_assistant.texts import NATION_NAMES, Text
from fingerpost_assistant.write import AnswerWriter
from fingerpost_retrieval import Embeddings, Passage, RetrievalError, SearchResult

HITS = 8
"""Passages that may be quoted."""

LOOKED_AT = 24
"""Passages that are searched for: further down, they tell how many pages a word leads to."""

OFFERED = 4
"""Most pages that are offered to choose from or to read."""


class GuidanceAnswer:
    """Answers from guidance, or says what there is instead."""

    def __init__(self, searches: Searches, decides: Decides, writer: AnswerWriter) -> None:
        self._searches = searches
        self._decides = decides
        self._writer = writer

    async def give(self, question: PreparedQuestion, query: Query, output: Output) -> Outcome:
        """Look in one part of the guidance after the other, and show what comes of it."""
        await output.status("search", Text.SEARCHING)
        seen: dict[str, SearchResult] = {}
        for attempt in attempts(question, query):
            wording = query.wording(attempt.scope.locale)
            found = await self._search(query, attempt, seen.get(wording), output)
            seen[wording] = found
            decision = await self._decide(query, attempt, found, output)
            if attempt.elsewhere:
                outcome = await self._point_elsewhere(query, found, decision, output)
            else:
                outcome = await self._go_on(question, query, attempt, found, decision, output)
            if outcome is not None:
                return outcome
        await output.say(Text.NO_GUIDANCE)
        await output.say(Text.WHERE_HELP_IS)
        return Outcome.NO_GUIDANCE

    async def _search(
        self, query: Query, attempt: Attempt, before: SearchResult | None, output: Output
    ) -> SearchResult:
        """Search; what has been searched for before is not embedded again."""
        wording = query.wording(attempt.scope.locale)
        embedding = before.embedding if before is not None else None
        in_own_words = wording == query.text
        found = await self._searches.asearch(
            query.alone if in_own_words else wording,
            attempt.scope,
            history=query.history if in_own_words else (),
            limit=LOOKED_AT,
            embedding=embedding,
        )
        for stage, milliseconds in found.timings.items():
            output.stopwatch.add(stage, milliseconds)
        output.index_revision = found.index_revision
        if attempt.elsewhere and query.nation is not None:
            return outside(query.nation, found)
        return found

    async def _decide(
        self, query: Query, attempt: Attempt, found: SearchResult, output: Output
    ) -> Decision:
        with output.stopwatch.stage("decide"):
            wording = query.wording(attempt.scope.locale)
            decision = await computed(
                lambda: self._decides.judge(wording, found.hits), len(wording)
            )
        output.trace[f"decide.{attempt.name}"] = decision.action.value
        output.trace[f"fit.{attempt.name}"] = round(decision.fit, 4)
        if decision.probability is not None:
            output.trace[f"answerable.{attempt.name}"] = round(decision.probability, 4)
        return decision

    async def _go_on(
        self,
        question: PreparedQuestion,
        query: Query,
        attempt: Attempt,
        found: SearchResult,
        decision: Decision,
        output: Output,
    ) -> Outcome | None:
        """Do what was decided; None if the next part of the guidance should be looked at."""
        if decision.action is Action.ASK_WHAT:
            await output.say(Text.ABOUT_WHAT)
            return Outcome.CLARIFICATION
        if decision.action is Action.ASK_WHICH:
            await output.say(Text.WHICH_PAGE)
            await output.offer(_pages(found), titles=True)
            return Outcome.CLARIFICATION
        if decision.action is Action.ANSWER:
            return await self._write(question, query, attempt, found, decision, output)
        return None

    async def _point_elsewhere(
        self, query: Query, found: SearchResult, decision: Decision, output: Output
    ) -> Outcome | None:
        """Say that there is guidance for other nations only, and where it is."""
        if decision.action is not Action.ANSWER or query.nation is None:
            return None
        pages = _pages(found)
        names = NATION_NAMES["cy" if query.locale == "cy" else "en"]
        elsewhere = {nation: None for page in pages[:1] for nation in page.nations}
        await output.say(
            Text.OTHER_NATION,
            here=names.get(query.nation, query.nation),
            elsewhere=", ".join(names.get(nation, nation) for nation in elsewhere),
        )
        await output.offer(pages, titles=False)
        await output.say(Text.WHERE_HELP_IS)
        return Outcome.OTHER_NATION

    async def _write(
        self,
        question: PreparedQuestion,
        query: Query,
        attempt: Attempt,
        found: SearchResult,
        decision: Decision,
        output: Output,
    ) -> Outcome | None:
        """Show an answer, sentence by sentence as each is checked; None if nothing is left."""
        hits = [hit for hit in found.hits[:HITS] if not gives_orders(hit.passage.text)]
        if len(hits) < len(found.hits[:HITS]):
            output.trace["answer.hostile_passages"] = len(found.hits[:HITS]) - len(hits)
        request = Request(
            question=query.wording(attempt.scope.locale),
            passages=tuple(hit.passage for hit in hits),
            relevance=tuple(hit.score for hit in hits),
            answerability=decision.probability,
            embedding=_vector(query, found),
            locale=query.locale,
            nation=query.nation,
            tenant=question.tenant,
            collections=question.collections,
            priority=question.priority,
            follow_up=bool(question.history) and leans_on_context(question.text),
            index_revision=found.index_revision,
            personal=bool(question.placeholders or question.removed),
        )
        shown = await self._writer.write(
            request, output, partial(_announce, query, attempt, output)
        )
        if shown and query.nation is not None:
            await self._say_limit(request, attempt, query.nation, output)
        return Outcome.ANSWERED if shown else None

    async def _say_limit(
        self, request: Request, attempt: Attempt, nation: str, output: Output
    ) -> None:
        """Say what the page says of the asker's nation at its beginning, unless it was shown."""
        cited = [each for each in request.passages if output.has_cited(each)]
        if not cited:
            return
        page = cited[0]
        name = NATION_NAMES["cy" if page.locale == "cy" else "en"][nation]
        try:
            found = await self._searches.asearch(f"{page.title} {name}", attempt.scope, limit=HITS)
        except RetrievalError as error:
            # The answer has been shown; without this it is no less true.
            output.trace["nation.limit"] = type(error).__name__
            return
        hits = [
            hit
            for hit in found.hits
            if hit.passage.path == page.path
            and not hit.passage.heading_path
            and not gives_orders(hit.passage.text)
        ]
        introduction = tuple(hit.passage for hit in hits)
        sentence = stated_limit(introduction, nation)
        if sentence is not None and not output.has_shown(sentence.text):
            output.trace["nation.limit"] = nation
            relevance = tuple(hit.score for hit in hits)
            limited = msgspec.structs.replace(request, passages=introduction, relevance=relevance)
            await self._writer.add(sentence, limited, output)


async def _announce(query: Query, attempt: Attempt, output: Output) -> None:
    """Say that the answer begins, and that it is in English where Welsh was wanted."""
    await output.status("answer", Text.ANSWERING)
    if query.locale == "cy" and attempt.scope.locale != "cy":
        await output.say(Text.ENGLISH_ONLY)


def _vector(query: Query, found: SearchResult) -> Embeddings | None:
    """Return the vector, `(1, dimensions)`, of the form of the question that is answered."""
    if found.embedding is None:
        return None
    return found.embedding[-1:] if query.text == query.alone else found.embedding[:1]


def _pages(found: SearchResult) -> list[Passage]:
    """The first passage of each page that was found, best first."""
    first: dict[str, Passage] = {}
    for hit in found.hits:
        first.setdefault(hit.passage.path, hit.passage)
    return list(first.values())[:OFFERED]
