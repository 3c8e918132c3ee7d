"""Questions with and without an answer: public sets as pages to index and questions to ask."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fingerpost_assistant.context import in_context
from fingerpost_assistant.question import Exchange
from fingerpost_retrieval import TextPage, TextSection

GOVUK = "https://www.gov.uk/"
MOST_EXCHANGES = 6


class SetQuestion(msgspec.Struct, frozen=True):
    """A question as it is searched for."""

    set: str
    group: str
    """Conversation or page: what training and test must not share."""
    text: str
    pages: frozenset[str] = frozenset()
    """Paths of the pages that answer; the question is asked again without them."""
    label: str = ""
    """What people said of it, where they did: ANSWERABLE, PARTIAL, UNANSWERABLE …"""


class QuestionSet(msgspec.Struct, frozen=True):
    """Pages, and questions to them."""

    name: str
    pages: Sequence[TextPage]
    questions: Sequence[SetQuestion]


def all_sets(data: Path) -> Iterator[QuestionSet]:
    """Yield the sets; `govuk_search`, whose licence is not confirmed, is for tests alone."""
    yield _conditionalqa(data, "conditionalqa")
    yield _conditionalqa(data, "conditionalqa_pages")
    yield _doc2dial(data)
    yield _or_sharc(data)
    yield _mtrag(data)
    yield _govuk_search(data)


def questions_to_other_services(data: Path) -> list[SetQuestion]:
    """clinc150's questions to a bank or a diary: a ninth of its training half, and its test half."""
    rows = [*list(_rows(data / "clinc150/train.jsonl"))[::9], *_rows(data / "clinc150/test.jsonl")]
    return [SetQuestion("clinc150", row["text"], row["text"], label="OTHER") for row in rows]


def _conditionalqa(data: Path, name: str) -> QuestionSet:
    folder = data / name
    corpus = list(_rows(folder / "corpus.jsonl"))
    page = {row["_id"]: _path(row["metadata"]["url"]) for row in corpus}
    gold = _gold(folder / "qrels.tsv", page)
    questions = []
    for row in _rows(folder / "queries.jsonl"):
        pages = gold.get(row["_id"])
        if pages and row.get("label", "ANSWERABLE") == "ANSWERABLE":
            group = min(pages)
            questions.append(SetQuestion(f"{name}, question", group, row["text"], pages))
            if row.get("scenario"):
                text = f"{row['scenario']} {row['text']}"
                questions.append(SetQuestion(f"{name}, story", group, text, pages))
    return QuestionSet(name, _pages((page[row["_id"]], row) for row in corpus), questions)


def _doc2dial(data: Path) -> QuestionSet:
    folder = data / "doc2dial"
    corpus = list(_rows(folder / "corpus.jsonl"))
    page = {row["_id"]: row["_id"].rpartition("-")[0] for row in corpus}
    questions = [
        SetQuestion(f"doc2dial, {kind}", min(pages), _asked(row), pages)
        for kind in ("first", "followup")
        for gold in [_gold(folder / f"qrels.{kind}.tsv", page)]
        for row in _rows(folder / f"queries.{kind}.jsonl")
        if (pages := gold.get(row["_id"]))
    ]
    return QuestionSet("doc2dial", _pages((page[row["_id"]], row) for row in corpus), questions)


def _or_sharc(data: Path) -> QuestionSet:
    folder = data / "or_sharc"
    corpus = list(_rows(folder / "corpus.jsonl"))
    urls = {row["_id"]: frozenset(row["metadata"]["source_url"]) for row in corpus}
    page = {name: _path(min(found, default=f"snippet-{name}")) for name, found in urls.items()}
    questions = []
    for kind in ("question", "scenario"):
        gold = _gold(folder / f"qrels.{kind}.tsv", page)
        for row in _rows(folder / f"queries.{kind}.jsonl"):
            # The same rule may stand on several pages, of which the judgements name one.
            source = row["metadata"]["source_url"]
            also = frozenset(page[name] for name, found in urls.items() if source in found)
            if pages := gold.get(row["_id"], frozenset()) | also:
                questions.append(
                    SetQuestion(f"or_sharc, {kind}", _path(source), _asked(row), pages)
                )
    return QuestionSet("or_sharc", _pages((page[row["_id"]], row) for row in corpus), questions)


def _mtrag(data: Path) -> QuestionSet:
    folder = data / "mtrag_govt"
    labelled = [
        row for row in _rows(data / "mtrag_un/answerability.jsonl") if row["collection"] == "govt"
    ]
    corpus = {row["_id"]: row for row in _rows(folder / "corpus.jsonl")}
    for row in labelled:
        for passage in row["contexts"]:
            corpus.setdefault(passage["id"], passage)
    page = {name: name.partition("-")[0] for name in corpus}
    questions = [
        SetQuestion(f"mtrag_govt, {kind}", _conversation(row), _asked(row), pages)
        for kind in ("first", "followup")
        for gold in [_gold(folder / f"qrels.{kind}.tsv", page)]
        for row in _rows(folder / f"queries.{kind}.jsonl")
        if (pages := gold.get(row["_id"]))
    ]
    questions += [
        SetQuestion("mtrag_govt, labels", _conversation(row), _asked(row), label=row["label"])
        for row in _rows(folder / "answerability.jsonl")
    ]
    questions += [
        SetQuestion("mtrag_un, labels", row["conversation_id"], _asked(row), label=row["label"])
        for row in labelled
    ]
    return QuestionSet(
        "mtrag", _pages((page[name], row) for name, row in corpus.items()), questions
    )


def _govuk_search(data: Path) -> QuestionSet:
    folder = data / "govuk_search"
    corpus = list(_rows(folder / "corpus.jsonl"))
    page = {row["_id"]: row["_id"] for row in corpus}
    gold = _gold(folder / "qrels.tsv", page)
    questions = [
        SetQuestion("govuk_search", row["_id"], row["text"], pages)
        for row in _rows(folder / "queries.jsonl")
        if (pages := gold.get(row["_id"]))
    ]
    titles = ((row["_id"], row | {"text": row["text"] or row["title"]}) for row in corpus)
    return QuestionSet("govuk_search", _pages(titles), questions)


def _pages(rows: Iterable[tuple[str, dict[str, Any]]]) -> list[TextPage]:
    sections: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, row in rows:
        sections[path].append(row)
    return [
        TextPage(
            path=path,
            title=found[0]["title"],
            url=path,
            sections=tuple(
                TextSection(
                    text=row["text"],
                    heading_path=tuple(filter(None, (row.get("section") or "").split(" > "))),
                )
                for row in found
            ),
        )
        for path, found in sections.items()
    ]


def _asked(row: dict[str, Any]) -> str:
    """The question as the assistant searches for it: in its context, or after its story."""
    text = row.get("text") or row["question"]
    if row.get("scenario"):
        text = f"{row['scenario']} {text}"
    return in_context(text, _exchanges(row.get("history") or ()))


def _exchanges(turns: Iterable[dict[str, str]]) -> list[Exchange]:
    exchanges: list[Exchange] = []
    for turn in turns:
        if turn["role"] == "user":
            exchanges.append(Exchange(turn["text"], ""))
        elif exchanges and not exchanges[-1].answer:
            exchanges[-1] = Exchange(exchanges[-1].question, turn["text"])
    return exchanges[-MOST_EXCHANGES:]


def _conversation(row: dict[str, Any]) -> str:
    return str(row.get("conversation_id") or row["_id"].partition("<")[0])


def _path(url: str) -> str:
    return url.removeprefix(GOVUK).strip("/")


def _gold(qrels: Path, page: dict[str, str]) -> dict[str, frozenset[str]]:
    gold: defaultdict[str, set[str]] = defaultdict(set)
    for line in qrels.read_text("utf-8").splitlines()[1:]:
        question, document, score = line.split("\t")
        if float(score) > 0 and document in page:
            gold[question].add(page[document])
    return {question: frozenset(pages) for question, pages in gold.items()}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
