"""The hub's search data (`get-search.json`): what each tool and prompt is, and who may see it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import msgspec

from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.errors import SourceError
from fingerpost_knowledge_hub.markup import one_line

Flag = bool | int | str | None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A tool or prompt as the search data describes it."""

    url: str
    """As written, such as "/tools/caddy/"."""
    title: str
    synopsis: str
    organisation: str
    created: datetime | None
    updated: datetime | None
    status: Status
    """`INTERNAL` for what is internal or hidden from the live site, `DRAFT` for drafts."""


class _Entry(msgspec.Struct):
    title: str
    url: str
    content: str
    """An object as JSON, inside a string."""
    synopsis: str = ""


class _Content(msgspec.Struct, rename="camel"):
    # Flags are as a rule booleans; whatever else says yes hides the page as well.
    draft: Flag = None
    internal: Flag = None
    hide_from_live_site: Flag = None
    organisation: str = ""
    created: str = ""
    updated: str = ""


def read_search_data(content: bytes) -> dict[str, Item]:
    """Every tool and prompt, by its `key`; of two entries for one page the more hidden counts.

    Raises:
        SourceError: the data, or any entry of it, is not as expected. Without all flags no page
            can be shown, since a draft could be among them.
    """
    items: dict[str, Item] = {}
    try:
        for entry in msgspec.json.decode(content, type=list[_Entry]):
            item = _item(entry)
            rival = items.get(key(entry.url))
            if rival is None or _SECRECY[item.status] > _SECRECY[rival.status]:
                items[key(entry.url)] = item
    except (msgspec.DecodeError, ValueError) as error:
        raise SourceError(
            f"get-search.json is not as expected ({error}): nothing is read without it, since it "
            "says which pages are drafts; fetch it again"
        ) from error
    return items


def key(url: str) -> str:
    """What two ways to write a page's address have in common: its path, without case and slashes."""
    parts = unquote(urlsplit(url).path).casefold().split("/")
    return "/".join(part for part in parts if part)


_SECRECY = {Status.LIVE: 0, Status.DRAFT: 1, Status.INTERNAL: 2}


def _item(entry: _Entry) -> Item:
    content = msgspec.json.decode(entry.content, type=_Content)
    if _says_yes(content.internal) or _says_yes(content.hide_from_live_site):
        status = Status.INTERNAL
    else:
        status = Status.DRAFT if _says_yes(content.draft) else Status.LIVE
    return Item(
        url=entry.url,
        title=one_line(entry.title),
        synopsis=one_line(entry.synopsis),
        organisation=one_line(content.organisation),
        created=_moment(content.created),
        updated=_moment(content.updated),
        status=status,
    )


def _says_yes(flag: Flag) -> bool:
    return (
        flag.strip().lower() not in ("", "false", "no", "0")
        if isinstance(flag, str)
        else bool(flag)
    )


def _moment(milliseconds: str) -> datetime | None:
    """Milliseconds since 1970, as the hub writes them; None for anything else."""
    if not (milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) <= 14):
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
