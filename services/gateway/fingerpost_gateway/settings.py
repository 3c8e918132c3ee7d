"""Settings: one TOML file, then environment variables on top, as typed structs.

`FINGERPOST_CONFIG` names the file (default: `fingerpost.toml` in the data directory, if it
is there). A single value has a variable: its path in capitals, joined by two underscores,
so that `[http] port` is `FINGERPOST_HTTP__PORT`. `FINGERPOST_DATA_DIR` sets `data_dir`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec

from fingerpost_gateway.errors import SettingsError

PREFIX = "FINGERPOST_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
DATA_DIR_VARIABLE = f"{PREFIX}DATA_DIR"
DEFAULT_DATA_DIR = Path(".data")

_DIGEST = re.compile(r"[0-9A-Fa-f]{64}")

WriterName = Literal["extractive", "narrow", "large"]
RoleName = Literal["citizen", "caseworker", "supervisor", "batch", "admin"]


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the server listens and what it accepts."""

    host: str = "127.0.0.1"
    """Address to listen on; anything beyond this machine needs at least one key."""
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8000
    """TCP port."""
    public_url: str = ""
    """Address under which readers reach the server, without a trailing slash; empty: as asked."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks ("10.0.0.0/8") of the proxies in front, whose `X-Forwarded-For` is believed."""
    body_limit: Annotated[int, msgspec.Meta(ge=1)] = 64_000
    """Largest request body in bytes; more is answered 413."""
    request_timeout_s: Annotated[float, msgspec.Meta(gt=0)] = 15.0
    """Longest time for a request that is not a stream, in seconds; more is answered 503."""
    keep_alive_s: Annotated[float, msgspec.Meta(gt=0)] = 15.0
    """Seconds between comments on a silent event stream."""
    drain_s: Annotated[float, msgspec.Meta(ge=0)] = 10.0
    """Seconds that open streams get after SIGTERM before they are ended."""


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one asker may do. Counted in Valkey, so all replicas share the count."""

    questions_per_minute: Annotated[int, msgspec.Meta(ge=1)] = 20
    """Questions a minute for one session or key."""
    searches_per_minute: Annotated[int, msgspec.Meta(ge=1)] = 120
    """Searches a minute for one session or key."""
    conversations_per_minute: Annotated[int, msgspec.Meta(ge=1)] = 30
    """New conversations a minute for one network address (they need no session)."""
    turn_timeout_s: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """Longest time for one answer, in seconds."""
    running_turns: Annotated[int, msgspec.Meta(ge=1)] = 200
    """Answers that one process works on at a time; more is answered 503."""


class StateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where state is kept. Each address left empty means the embedded default."""

    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the data directory."""
    redis_url: str = ""
    """Valkey or Redis URL; empty: a Valkey server started beside this one."""
    qdrant_url: str = ""
    """Qdrant URL; empty: Qdrant Edge in this process."""
    qdrant_api_key: str = ""
    """Key that the Qdrant server asks for; empty: none."""
    session_secret: str = ""
    """Signs citizens' session tokens; replicas need the same one. Empty: made and kept in the
    data directory."""
    retention_days: Annotated[int, msgspec.Meta(ge=1)] = 30
    """Days after which a conversation is deleted."""

    @property
    def embedded(self) -> bool:
        """Whether any state is kept in the data directory, which then has one owner at a time."""
        return not (self.database_url and self.redis_url and self.qdrant_url)


class KeySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One API key. The key itself is never stored: `fingerpost keys hash` prints its hash."""

    name: str
    """Who uses it; appears in logs."""
    sha256: str
    """SHA-256 of the key, 64 hex digits."""
    role: RoleName = "citizen"
    """What its holder may do."""


class PolicySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who writes the answers to a tenant's questions, where there are language models.

    A question is hard when it leans on an earlier one, names several conditions, when several
    pages fit it about equally well, or when the search hardly answers it.
    """

    easy: WriterName = "narrow"
    """For easy questions: "extractive" quotes, "narrow" and "large" are sizes of models."""
    hard: WriterName = "large"
    """For hard questions."""
    conditions: Annotated[int, msgspec.Meta(ge=1)] = 2
    """So many conditions ("if", "but", "because" …) make a question hard."""
    pages: Annotated[int, msgspec.Meta(ge=2)] = 3
    """So many pages that fit about equally well make it hard."""
    answerability: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.3
    """It is hard below this probability that the search answers it, where one is to be had."""


class TenantSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One department or service."""

    title: str = "Fingerpost"
    """Name of the service in the header of its pages."""
    collections: tuple[str, ...] = ("guidance",)
    """Collections that its citizens' questions search."""
    keys: tuple[KeySettings, ...] = ()
    """Its API keys."""
    weight: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    """Its share of the language models beside other tenants', when all have questions waiting."""
    models: PolicySettings = msgspec.field(default_factory=PolicySettings)
    """Which of its questions go to which model."""


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the places at the models are shared; all replicas need the same."""

    caseworker: Annotated[float, msgspec.Meta(gt=0)] = 6.0
    """Share of the tokens for caseworkers, supervisors and admins when all classes wait."""
    citizen: Annotated[float, msgspec.Meta(gt=0)] = 3.0
    """Share for citizens."""
    batch: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    """Share for programs that can wait."""
    places: Annotated[int, msgspec.Meta(ge=0)] = 256
    """Requests that may wait for one model."""
    longest_wait_s: Annotated[float, msgspec.Meta(ge=0)] = 8.0
    """A request that is expected to wait longer is refused at once, in seconds."""


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which models there are, and what runs those of this machine."""

    file: Path | None = None
    """The `models.toml`; none: the one that is shipped."""
    keep_answers_s: Annotated[float, msgspec.Meta(ge=0)] = 3600.0
    """How long what a model wrote answers the same question again; 0 keeps nothing."""
    wait_s: Annotated[float, msgspec.Meta(ge=0)] = 6.0
    """Longest wait for a place at a model, in seconds, before a simpler way is taken."""
    queue: QueueSettings = msgspec.field(default_factory=QueueSettings)
    """Who waits for a model, and for how long."""
    vllm_python: Path = Path(".venv-vllm/bin/python")
    """Python of the environment that vLLM is installed in; `make vllm` makes this one."""


class OpenAIApiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `/openai/v1` has beside grounded answers."""

    raw: Literal["off", "redacted", "plain"] = "off"
    """For keys of caseworkers, supervisors and admins: the models as they are, whose words nothing
    checks against guidance. "redacted": without personal data; "plain": with it."""


class TelemetrySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What operators see."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least serious level that is written."""
    log_format: Literal["json", "console"] = "json"
    """One JSON object a line, or lines for a person."""
    otlp_endpoint: str = ""
    """OTLP/HTTP address for traces; empty: no traces are exported."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    data_dir: Path = DEFAULT_DATA_DIR
    """Folder for all that is kept on this machine."""
    http: HttpSettings = msgspec.field(default_factory=HttpSettings)
    """How the server listens."""
    limits: LimitSettings = msgspec.field(default_factory=LimitSettings)
    """How much one asker may do."""
    state: StateSettings = msgspec.field(default_factory=StateSettings)
    """Where state is kept."""
    models: ModelSettings = msgspec.field(default_factory=ModelSettings)
    """Which models there are."""
    openai_api: OpenAIApiSettings = msgspec.field(default_factory=OpenAIApiSettings)
    """What the OpenAI-compatible API offers."""
    telemetry: TelemetrySettings = msgspec.field(default_factory=TelemetrySettings)
    """What operators see."""
    tenants: dict[str, TenantSettings] = msgspec.field(
        default_factory=lambda: {"default": TenantSettings()}
    )
    """Departments by id; "default" serves whoever brings no key."""

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the database; in a folder's name every character may occur."""
        file = quote(str(self.data_dir / "fingerpost.db"))
        return self.state.database_url or f"sqlite+aiosqlite:///{file}"


def load_settings(
    file: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings.

    Args:
        file: the TOML file; None takes `FINGERPOST_CONFIG`, then `fingerpost.toml` in the
            data directory if there is one.
        environment: variables to read; None takes the process's own.

    Raises:
        SettingsError: the file is missing or malformed, a key is unknown, or a value does
            not fit; the message names the key and what it takes.
    """
    environment = os.environ if environment is None else environment
    values = _from_environment(environment)
    file = file or _settings_file(environment, values)
    if file is not None:
        values = _merged(_from_file(file), values)
    where = f"{file} or the environment" if file else "the environment"
    return _checked(values, where)


def _settings_file(environment: Mapping[str, str], values: dict[str, object]) -> Path | None:
    if named := environment.get(CONFIG_VARIABLE):
        return Path(named)
    default = Path(str(values.get("data_dir", DEFAULT_DATA_DIR))) / "fingerpost.toml"
    return default if default.is_file() else None


def _from_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(
            f"cannot read the settings file {file}: {error.strerror}; "
            f"correct {CONFIG_VARIABLE} or create the file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, text in environment.items():
        # Others that begin alike are not ours: orchestrators make up names such as
        # FINGERPOST_PORT for a service called "fingerpost".
        if not name.startswith(PREFIX) or (name != DATA_DIR_VARIABLE and "__" not in name):
            continue
        *groups, key = name.removeprefix(PREFIX).lower().split("__")
        target = values
        for group in groups:
            inner = target.setdefault(group, {})
            if not isinstance(inner, dict):
                raise SettingsError(f"{name} clashes with another variable of the same group")
            target = inner
        target[key] = text
    return values


def _merged(under: dict[str, object], over: Mapping[str, object]) -> dict[str, object]:
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        both_groups = isinstance(value, dict) and isinstance(below, dict)
        result[key] = _merged(below, value) if both_groups else value  # type: ignore[arg-type]
    return result


def _checked(values: dict[str, object], where: str) -> Settings:
    try:
        # Text from the environment is taken for numbers; TOML values are typed already.
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings in {where}: {error}") from error
    _check_networks(settings.http.trusted_proxies, where)
    _check_keys(settings.tenants, where)
    if "default" in settings.tenants:
        return settings
    tenants = {"default": TenantSettings(), **settings.tenants}
    return msgspec.structs.replace(settings, tenants=tenants)


def _path(wanted: type, value: object) -> Path:
    if wanted is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError("expected a path")


def _check_networks(networks: tuple[str, ...], where: str) -> None:
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise SettingsError(
                f"settings in {where}: http.trusted_proxies: {error}; "
                "write networks such as 10.0.0.0/8"
            ) from error


def _check_keys(tenants: Mapping[str, TenantSettings], where: str) -> None:
    taken: set[str] = set()
    for tenant, settings in tenants.items():
        for key in settings.keys:
            place = f"settings in {where}: tenants.{tenant}.keys: {key.name!r}"
            if not _DIGEST.fullmatch(key.sha256):
                raise SettingsError(
                    f"{place} has a sha256 that is not 64 hex digits; "
                    "make it with `fingerpost keys hash`"
                )
            if key.sha256.lower() in taken:
                raise SettingsError(
                    f"{place} has the sha256 of another entry, and one key has one owner; "
                    "make another key with `fingerpost keys new`"
                )
            taken.add(key.sha256.lower())
