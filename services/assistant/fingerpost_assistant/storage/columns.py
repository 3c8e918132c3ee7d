"""Column types: typed structs kept as JSON text."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")


class AsJson(TypeDecorator[T], Generic[T]):
    """A value of a msgspec-encodable type, kept as JSON text.

    Text and not the databases' own JSON types: nothing looks inside with SQL, both databases
    then behave the same, and PostgreSQL's `jsonb` refuses the NUL characters that text from
    outside may hold.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return None if value is None else msgspec.json.decode(value, type=self.kind)
