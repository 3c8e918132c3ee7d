"""What a reader of a page never sees, and what is no part of its text."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CODE = ("head", "noscript", "script", "style", "template", "title")
_MEDIA = ("applet", "audio", "canvas", "embed", "iframe", "map", "object", "svg", "video")
_FRAMES = ("frame", "frameset", "noframes")
_NO_TEXT = frozenset({*_CODE, *_MEDIA, *_FRAMES, "datalist", "nav", "textarea"})
_NO_CLASSES = frozenset({"accessibility-warning", "js-hidden", "reversefootnote"})
_INVISIBLE_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element is navigation, code, or hidden from readers, with all that is in it.

    Text that readers cannot see cannot be checked by them, and is where hostile pages put
    instructions for models. What a page folds away until it is asked for
    (`hidden="until-found"`, `<details>`) is visible.
    """
    if tag in _NO_TEXT:
        return True
    if not attributes:
        return False
    return (
        attributes.get("hidden", "until-found").lower() != "until-found"
        or attributes.get("aria-hidden", "").lower() == "true"
        or attributes.get("role") == "navigation"
        or not _NO_CLASSES.isdisjoint(attributes.get("class", "").split())
        or _INVISIBLE_STYLE.search(attributes.get("style", "")) is not None
    )
