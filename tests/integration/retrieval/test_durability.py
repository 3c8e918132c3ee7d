"""What is on disk after the process has been killed, at whatever moment."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

import pytest

from fingerpost_retrieval import GuidanceIndex

WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from fingerpost_retrieval import GuidanceIndex, TextPage, TextSection

    def page(number, revision):
        texts = (f"guidance {revision} part {part} " + "words " * 40 for part in range(5))
        sections = tuple(TextSection(text=text, heading_path=(text[:20],)) for text in texts)
        return TextPage(path=f"/{number}", title=str(revision), sections=sections)

    index = GuidanceIndex.open(Path(sys.argv[1]), None)
    for revision in range(1_000_000):
        index.replace([page(number, revision) for number in range(12)])
        print(revision, flush=True)
    """
)


def killed_writer(folder: Path, after_lines: int, delay: float) -> int:
    """Let a process write and kill it; return the last revision that it had reported."""
    command = [sys.executable, "-W", "ignore", "-c", WRITER, str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(after_lines)]
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.read().splitlines()
    return int(lines[-1])


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_leaves_whole_pages_of_what_it_had_reported(
    tmp_path: Path, seed: int
) -> None:
    delay = random.Random(seed).uniform(0.0, 0.15)
    reported = killed_writer(tmp_path / "index", after_lines=2, delay=delay)
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        hits = index.search("guidance", limit=100).hits
        parts = Counter((hit.passage.path, hit.passage.title) for hit in hits)
        assert set(parts.values()) == {5}
        assert len(parts) == 12
        assert {int(title) for _, title in parts} <= {reported, reported + 1}
        assert index.stats().passages == 60
        index.remove([("/0", "en")])
        assert index.stats().pages == 11


def test_the_revision_survives_a_restart(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        before = index.revision
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        assert index.revision == before
        assert index.search("anything").index_revision == before


def test_an_interrupted_rebuild_leaves_the_old_index_and_no_rubbish(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    code = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from fingerpost_retrieval import GuidanceIndex, TextPage, TextSection
        page = TextPage(path="/a", title="A", sections=(TextSection(text="zebra"),))
        with GuidanceIndex.open(Path(sys.argv[1]), None) as index:
            index.replace([page])
            with index.rebuilding(None) as fresh:
                fresh.replace([page, TextPage(path="/b", title="B", sections=page.sections)])
                os._exit(9)
        """
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(folder)], check=False)
    assert (folder / "gen-2").exists()
    with GuidanceIndex.open(folder, None) as index:
        assert index.stats().pages == 1
        assert index.stats().generation == "gen-1"
    assert not (folder / "gen-2").exists()


def test_a_process_killed_while_it_made_the_index_does_not_stand_in_the_way(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "index"
    (folder / "gen-1").mkdir(parents=True)
    (folder / "gen-1" / "building").touch()
    with GuidanceIndex.open(folder, None) as index:
        assert index.stats().generation == "gen-2"
    assert not (folder / "gen-1").exists()
