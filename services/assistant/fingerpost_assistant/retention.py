"""Deletes conversations that have reached the age at which they are no longer kept."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from fingerpost_assistant.live.forever import forever
from fingerpost_assistant.storage import ConversationStore

_log = logging.getLogger(__name__)

_EVERY_S = 600.0
_BATCH = 500


class Retention:
    """Forgets old conversations; any number may run at once."""

    def __init__(self, conversations: ConversationStore, *, days: float) -> None:
        """
        Args:
            days: age at which a conversation is deleted.
        """
        self._conversations = conversations
        self._age = timedelta(days=days)

    async def run(self) -> None:
        """Forget until cancelled."""
        await forever(self.forget, "deleting old conversations", every_s=_EVERY_S)

    async def forget(self) -> None:
        """Delete what is too old now. Their streams have long expired."""
        before = datetime.now(UTC) - self._age
        while old := await self._conversations.started_before(before, _BATCH):
            for conversation_id in old:
                await self._conversations.delete(conversation_id)
            _log.info("%d conversations were older than %s and are deleted", len(old), self._age)
