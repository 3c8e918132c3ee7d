"""Somebody at a page of the assistant, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from playwright.sync_api import Locator, Page

WIDE = (1280, 900)
NARROW = (320, 700)
"""The width at which WCAG 2.2 asks for no scrolling sideways (1.4.10)."""


class Reader:
    """Somebody at a page of the assistant."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(f"dialog: {dialog.message}"))

    def visit(self, path: str = "/") -> Self:
        self.page.goto(self.url + path)
        return self

    def ask(self, question: str) -> Locator:
        """Send a question; gives its part of the page, however far the answer is."""
        number = self.page.locator(".turn").count() + 1
        self.page.fill("#question", question)
        self.page.click("#send")
        turn = self.page.locator(f"#question-{number}")
        turn.wait_for()
        return turn

    def ask_to_the_end(self, question: str) -> Locator:
        """Send a question and wait for the end of its answer."""
        return self.ended(self.ask(question))

    def ended(self, turn: Locator) -> Locator:
        """Wait for the end of an answer."""
        turn.and_(self.page.locator(".turn:not([data-outcome=''])")).wait_for()
        return turn

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


NewReader = Callable[..., Reader]
