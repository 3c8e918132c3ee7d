"""Errors of the assistant, and when each occurs.

AssistantError               anything below; catch this to catch them all
└── QuestionError            the question itself cannot be answered; the asker can mend it
    ├── EmptyQuestion        nothing but white space and invisible characters was asked
    └── QuestionTooLong      more characters than `Pipeline` accepts
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error that the assistant raises on purpose."""


class QuestionError(AssistantError):
    """A question that cannot be answered as it stands."""


class EmptyQuestion(QuestionError):
    """There is no text in the question."""

    def __init__(self) -> None:
        super().__init__("The question is empty: write what you would like to know.")


class QuestionTooLong(QuestionError):
    """The question is longer than the limit."""

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(
            f"The question has {length:,} characters and the limit is {limit:,}: "
            "shorten it to what you would like to know."
        )
