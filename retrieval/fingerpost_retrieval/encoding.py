"""Pages to points and questions to queries: where passages, vectors and terms come together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from .backend import HybridQuery, Point, Selection, ef_for, page_key
from .embedding import Embedder
from .errors import InvalidPage
from .lexical import LexicalEncoder
from .passages import PassageCutter, count_words, place_text, search_text
from .questions import QuestionEmbedder
from .types import Embeddings, Page, Passage, Scope


class Encoder:
    """Turns pages and questions into what Qdrant stores and ranks.

    Arguments:
        embedder: the model; without one there are no vectors and words count as tokens.
    """

    def __init__(self, embedder: Embedder | None) -> None:
        self.questions: QuestionEmbedder | None
        self.embedder: Embedder | None
        if isinstance(embedder, QuestionEmbedder):
            self.questions, self.embedder = embedder, embedder.embedder
        else:
            self.questions = None if embedder is None else QuestionEmbedder(embedder)
            self.embedder = embedder
        self._lexical = LexicalEncoder()
        if embedder is None:
            self._cutter = PassageCutter(count_words)
        else:
            self._cutter = PassageCutter(embedder.count_tokens, max_tokens=embedder.max_tokens)

    @property
    def digest(self) -> str:
        """Digest of the embedder; empty where there is none."""
        return self.embedder.digest if self.embedder is not None else ""

    @property
    def dimensions(self) -> int:
        return self.embedder.dimensions if self.embedder is not None else 0

    def passages(self, page: Page, tenant: str) -> list[Passage]:
        """Cut a page; raises `InvalidPage` when it lacks what search needs."""
        for name in ("path", "locale", "digest", "collection"):
            if not getattr(page, name):
                raise InvalidPage(
                    f"the page {page.path or page.title!r} has no {name}, so that it cannot be "
                    "indexed. Give it one and index it again"
                )
        return self._cutter.cut(page, tenant)

    def points(self, passages: Sequence[Passage]) -> Iterator[Point]:
        """Embed passages; one batch, however many."""
        places = [place_text(found.title, found.heading_path) for found in passages]
        texts = [search_text(place, p.text) for place, p in zip(places, passages, strict=True)]
        vectors = self.embedder.embed(texts) if self.embedder is not None else None
        # A bare title adds nothing to rank by.
        of_places = self._embed_places(
            {place for place, p in zip(places, passages, strict=True) if p.heading_path}
        )
        keys: dict[tuple[str, str, str], str] = {}
        for row, (passage, text) in enumerate(zip(passages, texts, strict=True)):
            page = (passage.tenant, passage.path, passage.locale)
            if page not in keys:
                keys[page] = page_key(*page)
            yield Point(
                passage=passage,
                page=keys[page],
                sparse=self._lexical.document(text, passage.locale),
                dense=None if vectors is None else vectors[row],
                place=of_places.get(places[row]),
            )

    def _embed_places(self, places: Set[str]) -> dict[str, NDArray[np.float32]]:
        """Embed each title with its headings once."""
        if self.embedder is None or not places:
            return {}
        names = list(places)
        return dict(zip(names, self.embedder.embed(names), strict=True))

    def embed_questions(self, questions: Sequence[str]) -> Embeddings | None:
        """Return `(len(questions), dimensions)`; None where there is no embedder."""
        return None if self.questions is None else self.questions.embed(questions)

    def query(
        self,
        question: str,
        scope: Scope,
        embedding: Embeddings | None,
        limit: int,
        *,
        passages: int = 0,
    ) -> HybridQuery:
        """Bring a question, and its vector if it has one, into the form that is ranked.

        Arguments:
            passages: how many there are, by which the search goes deeper.
        """
        return HybridQuery(
            dense=None if embedding is None else embedding.reshape(-1),
            sparse=self._lexical.query(question, scope.locale),
            selection=Selection(scope=scope),
            limit=limit,
            ef=ef_for(passages),
        )
