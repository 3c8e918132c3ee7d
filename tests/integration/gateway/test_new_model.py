"""A model that is installed while the server runs is taken up whole when the index is rebuilt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fingerpost_gateway.current_pipeline import CurrentPipeline
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.knowledge import Knowledge, open_catalogue, open_knowledge
from fingerpost_gateway.operations.local import LocalOperations
from fingerpost_gateway.operations.orders import AskOrder, RebuildOrder
from fingerpost_gateway.settings import Settings
from fingerpost_retrieval import GuidanceIndex

ORDER = AskOrder(question="What happens to my Child Benefit if I earn over the limit?")


async def test_answers_are_those_of_a_fresh_start_once_the_index_is_built_anew(
    data_dir: Path,
) -> None:
    settings, directory = Settings(data_dir=data_dir), DataDirectory(data_dir)
    shutil.rmtree(directory.index)
    with (
        open_catalogue(settings) as catalogue,
        GuidanceIndex.open(directory.index, None) as index,
    ):
        without_model = Knowledge(
            settings=settings,
            directory=directory,
            catalogue=catalogue,
            index=index,
            pipeline=CurrentPipeline(index, None, time_limit_s=10.0),
        )
        operations = LocalOperations(without_model)
        await operations.rebuild(RebuildOrder(), lambda done, total: None)
        assert (await operations.status()).has_vectors
        answer = await operations.ask(ORDER)
    async with open_knowledge(settings, directory) as knowledge:
        expected = await LocalOperations(knowledge).ask(ORDER)
    assert answer.sentences == expected.sentences
    assert answer.confidence == pytest.approx(expected.confidence)
