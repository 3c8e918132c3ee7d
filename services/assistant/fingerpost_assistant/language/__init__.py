"""Which language a question is in: Welsh or English."""

from fingerpost_assistant.language.detect import detect_language

__all__ = ["detect_language"]
