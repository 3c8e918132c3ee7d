"""What can go wrong in serving.

```
ServingError                 anything below; catch it to catch all of it
├── InvalidRegistry          models.toml is missing, unreadable, no TOML, or says what cannot be
├── UnknownModel             a name was asked for that models.toml does not have
├── NoModelForRole           models.toml names no model that does this work
├── ApiKeyMissing            a model's server asks for a key, and its variable is not set
├── EngineFailed             an engine of this machine cannot be started
├── UnknownNation            an asker's nation is none that guidance is told apart by
├── EmbeddingMismatch        a question's vector is not from the answerer's embedder
└── ModelFailed              a model did not write what it was asked for
    ├── ModelUnreachable     its server cannot be reached, or broke off before the first token
    ├── ModelBusy            its server has no room now (429, 503); may say when to try again
    ├── ModelRefused         its server does not take this request, now or later
    ├── ModelTimedOut        the first token, or the end, did not come in time
    ├── ModelBrokeOff        the stream ended, or became unreadable, in mid-answer
    └── AdmissionRefused     it was not asked at all
        ├── Busy             too many are before this request; says when to try again
        └── TooLarge         it could never take this request
```

That nothing in the evidence answers a question is no error: it is an `Answer` without sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

# ruff: noqa: N818 -- the names say what happened, as in httpx (`TooManyRedirects`)


class ServingError(Exception):
    """Base of every error of this package."""


class InvalidRegistry(ServingError):
    """A registry of models cannot be used as it is written.

    Raised by `Registry.load`, before any model is started.
    """

    def __init__(
        self, file: Path, cause: str, cure: str, *, key: str = "", line: int | None = None
    ) -> None:
        self.file = file
        self.key = key
        """Dotted path of the setting at fault; empty for the file as a whole."""
        self.line = line
        """Its line in the file, from 1, where it is known."""
        place = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{place}: {f'{key}: ' if key else ''}{cause}. {cure}")


class UnknownModel(ServingError):
    """A model was asked for by a name that the registry does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(
            f"no model {name!r} in models.toml. It names: {', '.join(known) or 'none'}. "
            f"Use one of these, or add [models.{name}]."
        )


class NoModelForRole(ServingError):
    """The registry names no model for a role that is needed."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(
            f'no model with role = "{role}" in models.toml. Add one, or leave the file out to '
            f"use the one that is shipped."
        )


class ApiKeyMissing(ServingError):
    """The environment variable with the key of a model's server is not set."""

    def __init__(self, model: str, variable: str) -> None:
        self.variable = variable
        super().__init__(
            f"model {model}: its server asks for a key, but {variable} is not set. Put the key "
            f"into that variable, or remove api_key_variable from [models.{model}.engine]."
        )


class EngineFailed(ServingError):
    """An engine cannot be started on this machine; the message says why, from its log."""


class UnknownNation(ServingError):
    """A nation was given that is not spelt as one of the four.

    Raised by `ExtractiveAnswerer.answer`: with a nation that no guidance is for, all guidance
    would look as if it were for somebody else.
    """

    def __init__(self, nation: str, known: Iterable[str]) -> None:
        super().__init__(
            f"no nation {nation!r}. Use one of {', '.join(sorted(known))}, or none if the asker "
            f"has not said."
        )


class EmbeddingMismatch(ServingError):
    """A vector was handed over that the answerer's embedder cannot have made."""

    def __init__(self, expected: int, found: tuple[int, ...]) -> None:
        super().__init__(
            f"the question's vector has shape {found}, but the embedder's have {expected} "
            f"dimensions. Embed the question with the embedder that the answerer was given."
        )


class ModelFailed(ServingError):
    """A model did not write what it was asked for; the subclasses say why.

    Raised while a `ChatModel` streams.
    """

    def __init__(self, model: str, message: str) -> None:
        self.model = model
        """Its name in `models.toml`."""
        super().__init__(f"model {model}: {message}")


class ModelUnreachable(ModelFailed):
    """No connection, or one that broke before the first token, after every retry."""


class ModelBusy(ModelFailed):
    """The server refused for want of room (429 or 503)."""

    def __init__(self, model: str, message: str, *, retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s
        """Seconds after which the server wants to be asked again, where it said."""
        super().__init__(model, message)


class ModelRefused(ModelFailed):
    """The server does not take the request as it is (any other 4xx): trying again is no use."""

    def __init__(self, model: str, message: str, *, status: int) -> None:
        self.status = status
        super().__init__(model, message)


class ModelTimedOut(ModelFailed):
    """The first token or the whole answer took longer than the request allows."""


class ModelBrokeOff(ModelFailed):
    """The stream ended without its end, or held what cannot be read, after some text."""


class AdmissionRefused(ModelFailed):
    """Admission did not let a request through to the model."""


class Busy(AdmissionRefused):
    """Too many requests are before this one (HTTP 503)."""

    def __init__(self, model: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        """Seconds after which another try makes sense."""
        super().__init__(model, f"all places are taken; try again in {retry_after_s:g} seconds")


class TooLarge(AdmissionRefused):
    """A request needs more tokens than the model may ever hold (HTTP 413)."""

    def __init__(self, model: str, tokens: int, limit: int) -> None:
        self.tokens = tokens
        self.limit = limit
        super().__init__(
            model, f"the request needs about {tokens:,} tokens and the limit is {limit:,}"
        )
