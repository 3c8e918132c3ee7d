"""Sets of questions with known answers, in the layout of BEIR.

A set is a folder with `corpus.jsonl` (`_id`, `title`, `text`, perhaps `section`), a file of
queries (`_id`, `text`, perhaps `scenario` and `history`) and one of judgements (query, document
and score, tab-separated, below a header); see Thakur et al. 2021,
https://arxiv.org/abs/2104.08663.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import msgspec

from ..errors import InvalidSet
from ..followups import PastExchange
from ..text_pages import TextPage, TextSection

Context = Literal["last", "scenario", "history"]
"""What is asked: the query alone, or after its scenario, or with the conversation before it."""

Judgements = Mapping[str, Mapping[str, float]]
"""Relevance by query and document."""

CORPUS = "corpus.jsonl"

Record = TypeVar("Record")


class Turn(msgspec.Struct):
    """An earlier turn of a conversation."""

    role: str
    text: str


class Origin(msgspec.Struct):
    """What a query was written about; queries of one origin are never parted in training."""

    url: str = ""
    doc_id: str = ""
    conversation_id: str = ""


class Query(msgspec.Struct):
    """A question of the set."""

    id: str = msgspec.field(name="_id")
    text: str
    scenario: str = ""
    history: list[Turn] = []
    metadata: Origin = msgspec.field(default_factory=Origin)

    def joined(self, context: Context) -> str:
        """Return all that is asked as one text: for systems that know no history."""
        before: list[str] = []
        if context == "scenario":
            before = [self.scenario]
        if context == "history":
            before = [turn.text for turn in self.history if turn.role == "user"]
        return " ".join(part for part in (*before, self.text) if part)

    def exchanges(self) -> list[PastExchange]:
        """Return the history: each question of the user with the answers up to the next."""
        found: list[PastExchange] = []
        for turn in self.history:
            if turn.role == "user" or not found:
                question, answer = (turn.text, "") if turn.role == "user" else ("", turn.text)
                found.append(PastExchange(question, answer))
            else:
                last = found.pop()
                answer = " ".join(filter(None, (last.answer, turn.text)))
                found.append(PastExchange(last.question, answer))
        return found


class CorpusDocument(msgspec.Struct):
    """A document of the set."""

    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""
    section: str = ""

    def page(self) -> TextPage:
        """Return the document as a page of its own, named by its id."""
        heading_path = tuple(self.section.split(" > ")) if self.section else ()
        section = TextSection(text=self.text, heading_path=heading_path)
        return TextPage(path=self.id, title=self.title, sections=(section,))


class RetrievalSet(msgspec.Struct, frozen=True, kw_only=True):
    """Pages, questions and which pages answer which."""

    pages: Sequence[TextPage]
    queries: Sequence[Query]
    """Those that have judgements."""
    judgements: Judgements


class SetFiles(NamedTuple):
    """Which files of a folder make up a set."""

    queries: str
    qrels: str


def files_of(folder: Path, queries: str | None = None, qrels: str | None = None) -> SetFiles:
    """Choose the files of a set.

    Arguments:
        queries: name of the file, or what stands in it between "queries." and ".jsonl"; by
            default "queries.jsonl" or the only other one.
        qrels: likewise; by default the one named like the queries.

    Raises `InvalidSet`, with the names that there are.
    """
    names = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []
    wanted = queries or "queries.jsonl"
    candidates = [wanted, f"queries.{wanted}.jsonl"]
    if queries is None:
        others = [name for name in names if name.startswith("queries") and name.endswith(".jsonl")]
        candidates += others if len(others) == 1 else []
    chosen = next((name for name in candidates if name in names), None)
    if chosen is None or CORPUS not in names:
        raise _missing(
            folder, CORPUS if chosen is not None else f"file of queries {wanted!r}", names
        )
    like = chosen.replace("queries", "qrels", 1).removesuffix(".jsonl") + ".tsv"
    judged = next((name for name in (qrels or like, f"qrels.{qrels}.tsv") if name in names), None)
    if judged is None:
        raise _missing(folder, f"file of judgements {qrels or like!r}", names)
    return SetFiles(chosen, judged)


def read_set(folder: Path, files: SetFiles) -> RetrievalSet:
    """Read a set; raises `InvalidSet` where a file cannot be read."""
    try:
        judgements = _judgements(folder / files.qrels)
        return RetrievalSet(
            pages=[document.page() for document in _read(folder / CORPUS, CorpusDocument)],
            queries=[
                query for query in _read(folder / files.queries, Query) if query.id in judgements
            ],
            judgements=judgements,
        )
    except (OSError, ValueError, StopIteration) as error:
        raise InvalidSet(f"the set in {folder} cannot be read: {error}") from error


def _missing(folder: Path, what: str, names: Sequence[str]) -> InvalidSet:
    there = ", ".join(names) or "nothing"
    return InvalidSet(f"there is no {what} in {folder}. The folder holds: {there}")


def _read(path: Path, kind: type[Record]) -> Iterator[Record]:
    with path.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line, type=kind)


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            query, document, score = line.split("\t")
            found.setdefault(query, {})[document] = float(score)
    return found
