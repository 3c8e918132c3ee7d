"""`python -m loadtests.retrieval_scale.underway`: searches while everything is indexed anew.

Asks the index while it is quiet, during a full re-ingestion (every page in a new revision, then put
in order) and during a rebuild with its switch of generations. Searches must find one revision of a
page, and all of it; what is compared is the 99th percentile. Texts are synthesised; they and the
questions are embedded by the default model or, with `--hashed`, by one that takes no time, so that
changes come many times as fast as they could.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from fingerpost_retrieval import (
    Embedder,
    Embeddings,
    GuidanceIndex,
    QuestionEmbedder,
    TextPage,
    TextSection,
    build_minilm,
    load_embedder,
)
from fingerpost_retrieval.fusion import Fusion, sparse_only
from loadtests.retrieval_scale.ours import Latency, latency

SECTIONS = 4
WORDS = np.array([f"subject{number}" for number in range(400)])
BATCH = 20
"""Pages of one commit, as a sync sends them."""
WHOLE_EVERY = 4
"""So many searches to one that must find all of a page."""
RESULTS = Path(__file__).parent.parent / "results" / "underway.json"


class HashedEmbedder:
    """A vector for every text, by its words: as fast as search is to be measured beside it."""

    digest = "hashed"
    dimensions = 384
    max_tokens = 256

    def embed(self, texts: Sequence[str]) -> Embeddings:
        vectors = np.stack([self._vector(text) for text in texts])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def _vector(self, text: str) -> Embeddings:
        seed = zlib.crc32(text.encode())
        return np.random.default_rng(seed).standard_normal(self.dimensions, np.float32)


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the searches of one phase."""

    phase: str
    searches: int
    failed: int
    torn: int
    """Searches that saw part of a page, or two revisions of one."""
    latency: Latency
    longest_ms: float


def page(number: int, revision: int) -> TextPage:
    """A page whose passages all hold its own word, so that a question can ask for all."""
    text = f"page{number} revision{revision} " + " ".join(np.roll(WORDS, number)[:60])
    sections = tuple(
        TextSection(text=f"part{part} {text}", heading_path=(f"Part {part}",))
        for part in range(SECTIONS)
    )
    return TextPage(path=f"/{number}", title=f"Page {number}", sections=sections)


def ask(index: GuidanceIndex, phase: str, pages: int, until: Callable[[int], bool]) -> Phase:
    """Search, one after the other, until told to stop.

    Each is the default search; every few of them another by words alone, which is not timed, must
    find all of a page.
    """
    seconds: list[float] = []
    failed = torn = 0
    while not until(len(seconds)):
        number = len(seconds) * 7 % pages
        started = time.perf_counter()
        try:
            found = _revisions(index, number)
            seconds.append(time.perf_counter() - started)
            torn += len(found) > 1
            if len(seconds) % WHOLE_EVERY == 0:
                torn += list(_revisions(index, number, sparse_only).values()) != [SECTIONS]
        except Exception as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            seconds.append(time.perf_counter() - started)
            failed += 1
    return Phase(
        phase=phase,
        searches=len(seconds),
        failed=failed,
        torn=torn,
        latency=latency(seconds),
        longest_ms=round(max(seconds) * 1e3, 2),
    )


def _revisions(index: GuidanceIndex, number: int, fusion: Fusion | None = None) -> Counter[str]:
    """How many passages of a page are found, by its revision."""
    hits = index.search(f"page{number}", fusion=fusion).hits
    return Counter(hit.passage.revision for hit in hits if hit.passage.path == f"/{number}")


def measure(folder: Path, embedder: Embedder, pages: int, searches: int) -> list[Phase]:
    """Run the three phases; each change is repeated until there have been enough searches."""
    # No cache of vectors: every question counts as new.
    questions = QuestionEmbedder(embedder, cached=0)
    with GuidanceIndex.open(folder, questions) as index:
        _fill(index, pages, 0)
        index.optimise()
        quiet = ask(index, "quiet", pages, lambda count: count >= searches)

        def ingest(revision: int) -> None:
            _fill(index, pages, revision)
            index.optimise()

        def rebuild(revision: int) -> None:
            with index.rebuilding(questions) as fresh:
                _fill(fresh, pages, revision)
                fresh.optimise()

        return [
            quiet,
            _during(index, "re-ingestion", pages, searches, ingest),
            _during(index, "rebuild and switch", pages, searches, rebuild),
        ]


def _during(
    index: GuidanceIndex, phase: str, pages: int, searches: int, change: Callable[[int], None]
) -> Phase:
    """Ask while the change is made again and again, until enough has been asked."""
    enough = threading.Event()
    problems: list[BaseException] = []

    def keep_changing() -> None:
        revision = 0
        try:
            while not enough.is_set():
                revision += 1
                change(revision)
        except BaseException as error:
            problems.append(error)

    changing = threading.Thread(target=keep_changing)
    changing.start()
    try:
        return ask(index, phase, pages, lambda count: count >= searches or bool(problems))
    finally:
        enough.set()
        changing.join()
        if problems:
            raise problems[0]


def _fill(index: GuidanceIndex, pages: int, revision: int) -> None:
    for start in range(0, pages, BATCH):
        index.replace([page(number, revision) for number in range(start, start + BATCH)])


def main() -> int:
    """Run the measurement; the status is 1 if a search failed or saw half a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--searches", type=int, default=10_000, help="in each phase")
    parser.add_argument("--hashed", action="store_true", help="an embedder that takes no time")
    parser.add_argument("--cache", type=Path, default=RESULTS.parent / "cache")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    embedder: Embedder = HashedEmbedder()
    if not options.hashed:
        embedder = load_embedder(build_minilm(options.cache / "minilm"))
    with tempfile.TemporaryDirectory(prefix="fingerpost-underway-") as folder:
        phases = measure(Path(folder), embedder, options.pages, options.searches)
    for phase in phases:
        sys.stdout.write(
            f"{phase.phase:<20} {phase.searches:,} searches, {phase.failed} failed, "
            f"{phase.torn} torn; p50 {phase.latency.p50:.2f} p99 {phase.latency.p99:.2f} ms "
            f"({phase.latency.p99 / phases[0].latency.p99:.1f} times quiet), "
            f"longest {phase.longest_ms:.0f} ms\n"
        )
    options.output.write_text(json.dumps(msgspec.to_builtins(phases), indent=2) + "\n")
    return int(any(phase.failed or phase.torn for phase in phases))


if __name__ == "__main__":
    sys.exit(main())
