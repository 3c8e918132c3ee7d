"""Public question sets over guidance pages, as pages that can be indexed and questions to ask."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec

from fingerpost_retrieval import GuidanceIndex
from fingerpost_retrieval.embedding import OnnxEmbedder
from fingerpost_retrieval.minilm import build_minilm

_TAG = re.compile(r"<[^>]+>")


class Section(msgspec.Struct, frozen=True):
    heading_path: tuple[str, ...]
    text: str
    anchor: str
    url: str = ""


class Page(msgspec.Struct, frozen=True):
    path: str
    title: str
    url: str
    sections: tuple[Section, ...]
    digest: str
    locale: str = "en"
    description: str = ""
    collection: str = "guidance"
    nations: tuple[str, ...] = ("england", "scotland", "wales", "northern-ireland")
    updated_at: None = None


class Question(msgspec.Struct, frozen=True):
    text: str
    story: str
    page: str
    """Path of the page that answers."""
    sections: frozenset[str]
    """Ids ("page#01") of the sections that answer; empty when none does."""
    evidence: tuple[str, ...]
    """The stretches that answer, word for word."""

    @property
    def is_for_tuning(self) -> bool:
        """Half of the pages are looked at while weights are set; figures are for the others."""
        return (
            int(hashlib.md5(self.page[1:].encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0
        )


def conditionalqa_pages(data: Path) -> list[Page]:
    """The GOV.UK pages of conditionalqa, with all their sections."""
    return list(_pages(data / "conditionalqa" / "corpus.jsonl", "#"))


def conditionalqa_questions(data: Path) -> list[Question]:
    """Those questions that have evidence."""
    folder = data / "conditionalqa"
    sections = _relevant(folder / "qrels.tsv", "#")
    questions = []
    for row in _rows(folder / "queries.jsonl"):
        page = "/" + row["metadata"]["url"].rsplit("/", 1)[-1]
        found = tuple(_TAG.sub(" ", text) for text in row["metadata"]["evidences"])
        if found and row["label"] == "ANSWERABLE":
            story = row["scenario"]
            questions.append(Question(row["text"], story, page, sections[row["_id"]], found))
    return questions


def doc2dial_pages(data: Path) -> list[Page]:
    """Pages of US government guidance."""
    return list(_pages(data / "doc2dial" / "corpus.jsonl", "-"))


def doc2dial_questions(data: Path) -> list[Question]:
    """The opening questions of its dialogues."""
    folder = data / "doc2dial"
    sections = _relevant(folder / "qrels.first.tsv", "-")
    questions = []
    for row in _rows(folder / "queries.first.jsonl"):
        found = sections[row["_id"]]
        page = "/" + min(found).partition("#")[0]
        evidence = (row["metadata"]["grounding_text"],)
        questions.append(Question(row["text"], "", page, found, evidence))
    return questions


def questions_to_other_services(data: Path) -> list[str]:
    """clinc150's questions that are out of its assistant's scope."""
    rows = _rows(data / "clinc150" / "test.jsonl")
    return [row["text"] for row in rows if row["intent"] == "oos"]


def index_of(pages: list[Page], folder: Path) -> tuple[GuidanceIndex, OnnxEmbedder]:
    """Build the model and an index of the pages in an empty folder."""
    embedder = OnnxEmbedder(build_minilm(folder / "model"))
    index = GuidanceIndex.open(folder / "index", embedder)
    index.replace(pages)
    return index, embedder


def _pages(corpus: Path, separator: str) -> Iterator[Page]:
    rows = defaultdict(list)
    for row in _rows(corpus):
        rows[row["_id"].rpartition(separator)[0]].append(row)
    for name, found in rows.items():
        sections = tuple(
            Section(
                tuple(part for part in row.get("section", "").split(" > ") if part),
                as_section_text(row["text"]),
                row["_id"].rpartition(separator)[2],
            )
            for row in found
        )
        yield Page("/" + name, found[0]["title"], "/" + name, sections, digest=name)


def as_section_text(text: str) -> str:
    """Bring a text of lines into the form of a section: blocks, lists and rows with headers."""
    blocks: list[str] = []
    lines = filter(None, map(str.strip, text.splitlines()))
    for kind, group in groupby(lines, key=_kind):
        if kind == "item":
            blocks.append("\n".join(group))
        elif kind == "row":
            header, *rows = [line.split(" | ") for line in group]
            blocks.append("\n".join(_row(header, cells) for cells in rows or [header]))
        else:
            blocks += group
    return "\n\n".join(blocks)


def _kind(line: str) -> str:
    return "item" if line.startswith("- ") else "row" if " | " in line else "text"


def _row(header: list[str], cells: list[str]) -> str:
    if header is cells or len(header) != len(cells):
        return "| " + "; ".join(cells)
    pairs = zip(header, cells, strict=True)
    return "| " + "; ".join(f"{name}: {cell}" for name, cell in pairs)


def _relevant(qrels: Path, separator: str) -> defaultdict[str, frozenset[str]]:
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for line in qrels.read_text("utf-8").splitlines()[1:]:
        question, section, _ = line.split("\t")
        page, _, anchor = section.rpartition(separator)
        found[question] |= {f"{page}#{anchor}"}
    return found


def _rows(file: Path) -> Iterator[dict]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
