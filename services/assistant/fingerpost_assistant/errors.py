"""Errors of the assistant, and when each occurs.

AssistantError               anything below; catch this to catch them all
├── QuestionError            the question itself cannot be answered; the asker can mend it
│   ├── EmptyQuestion        nothing but white space and invisible characters was asked
│   └── QuestionTooLong      more characters than `Pipeline` accepts
├── RequestError             the call does not fit what is there; the caller can mend it
│   ├── UnknownConversation  no such conversation, or another caller's
│   ├── UnknownTurn          no such turn, or another caller's
│   ├── TooManyTurns         the conversation is full
│   ├── IdempotencyConflict  the idempotency key was used for another question
│   ├── CommentTooLong       a feedback comment over the limit
│   └── InvalidEventId       resuming after something that is no event id
├── Unavailable              try again later; nothing was accepted
│   ├── Busy                 as many turns run as this process takes on
│   ├── ShuttingDown         the process finishes what it has and takes nothing new
│   ├── ValkeyUnavailable    Valkey did not answer within the deadline
│   └── DatabaseUnavailable  the database could not be reached, read or written
├── DatabaseTooNew           a newer version of the software made the database
├── TurnEnded                an event for a turn that has ended already (inside the assistant)
└── EmbeddedValkeyError      the Valkey server beside us cannot be run
    ├── ValkeyMissing        there is no Valkey binary for this system
    ├── ValkeyInUse          another process runs Valkey on the same directory
    └── ValkeyFailed         Valkey did not start; the end of its log is in the message
"""

# ruff: noqa: N818 -- the names say what happened, as in httpx (`TooManyRedirects`)

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


class RequestError(AssistantError):
    """A call that does not fit what is there."""


class UnknownConversation(RequestError):
    """There is no such conversation for this caller."""

    def __init__(self) -> None:
        super().__init__("There is no such conversation: start a new one.")


class UnknownTurn(RequestError):
    """There is no such turn for this caller."""

    def __init__(self) -> None:
        super().__init__("There is no such question: it may have been deleted.")


class TooManyTurns(RequestError):
    """The conversation holds as many questions as it may."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"This conversation has its {limit} questions: start a new one.")


class IdempotencyConflict(RequestError):
    """The same idempotency key came with a different question."""

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used for another question of the conversation: "
            "use a new key for each question."
        )


class CommentTooLong(RequestError):
    """A feedback comment is longer than the limit."""

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(f"The comment has {length:,} characters and the limit is {limit:,}.")


class InvalidEventId(RequestError):
    """Not the id of an event."""

    def __init__(self) -> None:
        super().__init__("Not an event id: resume with the id of the last event you received.")


class Unavailable(AssistantError):
    """The call may succeed later; nothing was accepted."""

    retry_after_s: float = 5.0
    """Seconds after which another try makes sense."""


class Busy(Unavailable):
    """This process runs as many turns as it may."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"All {limit} places for answers are taken: try again in a few seconds.")


class ShuttingDown(Unavailable):
    """This process finishes what it has and takes nothing new."""

    def __init__(self) -> None:
        super().__init__("The service is restarting: try again in a few seconds.")


class ValkeyUnavailable(Unavailable):
    """Valkey did not answer within the deadline."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"Valkey is not reachable ({cause}): check the server at the redis URL.")


class DatabaseUnavailable(Unavailable):
    """The database could not be reached, read or written."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"The database cannot be used ({cause}): check its address, its rights and the "
            "space on its disk."
        )


class DatabaseTooNew(AssistantError):
    """The database was made by a newer version of the software."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(
            f"The database is at revision {revision}, which this version does not know: "
            "install the version that made it, or restore a backup of this version's."
        )


class TurnEnded(AssistantError):
    """The turn has its outcome already and takes no more events."""


class EmbeddedValkeyError(AssistantError):
    """The Valkey server beside us cannot be run."""


class ValkeyMissing(EmbeddedValkeyError):
    """There is no Valkey binary for this system."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"There is no Valkey to start ({cause}): set the redis URL to a Valkey or Redis server."
        )


class ValkeyInUse(EmbeddedValkeyError):
    """Another process runs Valkey on the same directory."""

    def __init__(self, folder: str, owner: str) -> None:
        super().__init__(
            f"{folder} is in use by process {owner}: stop that one, or set another data directory."
        )


class ValkeyFailed(EmbeddedValkeyError):
    """Valkey did not start."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"Valkey did not start: {cause}")
