"""Step 5: which guidance to search, in which order: the asker's language and nation first."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fingerpost_assistant.context import in_context
from fingerpost_assistant.language import BASE_LANGUAGE, detect_language, language_of
from fingerpost_assistant.nation import named_nation
from fingerpost_assistant.question import PreparedQuestion
from fingerpost_assistant.redact import without_placeholders
from fingerpost_retrieval import Scope, SearchResult, gloss_welsh


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for, and for whom."""

    text: str
    """The question in its context, without placeholders."""
    locale: str
    """Language to answer in."""
    nation: str | None
    """The nation that the question names, else the asker's; None if neither is known."""
    english: str | None = None
    """The words of a Welsh question in English; None if it is not in Welsh."""

    def wording(self, locale: str | None) -> str:
        """Return what to search for in pages of a language."""
        return self.english if self.english and locale == BASE_LANGUAGE else self.text


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the guidance to look at."""

    scope: Scope
    elsewhere: bool = False
    """Whether only pages for other nations are of interest."""

    @property
    def name(self) -> str:
        """For the record: "cy", "en" or "elsewhere"."""
        return "elsewhere" if self.elsewhere else (self.scope.locale or "any")


def understand(question: PreparedQuestion) -> Query:
    """Work out what to search for, in which language and for which nation."""
    text = without_placeholders(in_context(question.text, question.history))
    return Query(
        text=text,
        locale=language_of(question.text, question.locale),
        nation=named_nation(question.text) or named_nation(text) or question.nation,
        english=gloss_welsh(text).text if detect_language(text) == "cy" else None,
    )


def attempts(question: PreparedQuestion, query: Query) -> Iterator[Attempt]:
    """Yield where to look, best first; the turn goes to the next where nothing good is found."""
    locales = dict.fromkeys((query.locale, BASE_LANGUAGE))
    for locale in locales:
        yield Attempt(scope=_scope(question, locale, query.nation))
    if query.nation is not None:
        yield Attempt(scope=_scope(question, BASE_LANGUAGE, None), elsewhere=True)


def outside(nation: str, found: SearchResult) -> SearchResult:
    """Return the result with only those hits whose pages do not apply in `nation`."""
    hits = tuple(hit for hit in found.hits if nation not in hit.passage.nations)
    return msgspec.structs.replace(found, hits=hits)


def _scope(question: PreparedQuestion, locale: str, nation: str | None) -> Scope:
    return Scope(
        tenant=question.tenant, collections=question.collections, nation=nation, locale=locale
    )
