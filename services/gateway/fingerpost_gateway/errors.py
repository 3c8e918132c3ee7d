"""What can go wrong in the gateway itself.

GatewayError
├── SettingsError        the settings file or an environment variable cannot be used
├── UnsafeAddressError   asked to listen beyond this machine without any key configured
├── PortInUseError       another program listens on the address
├── DataDirectoryError   the data directory is missing, read-only or full
│   └── DataDirectoryInUseError  another process holds it
├── ServerUnreachableError  the running server's control socket does not answer
├── CommandFailedError   the running server could not do what a command asked of it
├── IngestionStoppedError  the server that ingests was told to stop
├── NothingToRunError    no model that was asked for runs on this machine
├── BackupError          a backup cannot be written, read or restored
└── RequestRefusedError  a request is refused before anything is done
    ├── AccessDeniedError   the key or session in the request is not valid
    ├── ForbiddenError      the principal may not do this
    ├── RateLimitedError    the asker did this too often
    ├── ShuttingDownError   the server finishes what it has and takes nothing new
    ├── UnsupportedError    a request in OpenAI's shape asks for what there is not
    │   └── UnknownModelError   it names a model that there is not
    ├── AnswerFailedError   the question was taken, but its answer failed
    └── TimedOutError       the request took longer than the limit

Every message names the cause and the cure: it is shown to the person as it stands.
"""

from __future__ import annotations

from pathlib import Path


class GatewayError(Exception):
    """Base of every error that this package raises on purpose."""


class SettingsError(GatewayError):
    """The settings file or an environment variable cannot be used."""


class UnsafeAddressError(GatewayError):
    """Asked to listen beyond this machine although no key is configured."""


class PortInUseError(GatewayError):
    """Another program listens on the address."""


class DataDirectoryError(GatewayError):
    """The data directory is missing, read-only or full."""


class DataDirectoryInUseError(DataDirectoryError):
    """Another process holds the data directory."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.owner = owner
        """Who holds it, such as "fingerpost serve (process 4711)"."""
        super().__init__(
            f"the data directory {folder} is in use by {owner}: wait until it has finished or "
            "stop it, or name another folder in FINGERPOST_DATA_DIR"
        )


class ServerUnreachableError(GatewayError):
    """The running server's control socket does not answer."""


class CommandFailedError(GatewayError):
    """The running server could not do what a command asked of it; the message is the server's."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        """Stable name of what went wrong, as `--json` shows it."""
        super().__init__(message)


class IngestionStoppedError(GatewayError):
    """The server that ingests was told to stop."""

    def __init__(self) -> None:
        super().__init__(
            "the server is shutting down: what was ingested stays; run the command again to go on"
        )


class NothingToRunError(GatewayError):
    """No model that was asked for is one to be started on this machine."""


class BackupError(GatewayError):
    """A backup cannot be written, read or restored."""


class RequestRefusedError(GatewayError):
    """A request is refused before anything is done."""


class AccessDeniedError(RequestRefusedError):
    """The key or session in the request is not valid."""


class ForbiddenError(RequestRefusedError):
    """The principal may not do this."""


class RateLimitedError(RequestRefusedError):
    """The asker did this too often."""

    def __init__(self, what: str, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too many {what}; try again in {retry_after_s} seconds")


class ShuttingDownError(RequestRefusedError):
    """The server finishes what it has and takes nothing new."""

    def __init__(self) -> None:
        super().__init__("the server is shutting down; try again in a few seconds")


class UnsupportedError(RequestRefusedError):
    """A request in OpenAI's shape asks for what a grounded answer cannot be."""

    def __init__(self, param: str, message: str) -> None:
        self.param = param
        """The field of the request at fault."""
        super().__init__(f"{param}: {message}")


class UnknownModelError(UnsupportedError):
    """It names a model that there is not, or not for this caller."""


class AnswerFailedError(RequestRefusedError):
    """A question was taken, but its answer failed; the message says what to do."""


class TimedOutError(RequestRefusedError):
    """The request took longer than `request_timeout_s`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the request took longer than {seconds:g} seconds; try again")
