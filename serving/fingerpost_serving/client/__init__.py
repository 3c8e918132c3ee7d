"""Calls models behind servers of the OpenAI-compatible API (vLLM, its router) and streams.

Needs the extra `client`: `pip install fingerpost-serving[client]`.
"""

try:
    from .remote import RemoteChatModel
    from .retries import Retries
except ModuleNotFoundError as error:  # pragma: no cover -- the tests' environment has them
    raise ImportError(f"{error.name} is missing: pip install fingerpost-serving[client]") from error

__all__ = ["RemoteChatModel", "Retries"]
