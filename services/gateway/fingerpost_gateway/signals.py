"""What SIGTERM and SIGINT do: the first asks the server to stop, the second ends it at once."""

from __future__ import annotations

import asyncio
import os
import signal

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopSignals:
    """Turns the first signal into an event, or into the end of a start that is under way."""

    def __init__(self) -> None:
        """Take the signals over from the running task's loop; call it in the main thread."""
        self.received = asyncio.Event()
        self._starting = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._receive, number)

    def started(self) -> None:
        """From now on, the first signal only sets `received`."""
        self._starting = None

    def _receive(self, number: signal.Signals) -> None:
        if self.received.is_set():
            # All that is stored survives it: this is what the lock and the logs are made for.
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.received.set()
        if self._starting is not None:
            self._starting.cancel()
