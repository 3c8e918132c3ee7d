"""From the assistant's nouns to what the templates of the assistant's page show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from fingerpost_assistant import Citation, ConversationView, Outcome, Turn
from fingerpost_gateway.pages.answers import AnswerBlock, ShownSentence, answer_blocks
from fingerpost_gateway.pages.quotes import Stretch, marked
from fingerpost_gateway.pages.texts import Texts

UNRATED = frozenset({Outcome.CRISIS, Outcome.ATTACK, Outcome.CLARIFICATION})
"""Outcomes after which nobody is asked whether the answer was useful; nor after an error."""


class ShownSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source beside the answer."""

    citation: Citation
    stretches: tuple[Stretch, ...]
    """The passage, cut where the answer's sentences begin and end."""
    updated: str
    nations: str
    used_by: int
    """Number of the first sentence that cites it; 0 when none does."""

    @property
    def id_and_title(self) -> tuple[str, str]:
        """What a citation mark says of the source."""
        return (self.citation.id, self.citation.title)


class ShownTurn(msgspec.Struct, frozen=True, kw_only=True):
    """A question and its answer, ready for the template."""

    turn: Turn
    blocks: tuple[AnswerBlock, ...]
    sources: tuple[ShownSource, ...]
    cited: bool
    """Whether any sentence cites a source; if none does, the sources are only a suggestion."""
    fallible: bool
    """Whether it is an answer that should be checked."""
    removed: str
    message: str
    """What to say when there is an error or no text."""
    lang: str
    """Language of the answer, when it is not the page's; empty otherwise."""
    failed: bool
    rateable: bool


class ShownConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation, ready for the template."""

    id: str
    nation: str
    """Name of the asker's nation; empty when not said."""
    turns: tuple[ShownTurn, ...]

    @property
    def running(self) -> bool:
        """Whether an answer is still being worked on."""
        return any(shown.turn.running for shown in self.turns)

    def reload_url(self, times: int) -> str:
        """Where a browser without a script finds the newest answer, for the nth time."""
        return f"/chat/{self.id}?reload={times}#question-{len(self.turns)}"


def shown_conversation(view: ConversationView, texts: Texts) -> ShownConversation:
    """Make a conversation ready for the template, in the texts' language."""
    return ShownConversation(
        id=view.conversation.id,
        nation=texts.nations.get(view.conversation.nation or "", ""),
        turns=tuple(shown_turn(turn, texts) for turn in view.turns),
    )


def shown_turn(turn: Turn, texts: Texts) -> ShownTurn:
    """Make one turn ready for the template."""
    blocks = answer_blocks(turn.sentences)
    sentences = [sentence for block in blocks for sentence in block.sentences]
    cited = {citation for sentence in sentences for citation in sentence.citations}
    failed = turn.outcome is not None and turn.outcome.value.startswith("error_")
    return ShownTurn(
        turn=turn,
        blocks=blocks,
        sources=tuple(
            _shown_source(citation, sentences, texts)
            for citation in turn.citations
            if not cited or citation.id in cited
        ),
        cited=bool(cited),
        fallible=bool(cited) and turn.outcome not in (None, Outcome.CLARIFICATION),
        removed=texts.removed_names(turn.removed) if turn.removed else "",
        message=_message(turn, texts),
        lang=_other_language(turn, texts),
        failed=failed,
        rateable=turn.outcome is not None and not failed and turn.outcome not in UNRATED,
    )


def _other_language(turn: Turn, texts: Texts) -> str:
    locales = {citation.locale for citation in turn.citations}
    return locales.pop() if len(locales) == 1 and locales != {texts.language} else ""


def _shown_source(
    citation: Citation, sentences: Sequence[ShownSentence], texts: Texts
) -> ShownSource:
    users = [sentence for sentence in sentences if citation.id in sentence.citations]
    return ShownSource(
        citation=citation,
        stretches=marked(citation.text, (sentence.text for sentence in users)),
        updated=texts.date(citation.updated) if citation.updated else "",
        nations=texts.nation_names(citation.nations) if citation.nations else "",
        used_by=users[0].number if users else 0,
    )


def _message(turn: Turn, texts: Texts) -> str:
    """The error's own words, or fixed ones for a turn that ended without any text."""
    if turn.message or turn.outcome is None:
        return turn.message
    named = texts.outcome.get(turn.outcome.value, "")
    return named or ("" if turn.sentences else texts.outcome["other"])


def blank_source(texts: Texts) -> ShownSource:
    """A source without content, whose markup the script in the browser fills."""
    citation = Citation(id="", title="", url="", heading="", text="", locale=texts.language)
    return ShownSource(citation=citation, stretches=(), updated="", nations="", used_by=0)


def blank_turn(texts: Texts) -> ShownTurn:
    """A turn that has just begun, whose markup the script in the browser fills."""
    asked = Turn(id="", conversation_id="", number=0, question="", asked_at=datetime.now(UTC))
    return shown_turn(asked, texts)
