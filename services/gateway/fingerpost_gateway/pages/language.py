"""In which language a page speaks to this reader, and how that is remembered."""

from __future__ import annotations

from litestar import Request
from litestar.datastructures import Cookie, State

from fingerpost_gateway.pages.texts import LANGUAGES, Texts, texts_in

LANGUAGE_COOKIE = "fingerpost_language"
_REMEMBERED_S = 365 * 24 * 3600

AnyRequest = Request[object, object, State]


def page_texts(request: AnyRequest) -> Texts:
    """The texts in the reader's language: as chosen now, chosen before, or preferred by the browser."""
    chosen = _chosen(request) or request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen not in LANGUAGES:
        preferred = request.headers.get("accept-language", "").lower()
        chosen = "cy" if preferred.startswith("cy") else "en"
    return texts_in(chosen)


def language_cookies(request: AnyRequest) -> list[Cookie]:
    """The cookie that remembers a language chosen by this request, if one was."""
    if not (chosen := _chosen(request)):
        return []
    return [Cookie(key=LANGUAGE_COOKIE, value=chosen, max_age=_REMEMBERED_S, httponly=True)]


def _chosen(request: AnyRequest) -> str:
    language = request.query_params.get("lang", "")
    return language if language in LANGUAGES else ""
