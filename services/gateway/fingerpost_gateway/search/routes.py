"""Search: the passages of guidance that fit a question, without an answer."""

from __future__ import annotations

from litestar import Request, Router, post
from litestar.datastructures import State

from fingerpost_assistant import Principal
from fingerpost_gateway.access import Caller
from fingerpost_gateway.limits import RateLimits
from fingerpost_gateway.responses import refused
from fingerpost_gateway.runtime import Runtime
from fingerpost_gateway.search.schemas import NewSearch, SearchAnswer
from fingerpost_gateway.search.views import search_answer
from fingerpost_retrieval import Scope


@post(
    "/search",
    summary="Search the guidance",
    status_code=200,
    responses=refused(403, 413, 429),
)
async def search(
    request: Request[object, object, State],
    data: NewSearch,
    runtime: Runtime,
    limits: RateLimits,
    caller: Caller,
) -> SearchAnswer:
    """Find the passages that fit a question. Nothing about it is stored."""
    await limits.count("searches", request, caller)
    result = await runtime.index.asearch(
        data.question, scope_of(caller.principal, data), limit=data.limit
    )
    return search_answer(result)


def scope_of(principal: Principal, search: NewSearch) -> Scope:
    """What the principal may search, narrowed to what was asked for."""
    return Scope(
        tenant=principal.tenant,
        collections=principal.collections,
        nation=search.nation,
        locale=search.locale,
    )


search_router = Router(path="/v1", route_handlers=[search], tags=["Search"])
