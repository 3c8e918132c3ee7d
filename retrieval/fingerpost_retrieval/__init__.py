"""Hybrid search over guidance on a plain CPU: passages, embeddings, Qdrant.

Nothing heavy is loaded by importing this package: ONNX Runtime comes with `load_embedder`,
Qdrant with `GuidanceIndex.open` or `connect`.
"""

from .embedding import Embedder, OnnxEmbedder, load_embedder
from .errors import (
    EmbeddingFailed,
    IndexClosed,
    IndexDamaged,
    IndexFault,
    IndexLocked,
    IndexMismatch,
    IndexUnreachable,
    IndexUnwritable,
    InvalidPage,
    MissingExtra,
    ModelDamaged,
    ModelMissing,
    RetrievalError,
)
from .index import GuidanceIndex
from .minilm import build_minilm
from .passages import PASSAGE_FORMAT, PassageCutter
from .questions import QuestionEmbedder, QuestionStats
from .remote import RemoteEmbedder
from .replica import IndexReplica, publish
from .sentence_transformer import SentenceTransformerEmbedder
from .text_pages import TextPage, TextSection, text_pages
from .types import (
    ALL_NATIONS,
    Embeddings,
    Hit,
    IndexStats,
    Page,
    PageSection,
    Passage,
    Scope,
    SearchResult,
)

__all__ = [
    "ALL_NATIONS",
    "PASSAGE_FORMAT",
    "Embedder",
    "EmbeddingFailed",
    "Embeddings",
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
    "MissingExtra",
    "ModelDamaged",
    "ModelMissing",
    "OnnxEmbedder",
    "Page",
    "PageSection",
    "Passage",
    "PassageCutter",
    "QuestionEmbedder",
    "QuestionStats",
    "RemoteEmbedder",
    "RetrievalError",
    "Scope",
    "SearchResult",
    "SentenceTransformerEmbedder",
    "TextPage",
    "TextSection",
    "build_minilm",
    "load_embedder",
    "publish",
    "text_pages",
]
