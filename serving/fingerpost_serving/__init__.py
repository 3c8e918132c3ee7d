"""Models for answering from guidance: a registry, and an answerer that quotes word for word."""

from .answers import Answer, AnswerSentence, Block, Evidence, Quotation, TextEmbedder
from .confidence import Calibration
from .errors import (
    EmbeddingMismatch,
    InvalidRegistry,
    NoModelForRole,
    ServingError,
    UnknownModel,
    UnknownNation,
)
from .extractive import ExtractiveAnswerer
from .models import Backend, Limits, Model, Role
from .registry import Registry
from .selection import Length

__all__ = [
    "Answer",
    "AnswerSentence",
    "Backend",
    "Block",
    "Calibration",
    "EmbeddingMismatch",
    "Evidence",
    "ExtractiveAnswerer",
    "InvalidRegistry",
    "Length",
    "Limits",
    "Model",
    "NoModelForRole",
    "Quotation",
    "Registry",
    "Role",
    "ServingError",
    "TextEmbedder",
    "UnknownModel",
    "UnknownNation",
]
