"""What handlers ask for by name: `runtime`, `caller`, `principal` and the rest."""

from __future__ import annotations

from litestar import Request
from litestar.datastructures import State
from litestar.di import Provide

from fingerpost_assistant import Principal
from fingerpost_gateway.access.principals import Caller, Callers
from fingerpost_gateway.limits import RateLimits
from fingerpost_gateway.runtime import Runtime


def request_dependencies(
    runtime: Runtime, callers: Callers, limits: RateLimits
) -> dict[str, Provide]:
    """Dependencies of every handler, bound to this process's parts.

    Each asks for the one before it: those that could be made at the same time would be made in
    tasks, which costs a request more than all else that Litestar does for it.
    """

    def provide_runtime() -> Runtime:
        return runtime

    def provide_callers(runtime: Runtime) -> Callers:
        return callers

    def provide_limits(callers: Callers) -> RateLimits:
        return limits

    def provide_caller(request: Request[object, object, State], limits: RateLimits) -> Caller:
        return callers.of(request)

    def provide_principal(caller: Caller) -> Principal:
        return caller.principal

    return {
        "runtime": Provide(provide_runtime, sync_to_thread=False),
        "callers": Provide(provide_callers, sync_to_thread=False),
        "limits": Provide(provide_limits, sync_to_thread=False),
        "caller": Provide(provide_caller, sync_to_thread=False),
        "principal": Provide(provide_principal, sync_to_thread=False),
    }
