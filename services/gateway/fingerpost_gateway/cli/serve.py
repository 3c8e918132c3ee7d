"""`fingerpost serve`."""

from __future__ import annotations

import os
import sys
import threading
from typing import Annotated

import typer

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.output import out


def serve(
    host: Annotated[str | None, typer.Option(help="IP address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port.", min=1, max=65535)] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Bring the sample knowledge up to date first.")
    ] = False,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the chat page in a browser, if there is one.")
    ] = False,
) -> None:
    """Run the server until it is told to stop (Ctrl+C or SIGTERM).

    It then finishes what it has within a few seconds; a second Ctrl+C ends it at once.
    """
    with failing_clearly():
        import asyncio

        import msgspec

        from fingerpost_gateway.observability.logs import configure_logs
        from fingerpost_gateway.serve import serve as run
        from fingerpost_gateway.settings import load_settings

        settings = load_settings()
        given = {"host": host, "port": port}
        http = msgspec.structs.replace(
            settings.http, **{name: value for name, value in given.items() if value is not None}
        )
        settings = msgspec.structs.replace(settings, http=http)
        configure_logs(settings.telemetry)

        def announce(url: str) -> None:
            out.print(f"\nFingerpost answers on {url}   (Ctrl+C stops it)\n")
            if open_browser:
                _open(url)

        asyncio.run(run(settings, sample=sample, on_ready=announce))


def _open(url: str) -> None:
    """Open a browser where there is a display; without one, text browsers would take the screen."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        import webbrowser

        # Some browsers keep their starter waiting.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
