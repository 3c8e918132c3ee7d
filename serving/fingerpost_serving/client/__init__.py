"""Calls models behind servers of the OpenAI-compatible API (vLLM, its router) and streams.

Needs the extra `client`: `pip install fingerpost-serving[client]`.
"""

try:
    import aiohttp as _  # noqa: F401 -- says at once what is missing
except ImportError as error:  # pragma: no cover -- the environment of the tests has it
    raise ImportError("aiohttp is missing: pip install fingerpost-serving[client]") from error

from .remote import RemoteChatModel
from .retries import Retries

__all__ = ["RemoteChatModel", "Retries"]
