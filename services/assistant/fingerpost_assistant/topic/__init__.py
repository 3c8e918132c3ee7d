"""What a question is about, by its words."""

from fingerpost_assistant.topic.words import is_keywords, topic_words

__all__ = ["is_keywords", "topic_words"]
