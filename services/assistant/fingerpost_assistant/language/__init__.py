"""Which language a question is in: Welsh or English."""

from fingerpost_assistant.language.detect import BASE_LANGUAGE, detect_language, language_of

__all__ = ["BASE_LANGUAGE", "detect_language", "language_of"]
