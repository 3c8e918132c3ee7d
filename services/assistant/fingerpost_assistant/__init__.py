"""One question from arrival to a checked, cited answer; conversations; safety. No HTTP."""

from .assistant import Assistant
from .conversations import Conversation, ConversationView, Rating, Turn
from .events import (
    Citation,
    DoneEvent,
    ErrorEvent,
    Event,
    Outcome,
    OutcomeEvent,
    SentenceEvent,
    SourcesEvent,
    StatusEvent,
    StreamedEvent,
    TurnEvent,
    decode_event,
    encode_event,
)
from .limits import Limits
from .live.entries import event_number
from .pipeline import Pipeline
from .principal import Principal, Role
from .question import AskedQuestion, Emit, Exchange, PreparedQuestion, TurnResult
from .running_turn import QuestionPipeline

__all__ = [
    "AskedQuestion",
    "Assistant",
    "Citation",
    "Conversation",
    "ConversationView",
    "DoneEvent",
    "Emit",
    "ErrorEvent",
    "Event",
    "Exchange",
    "Limits",
    "Outcome",
    "OutcomeEvent",
    "Pipeline",
    "PreparedQuestion",
    "Principal",
    "QuestionPipeline",
    "Rating",
    "Role",
    "SentenceEvent",
    "SourcesEvent",
    "StatusEvent",
    "StreamedEvent",
    "Turn",
    "TurnEvent",
    "TurnResult",
    "decode_event",
    "encode_event",
    "event_number",
]
