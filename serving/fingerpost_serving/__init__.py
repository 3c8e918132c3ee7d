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
    AdmissionRefused,
    ApiKeyMissing,
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
from .generation import (
    PROMPT_VERSION,
    AnswerLength,
    AnswerReader,
    GroundedPrompt,
    MarkedSentence,
    PromptBudget,
)
from .groundedness import GroundednessCheck
from .models import Backend, Limits, Model, Role, Size
from .registry import Registry
from .selection import Length

__all__ = [
    "PROMPT_VERSION",
    "AdmissionRefused",
    "Answer",
    "AnswerLength",
    "AnswerReader",
    "AnswerSentence",
    "ApiKeyMissing",
    "Backend",
    "Block",
    "Busy",
    "Calibration",
    "ChatEvent",
    "ChatModel",
    "ChatRequest",
    "ChatRole",
    "EmbeddingMismatch",
    "Engine",
    "Evidence",
    "ExtractiveAnswerer",
    "FinishReason",
    "Finished",
    "GroundedPrompt",
    "GroundednessCheck",
    "InvalidRegistry",
    "Length",
    "Limits",
    "MarkedSentence",
    "Message",
    "Model",
    "ModelBrokeOff",
    "ModelBusy",
    "ModelFailed",
    "ModelRefused",
    "ModelTimedOut",
    "ModelUnreachable",
    "NoModelForRole",
    "PromptBudget",
    "Quotation",
    "Registry",
    "Role",
    "ServingError",
    "Size",
    "TextDelta",
    "TextEmbedder",
    "TooLarge",
    "UnknownModel",
    "UnknownNation",
    "Usage",
]
