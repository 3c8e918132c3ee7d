"""What has been ingested is put in order, so that searches stay fast however much there is."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import sqlalchemy

from fingerpost_gateway.operations.ingestion import ingest
from fingerpost_gateway.operations.orders import IngestOrder
from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_retrieval import GuidanceIndex, IndexFault


def test_changes_put_the_index_in_order_and_nothing_else_does(
    tmp_path: Path, guidance: Path
) -> None:
    order = IngestOrder(paths=(str(guidance),))
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'catalogue.db'}")
    catalogue = Catalogue(engine)
    catalogue.create()
    with (
        GuidanceIndex.open(tmp_path / "index", None) as index,
        patch.object(GuidanceIndex, "optimise", autospec=True, side_effect=GuidanceIndex.optimise),
    ):

        def run() -> tuple[int, tuple[str, ...]]:
            result = ingest(order, catalogue, index, lambda done, total: None, tmp_path)
            return result.added + result.changed, result.warnings

        assert run() == (3, ())
        assert GuidanceIndex.optimise.call_count == 1  # type: ignore[attr-defined]
        assert run() == (0, ())
        assert GuidanceIndex.optimise.call_count == 1  # type: ignore[attr-defined]
        (guidance / "zeppelins.md").write_text("---\ntitle: Zeppelins\n---\n\nFees are £50.\n")
        GuidanceIndex.optimise.side_effect = IndexFault("the disk is full")  # type: ignore[attr-defined]
        changed, warnings = run()
        assert changed == 1
        assert "the disk is full" in warnings[0]
        assert {hit.passage.path for hit in index.search("fees zeppelins").hits}
    engine.dispose()
