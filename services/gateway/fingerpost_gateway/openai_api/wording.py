"""An answer as one text: its sentences set in Markdown, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from fingerpost_assistant import Citation, SentenceEvent
from fingerpost_gateway.openai_api.schemas import Annotation, UrlCitation, Usage


class Wording:
    """Puts sentences together as they come. `text` is what has been said so far."""

    def __init__(self, base_url: str) -> None:
        """
        Args:
            base_url: address of this server, for sources that it serves itself.
        """
        self._base_url = base_url.rstrip("/")
        self._sources: dict[str, Citation] = {}
        self._last: SentenceEvent | None = None
        self.text = ""

    def cite(self, citations: Sequence[Citation]) -> None:
        """Take note of sources that sentences may cite."""
        self._sources.update((citation.id, citation) for citation in citations)

    def add(self, sentence: SentenceEvent) -> tuple[str, tuple[Annotation, ...]]:
        """Add a sentence; return the text that it adds and its annotations, placed in the whole."""
        before = self._joint(sentence)
        said = f"{sentence.label}: {sentence.text}" if sentence.label else sentence.text
        start = len(self.text) + len(before)
        self.text += before + said
        self._last = sentence
        return before + said, self._annotations(sentence, start, start + len(said))

    def _joint(self, sentence: SentenceEvent) -> str:
        """What stands between the last sentence and this one."""
        mark = "" if sentence.block == "paragraph" else "- "
        last = self._last
        if last is None:
            return mark
        if last.block != sentence.block:
            return f"\n\n{mark}"
        if mark:
            return f"\n{mark}"
        goes_on = sentence.citations and sentence.citations == last.citations and not sentence.label
        return " " if goes_on else "\n\n"

    def _annotations(self, sentence: SentenceEvent, start: int, end: int) -> tuple[Annotation, ...]:
        cited = (self._sources[id_] for id_ in sentence.citations if id_ in self._sources)
        return tuple(
            Annotation(
                url_citation=UrlCitation(
                    start_index=start,
                    end_index=end,
                    url=self._absolute(source.url),
                    title=" › ".join(filter(None, (source.title, source.heading))),
                )
            )
            for source in cited
        )

    def _absolute(self, url: str) -> str:
        return f"{self._base_url}{url}" if url.startswith("/") else url


def usage_of(question: str, answer: str) -> Usage:
    """Estimate the tokens of a question and its answer, at four tokens to three words."""
    prompt, completion = (-(-len(text.split()) * 4 // 3) for text in (question, answer))
    return Usage(
        prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion
    )
