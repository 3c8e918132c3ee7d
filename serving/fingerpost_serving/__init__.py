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
from .errors import (
    AdmissionRefused,
    Busy,
    EmbeddingMismatch,
    InvalidRegistry,
    ModelBrokeOff,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
    NoModelForRole,
    ServingError,
    TooLarge,
    UnknownModel,
    UnknownNation,
)
from .extractive import ExtractiveAnswerer
from .models import Backend, Limits, Model, Role
from .registry import Registry
from .selection import Length

__all__ = [
    "AdmissionRefused",
    "Answer",
    "AnswerSentence",
    "Backend",
    "Block",
    "Busy",
    "Calibration",
    "ChatEvent",
    "ChatModel",
    "ChatRequest",
    "ChatRole",
    "EmbeddingMismatch",
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
    "TextDelta",
    "TextEmbedder",
    "TooLarge",
    "UnknownModel",
    "UnknownNation",
    "Usage",
]
