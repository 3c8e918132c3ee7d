"""A disk without room: a message that says so, and nothing that a later sync cannot resume."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import resource, sys
import sqlalchemy
from fingerpost_knowledge_hub import Catalogue, FilesSource, KnowledgeHubError, synchronise
from fingerpost_knowledge_hub.sync import spool
from fileindex import FileIndex

spool._MEMORY = int(sys.argv[1])
catalogue = Catalogue(sqlalchemy.create_engine("sqlite:///hub.db"))
catalogue.create()
# A file that may not grow fails as a full disk does.
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
from pathlib import Path
try:
    source = FilesSource(Path("guidance"))
    print(synchronise(source, catalogue, FileIndex(Path("index")), prune=True).added)
except KnowledgeHubError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize(
    ("memory", "message"),
    [
        pytest.param(2**20, "CatalogueError", id="database"),
        pytest.param(2**10, "no room for temporary files", id="temporary files"),
    ],
)
def test_full_disk_is_named_and_the_next_sync_resumes(
    tmp_path: Path, memory: int, message: str
) -> None:
    (tmp_path / "guidance").mkdir()
    for number in range(150):
        (tmp_path / "guidance" / f"{number}.md").write_text(f"Page {number}. " + "Text. " * 200)

    def sync(room: int) -> str:
        support = Path(__file__).parents[2] / "support"
        return subprocess.run(
            [sys.executable, "-c", SCRIPT, str(memory), str(room)],
            cwd=tmp_path,
            env={"PYTHONPATH": str(support), "TMPDIR": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    stopped = sync(140_000)
    assert message in stopped
    assert "room" in stopped
    assert int(sync(2**30)) > 0
    assert len(list((tmp_path / "index").iterdir())) == 150
