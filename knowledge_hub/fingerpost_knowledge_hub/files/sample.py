"""The sample knowledge that ships with Fingerpost: short pages about common tasks of citizens."""

from __future__ import annotations

from pathlib import Path

from fingerpost_knowledge_hub.files.source import FilesSource

SAMPLE_FOLDER = Path(__file__).parent.parent / "sample"


class SampleSource(FilesSource):
    """The shipped sample pages. Real guidance of the same path takes their place."""

    def __init__(self) -> None:
        super().__init__(SAMPLE_FOLDER, name="sample")
