"""Reads `models.toml`, or says what is wrong with it: file, line, key, cause and cure."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from pathlib import Path

import msgspec

from ._contradictions import Fault, contradictions
from .errors import InvalidRegistry
from .models import Backend, Model, Role, Size

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}")
_TABLE = re.compile(r"\s*\[+([^\]]+)\]")
_SETTING = re.compile(r"\s*([\w\"'./-]+)\s*=")

# What msgspec says, and where: "Expected `int` >= 1 - at `$.limits.context`".
_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_FIELD = re.compile(r"missing required field `(?P<missing>\w+)`|unknown field `(?P<unknown>\w+)`")

_CHOICES: dict[str, type[StrEnum]] = {"role": Role, "backend": Backend, "size": Size}


def read_text(path: Path) -> str:
    """Read a file of UTF-8 text. Raises `InvalidRegistry`."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        cause = f"cannot be read ({error.strerror or error})"
        cure = "Name a file that exists and may be read, or none to use the shipped models."
        raise InvalidRegistry(path, cause, cure) from error
    except UnicodeDecodeError as error:
        cause = f"is not UTF-8 (byte {error.start})"
        raise InvalidRegistry(path, cause, "Save it as UTF-8 text.") from error


def parse_models(text: str, file: Path) -> tuple[Model, ...]:
    """Turn TOML text into models; `file` is what errors name. Raises `InvalidRegistry`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRegistry(file, f"is no TOML: {error}", "Mend that line.") from error
    tables = content.pop("models", None)
    for key in content:
        cure = "Every model is a table of its own: [models.NAME]."
        line = _line_of(text, key)
        raise InvalidRegistry(file, "there is no such setting", cure, key=key, line=line)
    if not isinstance(tables, dict) or not tables:
        cure = "Add a table [models.NAME] with role, backend and limits."
        raise InvalidRegistry(file, "names no model", cure)
    models = []
    for name, table in tables.items():
        model = _model(name, table)
        if isinstance(model, Fault):
            key = f"models.{name}.{model.key}".rstrip(".")
            line = _line_of(text, key)
            raise InvalidRegistry(file, model.cause, model.cure, key=key, line=line)
        models.append(model)
    for name, fault in contradictions(models):
        key = f"models.{name}.{fault.key}"
        raise InvalidRegistry(file, fault.cause, fault.cure, key=key, line=_line_of(text, key))
    return tuple(models)


def _model(name: str, table: object) -> Model | Fault:
    if not _NAME.fullmatch(name):
        return Fault("", "is no name", "Use letters, digits, '.', '_', '-' and '/' only.")
    if not isinstance(table, dict):
        return Fault("", "is no table", f"Write [models.{name}] with its settings below.")
    if "name" in table:
        return Fault("name", "is set twice", "The table's own name is the model's name.")
    try:
        model = msgspec.convert({**table, "name": name}, Model)
    except msgspec.ValidationError as error:
        return _explain(str(error))
    return model


def _explain(message: str) -> Fault:
    """Split msgspec's message into place and cause, and find the cure."""
    place = _PLACE.search(message)
    cause = message[: place.start()] if place else message
    key = place["path"] if place else ""
    if field := _FIELD.search(cause):
        cure = "Add it." if field["missing"] else "Remove it, or mend its spelling."
        key = ".".join(filter(None, (key, field["missing"] or field["unknown"])))
        return Fault(key, cause, cure)
    if key in _CHOICES:
        return Fault(key, cause, f"Use one of: {', '.join(_CHOICES[key])}.")
    if key == "engine.api_key_variable":
        cause = "is not the name of an environment variable"
        cure = "Put the key into a variable and write the variable's name here, never the key."
        return Fault(key, cause, cure)
    return Fault(key, cause, "Give it such a value.")


def _line_of(text: str, key: str) -> int | None:
    """Find the line of a dotted key, or of the nearest table around it that has a line."""
    table = ""
    best = (0, 0)
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = path = header[1].replace('"', "").replace("'", "").strip()
        elif setting := _SETTING.match(line):
            path = ".".join(filter(None, (table, setting[1].strip("\"'"))))
        else:
            continue
        if key == path or key.startswith(path + "."):
            best = max(best, (len(path), number))
    return best[1] or None
