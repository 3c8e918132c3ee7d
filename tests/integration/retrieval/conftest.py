"""Fixtures: the real model, some guidance, and an index on each of the two backends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fingerpost_retrieval import (
    Embedder,
    GuidanceIndex,
    OnnxEmbedder,
    TextPage,
    TextSection,
    build_minilm,
    load_embedder,
)

OpenIndex = Callable[[Embedder | None], GuidanceIndex]


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_minilm(tmp_path_factory.mktemp("models") / "minilm")


@pytest.fixture(scope="session")
def embedder(model_folder: Path) -> OnnxEmbedder:
    return load_embedder(model_folder)


def page(path: str, title: str, **sections: str) -> TextPage:
    """A page with one section a keyword."""
    return TextPage(
        path=path,
        title=title,
        url=path,
        sections=tuple(
            TextSection(text=text, heading_path=(heading.replace("_", " "),), anchor=heading)
            for heading, text in sections.items()
        ),
    )


@pytest.fixture
def guidance() -> list[TextPage]:
    return [
        page(
            "/passport",
            "Renew a passport",
            Cost="It costs £88.50 to renew an adult passport online, and £100 by post. " * 2,
            Time="You usually get the new passport within 3 weeks of applying for it. " * 2,
        ),
        page(
            "/child-benefit",
            "Child Benefit",
            Who="You can get Child Benefit if you are responsible for a child under 16. " * 2,
            Limit="If you earn over £60,000 a year you may have to pay some of it back. " * 2,
        ),
        page("/bins", "Bin collections", When="Household bins are emptied once a week. " * 5),
    ]


@pytest.fixture(params=["edge", "server"])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenIndex]:
    """Opens an index on Qdrant Edge, or on the server that is inside `qdrant-client`."""
    with ExitStack() as opened:

        def open_(embedder: Embedder | None) -> GuidanceIndex:
            if request.param == "edge":
                index = GuidanceIndex.open(tmp_path / "index", embedder)
            else:
                index = GuidanceIndex.connect(":memory:", embedder)
            return opened.enter_context(index)

        yield open_
