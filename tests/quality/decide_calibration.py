"""Measures from what fit on the assistant should answer (`decide.thresholds` explains the sets).

Run: `python -m tests.quality.decide_calibration MODEL_FOLDER [DATA]` with the folder of an
embedder that `fingerpost_retrieval.build_minilm` made; "-" for search by words alone. Takes
about a minute; prints JSON.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from fingerpost_assistant.decide import MINILM, WORDS_ALONE, Decider, Thresholds
from fingerpost_assistant.topic import topic_words
from fingerpost_knowledge_hub.documents import Document, Section
from fingerpost_retrieval import Embedder, GuidanceIndex, load_embedder

SAMPLE = 400
"""Questions of each set without an answer."""

FITS = np.arange(0.3, 1.8, 0.01)


class Sets(NamedTuple):
    """Pages, and questions by set that they do and do not answer."""

    pages: list[Document]
    answerable: dict[str, list[str]]
    others: dict[str, list[str]]


def conditionalqa(data: Path) -> Sets:
    """GOV.UK pages cut to their first three sections and four more that answer."""
    folder = data / "conditionalqa"
    with (folder / "qrels.tsv").open() as file:
        gold = {row[1] for row in csv.reader(file, delimiter="\t")}
    sections: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(folder / "corpus.jsonl"):
        sections[row["metadata"]["url"]].append(row)
    pages = [
        _page(url, rows[:3] + [row for row in rows[3:] if row["_id"] in gold][:4])
        for url, rows in sections.items()
    ]
    questions = [row for row in _rows(folder / "queries.jsonl") if row["label"] == "ANSWERABLE"]
    return Sets(
        pages,
        {
            "question": [row["text"] for row in questions],
            "story and question": [f"{row['scenario']} {row['text']}" for row in questions],
        },
        {
            "question on another page": [
                row["text"]
                for row in _rows(data / "conditionalqa_pages/queries.jsonl")
                if row["metadata"].get("url") not in sections
            ],
            "citizen's story on another page": [
                row["text"]
                for row in _rows(data / "guardrails/benign_citizen_questions.jsonl")
                if row["group"] not in sections
            ],
            "doc2dial": [row["text"] for row in _rows(data / "doc2dial/queries.first.jsonl")],
            "clinc150": [row["text"] for row in _rows(data / "clinc150/test.jsonl")],
        },
    )


def doc2dial(data: Path) -> Sets:
    """Pages of US government sites, with questions of British citizens that they do not answer."""
    sections: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(data / "doc2dial/corpus.jsonl"):
        sections[row["title"] or row["_id"]].append(row)
    uk = conditionalqa(data)
    return Sets(
        [_page(f"/page-{place}", rows) for place, rows in enumerate(sections.values())],
        {"question": uk.others["doc2dial"]},
        {name: texts for name, texts in uk.others.items() if name != "doc2dial"},
    )


def fits(sets: Sets, embedder: Embedder | None, thresholds: Thresholds) -> dict[str, list[float]]:
    """Return the fit of each question of each set; 0 for one that is asked back."""
    decider = Decider(thresholds)
    questions = _prefixed("answerable", sets.answerable) | _prefixed("other", _sampled(sets.others))
    with (
        tempfile.TemporaryDirectory() as folder,
        GuidanceIndex.open(Path(folder) / "index", embedder) as index,
    ):
        index.replace(sets.pages)
        return {
            name: [decider.judge(text, index.search(text).hits).fit for text in texts]
            for name, texts in questions.items()
        }


def report(measured: dict[str, dict[str, list[float]]], thresholds: Thresholds) -> dict[str, Any]:
    """Return the best least fit, and the shares that the present one lets through."""
    gain = np.zeros(len(FITS))
    for by_set in measured.values():
        through = {
            name: np.mean(np.array(each)[:, None] >= FITS, axis=0) for name, each in by_set.items()
        }
        gain += _mean(through, "answerable") - _mean(through, "other")
    return {
        "embedder": thresholds.embedder,
        "best fit": round(float(FITS[gain.argmax()]), 2),
        "present fit": thresholds.fit,
        "let through": {
            pages: {
                name: round(float(np.mean(np.array(each) >= thresholds.fit)), 3)
                for name, each in by_set.items()
            }
            for pages, by_set in measured.items()
        },
    }


def _mean(through: dict[str, Any], prefix: str) -> Any:
    return np.mean([each for name, each in through.items() if name.startswith(prefix)], axis=0)


def _prefixed(prefix: str, sets: dict[str, list[str]]) -> dict[str, list[str]]:
    return {f"{prefix}: {name}": texts for name, texts in sets.items()}


def _sampled(sets: dict[str, list[str]]) -> dict[str, list[str]]:
    chosen = random.Random(0)
    return {
        name: chosen.sample(texts, min(SAMPLE, len(texts)))
        for name, texts in sets.items()
        for texts in [[text for text in texts if topic_words(text)]]
    }


def _page(url: str, rows: list[dict[str, Any]]) -> Document:
    return Document(
        path=url.removeprefix("https://www.gov.uk"),
        locale="en",
        title=rows[0]["title"],
        url=url,
        sections=tuple(
            Section(heading_path=tuple((row.get("section") or "").split(" > ")), text=row["text"])
            for row in rows
        ),
        collection="guidance",
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    model = sys.argv[1]
    default = os.environ.get("FINGERPOST_TEST_DATA", "../shared/data")
    data = Path(sys.argv[2] if len(sys.argv) > 2 else default)
    embedder = None if model == "-" else load_embedder(Path(model))
    thresholds = WORDS_ALONE
    if embedder is not None:
        thresholds = msgspec.structs.replace(MINILM, embedder=embedder.digest)
    measured = {
        "conditionalqa": fits(conditionalqa(data), embedder, thresholds),
        "doc2dial": fits(doc2dial(data), embedder, thresholds),
    }
    sys.stdout.write(json.dumps(report(measured, thresholds), indent=2) + "\n")


if __name__ == "__main__":
    main()
