"""A browser, and what a reader does with the assistant's page in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cuttingproxy import CuttingProxy
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from reader import WIDE, NewReader, Reader
from serverprocess import ServerProcess

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with its module: as long as Playwright's synchronous API is in use, an
    event loop counts as running in this thread, and asynchronous tests could not run."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if not executable:
        pytest.skip("no Chromium: install it, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def slow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose answers take seconds, so that something can happen meanwhile."""
    data_dir = tmp_path_factory.mktemp("slow") / "data"
    with ServerProcess(data_dir, module="unhurried") as process:
        yield process


@pytest.fixture
def proxy(slow_server: ServerProcess) -> Iterator[CuttingProxy]:
    """A way to the slow server that can be cut."""
    with CuttingProxy(slow_server.port) as cutting:
        yield cutting


@pytest.fixture
def new_reader(browser: Browser) -> Iterator[NewReader]:
    """Makes readers, each with a browser profile of their own."""
    contexts: list[BrowserContext] = []
    readers: list[Reader] = []

    def make(
        url: str, *, size: tuple[int, int] = WIDE, script: bool = True, locale: str = "en-GB"
    ) -> Reader:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            locale=locale,
        )
        contexts.append(context)
        readers.append(Reader(context.new_page(), url))
        return readers[-1]

    yield make
    for context in contexts:
        context.close()
    assert [error for reader in readers for error in reader.errors] == []


@pytest.fixture
def reader(new_reader: NewReader, server: ServerProcess) -> Reader:
    """Somebody who has just come to the start page."""
    return new_reader(server.url).visit()


@pytest.fixture
def patient_reader(new_reader: NewReader, proxy: CuttingProxy) -> Reader:
    """Somebody whose answers take their time, over a connection that can be cut."""
    return new_reader(proxy.url).visit()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    folder = Path(__file__).parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
