"""Hybrid search over guidance on a plain CPU: passages, embeddings, Qdrant.

Nothing heavy is loaded by importing this package: ONNX Runtime comes with `load_embedder`,
Qdrant with `GuidanceIndex.open` or `connect`.
"""

from .embedding import Embedder, OnnxEmbedder, load_embedder
from .errors import (
    BenchmarkDrop,
    EmbedderRefused,
    EmbedderUnreachable,
    IndexClosed,
    IndexDamaged,
    IndexFault,
    IndexLocked,
    IndexMismatch,
    IndexUnreachable,
    IndexUnwritable,
    InvalidPage,
    InvalidSet,
    MissingExtra,
    ModelDamaged,
    ModelMissing,
    RerankerFailed,
    RetrievalError,
)
from .followups import Exchange, PastExchange, Rewriter
from .index import GuidanceIndex
from .minilm import build_minilm
from .passages import PASSAGE_FORMAT, PassageCutter
from .prepared import PagePreparer, PreparedPage
from .questions import QuestionEmbedder, QuestionStats
from .replica import IndexReplica, publish
from .text_pages import TextPage, TextSection, text_pages
from .types import (
    ALL_NATIONS,
    Embeddings,
    Evidence,
    Hit,
    IndexStats,
    Page,
    PageSection,
    Passage,
    Scope,
    SearchResult,
)
from .welsh import Gloss, gloss_welsh

__all__ = [
    "ALL_NATIONS",
    "PASSAGE_FORMAT",
    "BenchmarkDrop",
    "Embedder",
    "EmbedderRefused",
    "EmbedderUnreachable",
    "Embeddings",
    "Evidence",
    "Exchange",
    "Gloss",
    "GuidanceIndex",
    "Hit",
    "IndexClosed",
    "IndexDamaged",
    "IndexFault",
    "IndexLocked",
    "IndexMismatch",
    "IndexReplica",
    "IndexStats",
    "IndexUnreachable",
    "IndexUnwritable",
    "InvalidPage",
    "InvalidSet",
    "MissingExtra",
    "ModelDamaged",
    "ModelMissing",
    "OnnxEmbedder",
    "Page",
    "PagePreparer",
    "PageSection",
    "Passage",
    "PassageCutter",
    "PastExchange",
    "PreparedPage",
    "QuestionEmbedder",
    "QuestionStats",
    "RerankerFailed",
    "RetrievalError",
    "Rewriter",
    "Scope",
    "SearchResult",
    "TextPage",
    "TextSection",
    "build_minilm",
    "gloss_welsh",
    "load_embedder",
    "publish",
    "text_pages",
]
