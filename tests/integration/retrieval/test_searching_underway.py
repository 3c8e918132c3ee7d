"""Searches during a re-ingestion and a switch of generations: none fails, none sees half a page."""

from __future__ import annotations

from pathlib import Path

from loadtests.retrieval_scale.underway import HashedEmbedder, measure


def test_no_search_fails_or_sees_half_a_page_while_all_is_indexed_anew(tmp_path: Path) -> None:
    phases = measure(tmp_path / "index", HashedEmbedder(), pages=40, searches=300)
    assert [phase.phase for phase in phases] == ["quiet", "re-ingestion", "rebuild and switch"]
    for phase in phases:
        assert (phase.searches, phase.failed, phase.torn) == (300, 0, 0)
