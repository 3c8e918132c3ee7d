"""Answers that people wrote from passages: the true sentences to start from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from fingerpost_serving.sentences import sentence_spans

_MARK = re.compile(r"^(?:[-*•]|\d+[.)])\s+")


class Exchange(msgspec.Struct, frozen=True):
    """One answer of a conversation, as sentences, and the passages it was written from."""

    conversation: str
    sentences: tuple[str, ...]
    sources: tuple[str, ...]


def reference_exchanges(data: Path) -> list[Exchange]:
    """The answerable turns of mtrag_un and mtrag_govt."""
    return [*_mtrag_un(data / "mtrag_un"), *_mtrag_govt(data / "mtrag_govt")]


def guidance_exchanges(data: Path) -> list[Exchange]:
    """Sections of guidance of the UK (conditionalqa) and of the US (doc2dial).

    A section's own sentences are held against it; a page is a conversation.
    """
    return [*_guidance(data / "conditionalqa", "#"), *_guidance(data / "doc2dial", "-")]


def _mtrag_un(folder: Path) -> list[Exchange]:
    return [
        Exchange(
            row["conversation_id"],
            _sentences(row["reference_answer"]),
            tuple(passage["text"] for passage in row["contexts"]),
        )
        for row in _rows(folder / "answerability.jsonl")
        if row["label"] == "ANSWERABLE" and row["contexts"]
    ]


def _mtrag_govt(folder: Path) -> list[Exchange]:
    passages = {row["_id"]: row["text"] for row in _rows(folder / "corpus.jsonl")}
    relevant: dict[str, list[str]] = {}
    for kind in ("first", "followup"):
        for line in (folder / f"qrels.{kind}.tsv").read_text("utf-8").splitlines()[1:]:
            question, passage, _ = line.split("\t")
            relevant.setdefault(question, []).append(passages[passage])
    return [
        Exchange(
            row["metadata"]["conversation_id"],
            _sentences(row["reference_answer"]),
            tuple(relevant[row["_id"]]),
        )
        for row in _rows(folder / "answerability.jsonl")
        if row["label"] == "ANSWERABLE" and row["_id"] in relevant
    ]


def _guidance(folder: Path, separator: str) -> list[Exchange]:
    return [
        Exchange(row["_id"].rpartition(separator)[0], _sentences(row["text"]), (row["text"],))
        for row in _rows(folder / "corpus.jsonl")
    ]


def _sentences(text: str) -> tuple[str, ...]:
    lines = (_MARK.sub("", line.strip()) for line in text.splitlines())
    found = (line[slice(*span)].strip() for line in lines for span in sentence_spans(line))
    return tuple(sentence for sentence in found if len(sentence.split()) >= 4)


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").split("\n") if line.strip()]
