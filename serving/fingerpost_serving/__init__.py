"""Models for answering from guidance: a registry, and an answerer that quotes word for word."""

from .answers import Answer, AnswerSentence, Block, Evidence, Quotation, TextEmbedder
from .chat import (
    ChatEvent,
    ChatModel,
    ChatRequest,
    ChatRole,
    Finished,
    FinishReason,
    Message,
    TextDelta,
    Usage,
)
from .confidence import Calibration
from .engine import Engine
from .errors import (
    ApiKeyMissing,
    EmbeddingMismatch,
    EngineFailed,
    InvalidRegistry,
    ModelBrokeOff,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
    NoModelForRole,
    ServingError,
    UnknownModel,
    UnknownNation,
)
from .extractive import ExtractiveAnswerer
from .models import Backend, Limits, Model, Role, Size
from .registry import Registry
from .selection import Length

__all__ = [
    "Answer",
    "AnswerSentence",
    "ApiKeyMissing",
    "Backend",
    "Block",
    "Calibration",
    "ChatEvent",
    "ChatModel",
    "ChatRequest",
    "ChatRole",
    "EmbeddingMismatch",
    "Engine",
    "EngineFailed",
    "Evidence",
    "ExtractiveAnswerer",
    "FinishReason",
    "Finished",
    "InvalidRegistry",
    "Length",
    "Limits",
    "Message",
    "Model",
    "ModelBrokeOff",
    "ModelBusy",
    "ModelFailed",
    "ModelRefused",
    "ModelTimedOut",
    "ModelUnreachable",
    "NoModelForRole",
    "Quotation",
    "Registry",
    "Role",
    "ServingError",
    "Size",
    "TextDelta",
    "TextEmbedder",
    "UnknownModel",
    "UnknownNation",
    "Usage",
]
