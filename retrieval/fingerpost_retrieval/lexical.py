"""Texts to BM25 term weights, in a way that suits the language of each.

The weights follow Robertson and Zaragoza 2009 (https://doi.org/10.1561/1500000019); the
inverse document frequency is left to Qdrant, which knows the collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .backend import SparseWeights
from .embedding import encodable

if TYPE_CHECKING:
    from qdrant_edge import SparseVector

ENGLISH = "en"

QUERY_CHARACTERS = 8_000
"""A question is cut here: more words than that make BM25 slow and no better."""

WELSH_FUNCTION_WORDS = frozenset(
    {"a", "ac", "ag", "am", "ar", "at", "bod", "chi", "dy", "ei", "eich", "ein", "eu", "fe", "fel"}
    | {"fod", "fy", "gan", "gyda", "hefyd", "hi", "hon", "hwn", "hyn", "hynny", "i", "mae", "na"}
    | {"nad", "neu", "nhw", "ni", "nid", "o", "oes", "os", "pan", "sydd", "wedi", "wrth", "y"}
    | {"ydy", "yn", "yr", "yw"}
)


class LexicalEncoder:
    """BM25 weights: stemmed for English, whole words without accents for other languages.

    An English stemmer would mangle Welsh, whose words change at both ends.
    """

    def __init__(self) -> None:
        from qdrant_edge import Bm25, Bm25Config, DisabledStemmer, Language, StopwordsSet

        self._english = Bm25(Bm25Config(language="english"))
        self._neutral = Bm25(
            Bm25Config(
                stemmer=DisabledStemmer(),
                stopwords=StopwordsSet(
                    languages={Language.English}, custom=set(WELSH_FUNCTION_WORDS)
                ),
                ascii_folding=True,
            )
        )

    def document(self, text: str, locale: str) -> SparseWeights:
        """Return the weights of a text that is to be found."""
        encoder = self._english if _is_english(locale) else self._neutral
        return _weights(encoder.embed_document(encodable(text)))

    def query(self, text: str, locale: str | None) -> SparseWeights:
        """Return the weights of a question; for both kinds of text where `locale` is None."""
        text = encodable(text[:QUERY_CHARACTERS])
        if locale is not None:
            encoder = self._english if _is_english(locale) else self._neutral
            return _weights(encoder.embed_query(text))
        terms = {
            *self._english.embed_query(text).indices,
            *self._neutral.embed_query(text).indices,
        }
        return SparseWeights(sorted(terms), [1.0] * len(terms))


def _is_english(locale: str) -> bool:
    return locale.split("-")[0].lower() == ENGLISH


def _weights(vector: SparseVector) -> SparseWeights:
    return SparseWeights(list(vector.indices), list(vector.values))
