"""All pages: the assistant, guidance, and their style sheet and script."""

from __future__ import annotations

from litestar import Router

from fingerpost_gateway.pages.assets import read_asset
from fingerpost_gateway.pages.chat import (
    ask,
    delete_conversation,
    empty_chat,
    give_feedback,
    show_conversation,
    start_conversation,
    stop_answer,
)
from fingerpost_gateway.pages.guidance import show_guidance
from fingerpost_gateway.pages.visitors import own_forms_only

pages_router = Router(
    path="/",
    guards=[own_forms_only],
    route_handlers=[
        empty_chat,
        show_conversation,
        ask,
        start_conversation,
        delete_conversation,
        stop_answer,
        give_feedback,
        show_guidance,
        read_asset,
    ],
)
