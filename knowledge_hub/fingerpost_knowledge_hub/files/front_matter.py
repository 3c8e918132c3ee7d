"""The YAML block at the head of a Markdown file: what it says about the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import msgspec
import yaml

from fingerpost_knowledge_hub.documents import NATIONS, Status
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.markup import one_line

MAX_FRONT_MATTER = 64 * 2**10
"""Most characters between the two lines of dashes."""

_BLOCK = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"---[ \t]*(\n|\Z)")
_STATUSES = tuple(status.value for status in Status if status is not Status.GONE)
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says about itself. Keys that are not listed here are other programs' business."""

    title: str = ""
    description: str = ""
    nations: tuple[str, ...] = NATIONS
    language: str = ""
    publisher: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    url: str = ""
    """Where readers find the page, if not on the gateway's own pages."""
    official: str = ""
    """Page of the authority that should be read instead; see `Document.official_url`."""
    status: Status = Status.LIVE
    """Also "draft" where `draft: true` says so, as site generators write it."""
    notice: str = ""
    sample: bool = False


class Page(NamedTuple):
    """A file cut in two."""

    about: FrontMatter
    body: str


def split_front_matter(text: str) -> Page:
    """Cut off and read the front matter; a text without one is all body.

    Raises:
        DocumentError: the block does not end, is no YAML, or says something that cannot be.
    """
    if not _OPENING.match(text):
        return Page(FrontMatter(), text)
    block = _BLOCK.match(text)
    if block is None:
        raise DocumentError("its front matter begins with --- but does not end: add a line of ---")
    if len(block[1]) > MAX_FRONT_MATTER:
        raise DocumentError("its front matter is longer than 64 KiB: move the text below it")
    return Page(_read(block[1]), text[block.end() :])


def _read(block: str) -> FrontMatter:
    try:
        # Not the faster loader in C: deep nesting overflows its stack and ends the process.
        said = yaml.load(block, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        cause = one_line(str(error))[:200]
        raise DocumentError(f"its front matter is no YAML ({cause}): correct it") from error
    if said is None:
        return FrontMatter()
    if not isinstance(said, dict):
        raise DocumentError("its front matter is no list of `key: value` lines: correct it")
    draft = _flag(said, "draft")
    return FrontMatter(
        title=_text(said, "title"),
        description=_text(said, "description"),
        nations=_nations(said),
        language=_language(said),
        publisher=_text(said, "publisher"),
        published=_moment(said, "published"),
        updated=_moment(said, "updated"),
        url=_address(said, "url"),
        official=_address(said, "official"),
        status=_status(said, Status.DRAFT if draft else Status.LIVE),
        notice=_text(said, "notice"),
        sample=_flag(said, "sample"),
    )


def _text(said: Mapping[str, object], key: str) -> str:
    value = said.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise DocumentError(f"its front matter's `{key}` is no text: put it in quotes")
    return one_line(str(value))


def _flag(said: Mapping[str, object], key: str) -> bool:
    value = said.get(key, False)
    if not isinstance(value, bool):
        raise DocumentError(f"its front matter's `{key}` must be true or false")
    return value


def _moment(said: Mapping[str, object], key: str) -> datetime | None:
    """A date is the beginning of that day in UTC; a time without a zone is taken as UTC."""
    value = said.get(key)
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise DocumentError(
            f"its front matter's `{key}` is no date: write it as 2026-04-06"
        ) from error


def _nations(said: Mapping[str, object]) -> tuple[str, ...]:
    value = said.get("nations")
    if value is None:
        return NATIONS
    wanted = value if isinstance(value, list) else [value]
    named = {str(one).strip().lower().replace(" ", "-") for one in wanted}
    if not named or not named.issubset(NATIONS):
        raise DocumentError(f"its front matter's `nations` must be among {', '.join(NATIONS)}")
    return tuple(nation for nation in NATIONS if nation in named)


def _language(said: Mapping[str, object]) -> str:
    tag = _text(said, "language")
    if tag and not _TAG.fullmatch(tag):
        raise DocumentError("its front matter's `language` is no language tag: write en or cy")
    return tag


def _address(said: Mapping[str, object], key: str) -> str:
    address = _text(said, key)
    # An address ends up in a link: anything but the web is refused ("javascript:" is one).
    if address and not address.startswith(("https://", "http://", "/")):
        raise DocumentError(f"its front matter's `{key}` must start with https:// or a slash")
    return address


def _status(said: Mapping[str, object], otherwise: Status) -> Status:
    value = _text(said, "status").lower()
    if not value:
        return otherwise
    if value not in _STATUSES:
        raise DocumentError(f"its front matter's `status` must be among {', '.join(_STATUSES)}")
    return Status(value)
