"""The key for the Qdrant server goes with every request, whoever opens the index."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.knowledge import open_knowledge
from fingerpost_gateway.operations.rebuilding import rebuild_closed
from fingerpost_gateway.settings import Settings, StateSettings
from fingerpost_retrieval import RetrievalError

KEY = "sesame"

pytestmark = pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection")


class Gate(BaseHTTPRequestHandler):
    """Lets nobody in, and remembers the keys that were shown."""

    shown: set[str | None]

    def do_GET(self) -> None:
        self.shown.add(self.headers["api-key"])
        self.send_error(401)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Tests print nothing."""

    def log_error(self, *args: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def shown() -> set[str | None]:
    return set()


@pytest.fixture
def settings(data_dir: Path, shown: set[str | None]) -> Iterator[Settings]:
    gate = type("GateOfOneTest", (Gate,), {"shown": shown})
    with ThreadingHTTPServer(("127.0.0.1", 0), gate) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        state = StateSettings(qdrant_url=url, qdrant_api_key=KEY)
        yield Settings(data_dir=data_dir, state=state)
        server.shutdown()
        thread.join()


async def test_the_key_is_shown_when_the_index_is_opened(
    settings: Settings, shown: set[str | None]
) -> None:
    with pytest.raises(RetrievalError):
        async with open_knowledge(settings, DataDirectory(settings.data_dir)):
            pass
    assert shown == {KEY}


def test_the_key_is_shown_when_the_index_is_built_anew(
    settings: Settings, shown: set[str | None]
) -> None:
    with pytest.raises(RetrievalError):
        rebuild_closed(settings, DataDirectory(settings.data_dir), lambda done, total: None)
    assert shown == {KEY}
