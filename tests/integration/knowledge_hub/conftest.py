"""Catalogues in real databases: SQLite on disk, and PostgreSQL in the full run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgresserver import running_server, server_programs

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.tables import metadata


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a PostgreSQL database that all tests share, one after the other."""
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL: on Debian, apt-get install postgresql")
    with running_server(programs) as query:
        yield f"postgresql+psycopg:///postgres?{query}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql"))
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.fixture
def catalogue(database: str) -> Iterator[Catalogue]:
    """An empty catalogue."""
    engine = sa.create_engine(database)
    metadata.drop_all(engine)
    made = Catalogue(engine)
    made.create()
    yield made
    engine.dispose()
