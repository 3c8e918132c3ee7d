"""What is kept in SQL: conversations, turns, feedback, and the migrations that make their tables."""

from fingerpost_assistant.storage.conversation_store import ConversationStore
from fingerpost_assistant.storage.database import Database, create_engine
from fingerpost_assistant.storage.feedback_store import FeedbackStore
from fingerpost_assistant.storage.schema import upgrade
from fingerpost_assistant.storage.sealing import seal, unseal
from fingerpost_assistant.storage.turn_store import Accepted, NewTurn, TurnStore

__all__ = [
    "Accepted",
    "ConversationStore",
    "Database",
    "FeedbackStore",
    "NewTurn",
    "TurnStore",
    "create_engine",
    "seal",
    "unseal",
    "upgrade",
]
