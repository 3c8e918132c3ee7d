"""Computing on texts without keeping the event loop from its work for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

SHORT_CHARACTERS = 200
"""Up to here the rules take less than a millisecond (0.1 for most questions), and the way to a thread
and back half of one. The longest questions take 30."""


async def computed(function: Callable[[], Result], characters: int) -> Result:
    """Call what computes on texts of so many characters: at once, or in a thread if that is long."""
    if characters <= SHORT_CHARACTERS:
        return function()
    return await asyncio.to_thread(function)
