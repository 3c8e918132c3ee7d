"""Pictures of every page and state, for people to look at: `tests/e2e/screenshots/`."""

from __future__ import annotations

from pathlib import Path

import pytest
from cuttingproxy import CuttingProxy
from reader import NARROW, WIDE, NewReader, Reader
from serverprocess import ServerProcess

pytestmark = pytest.mark.full

BENEFIT = "What happens to my Child Benefit if I earn over the limit?"
PRESCRIPTION = "What does an NHS prescription cost? My email is jo.bloggs@example.org"


class Camera:
    """Takes pictures of whole pages at one width; each must fit that width."""

    def __init__(self, folder: Path, width: int) -> None:
        self.folder = folder
        self.width = width

    def take(self, reader: Reader, name: str) -> None:
        assert reader.overflow() <= 0, name
        path = self.folder / f"{name}-{self.width}.png"
        reader.page.screenshot(path=path, full_page=True, animations="disabled")
        assert path.stat().st_size > 0


@pytest.fixture(params=[WIDE, NARROW], ids=["1280px", "320px"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    chosen: tuple[int, int] = request.param
    return chosen


@pytest.fixture
def camera(screenshots: Path, size: tuple[int, int]) -> Camera:
    return Camera(screenshots, size[0])


def test_a_conversation(
    new_reader: NewReader, server: ServerProcess, size: tuple[int, int], camera: Camera
) -> None:
    reader = new_reader(server.url, size=size).visit()
    camera.take(reader, "start")
    reader.page.click("#send")
    camera.take(reader, "start-empty-question")
    reader.page.select_option("#nation", "scotland")
    turn = reader.ask_to_the_end(BENEFIT)
    camera.take(reader, "answer")
    turn.locator(".mark").first.click()
    camera.take(reader, "answer-source")
    turn.get_by_role("button", name="Yes", exact=True).click()
    reader.ask_to_the_end(PRESCRIPTION)
    camera.take(reader, "answer-personal-data")
    reader.page.click(".start-again summary")
    camera.take(reader, "start-again")
    reader.page.get_by_role("button", name="Delete and start again").click()
    camera.take(reader, "deleted")


def test_other_outcomes(
    new_reader: NewReader, server: ServerProcess, size: tuple[int, int], camera: Camera
) -> None:
    for name, question in (
        ("crisis", "I want to end my life"),
        ("declined", "How do I repair the gearbox of a vintage tractor?"),
        ("clarification", "benefit"),
        ("person", "Can I speak to a person?"),
    ):
        reader = new_reader(server.url, size=size).visit()
        reader.ask_to_the_end(question)
        camera.take(reader, name)


def test_while_answering(
    new_reader: NewReader, proxy: CuttingProxy, size: tuple[int, int], camera: Camera
) -> None:
    reader = new_reader(proxy.url, size=size).visit()
    turn = reader.ask(BENEFIT)
    turn.locator(".sentence").first.wait_for()
    camera.take(reader, "answering")
    with proxy.outage():
        turn.get_by_text("The connection was lost").wait_for()
        camera.take(reader, "reconnecting")
    turn.get_by_role("button", name="Stop").click()
    reader.ended(turn)
    camera.take(reader, "stopped")


def test_refusals(
    new_reader: NewReader, proxy: CuttingProxy, size: tuple[int, int], camera: Camera
) -> None:
    reader = new_reader(proxy.url, size=size).visit()
    reader.page.fill("#question", "How do I " * 500)
    reader.page.click("#send")
    camera.take(reader, "too-long")
    reader.page.fill("#question", BENEFIT)
    with proxy.outage():
        reader.page.click("#send")
        reader.page.get_by_text("The service cannot be reached").wait_for()
        camera.take(reader, "unreachable")


def test_without_a_script(
    new_reader: NewReader, slow_server: ServerProcess, size: tuple[int, int], camera: Camera
) -> None:
    reader = new_reader(slow_server.url, size=size, script=False).visit()
    turn = reader.ask(PRESCRIPTION)
    camera.take(reader, "without-script-answering")
    reader.ended(turn)
    camera.take(reader, "without-script-answer")


def test_in_welsh(
    new_reader: NewReader, server: ServerProcess, size: tuple[int, int], camera: Camera
) -> None:
    reader = new_reader(server.url, size=size, locale="cy-GB").visit()
    camera.take(reader, "welsh-start")
    reader.ask_to_the_end("Faint o amser sydd gennyf i gofrestru marwolaeth?")
    camera.take(reader, "welsh-answer")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("guidance", "/guidance/child-benefit-high-income"),
        ("guidance-welsh", "/guidance/nhs-prescription-charges?locale=cy"),
        ("guidance-untranslated", "/guidance/blue-badge?locale=cy"),
        ("not-found", "/nothing"),
    ],
)
def test_other_pages(
    new_reader: NewReader,
    server: ServerProcess,
    size: tuple[int, int],
    camera: Camera,
    name: str,
    path: str,
) -> None:
    camera.take(new_reader(server.url, size=size).visit(path), name)
