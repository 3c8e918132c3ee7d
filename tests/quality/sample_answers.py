"""How well are citizens' questions answered from the sample knowledge?

The questions were written from page titles alone, before the pages could be seen, and labelled
later by reading the pages: sixty have an answer (with its gold sentences), twenty are near misses
on existing pages and twenty are about something else. Usage:

    python -m tests.quality.sample_answers [--json] [--show wrong]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fingerpost_gateway.operations.opening import open_operations
from fingerpost_gateway.operations.orders import AskOrder, IngestOrder
from fingerpost_gateway.operations.results import AskResult
from fingerpost_gateway.settings import Settings

QUESTIONS = Path(__file__).with_name("sample_questions.jsonl")
ANSWERED = ("answered", "verified")

_WORD = re.compile(r"[\w£%]+(?:[.,]\w+)*")


class LabelledQuestion(msgspec.Struct, frozen=True):
    """A question with what a reader of the pages knows about it."""

    id: str
    question: str
    locale: str
    kind: str
    page: str | None
    gold: tuple[str, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one question."""

    id: str
    kind: str
    question: str
    outcome: str
    verdict: str
    """answered_right, answered_wrong, rightly_declined or wrongly_declined."""
    right_page: bool
    answer: str


def judged(labelled: LabelledQuestion, result: AskResult) -> Verdict:
    """Judge a result: an answer is right when it shows a gold sentence, in a language asked for."""
    answer = " ".join(sentence.text for sentence in result.sentences)
    urls = {citation.url for sentence in result.sentences for citation in sentence.citations}
    foreign = labelled.locale == "en" and any("locale=cy" in url for url in urls)
    answered = result.outcome in ANSWERED
    if labelled.kind != "answerable":
        verdict = "answered_wrong" if answered else "rightly_declined"
    elif not answered:
        verdict = "wrongly_declined"
    else:
        right = not foreign and any(_holds(answer, gold) for gold in labelled.gold)
        verdict = "answered_right" if right else "answered_wrong"
    return Verdict(
        id=labelled.id,
        kind=labelled.kind,
        question=labelled.question,
        outcome=result.outcome,
        verdict=verdict,
        right_page=any(_page_of(url) == labelled.page for url in urls),
        answer=answer,
    )


def _page_of(url: str) -> str:
    return url.removeprefix("/guidance/").partition("#")[0].partition("?")[0]


def _holds(answer: str, gold: str) -> bool:
    # A table row is shown with its headers between the cells, so each cell must occur.
    shown = _words(answer)
    return all(_words(cell) in shown for cell in gold.split(" | "))


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


async def judge_all(folder: Path) -> list[Verdict]:
    """Answer every question from the sample alone, with its data in `folder`."""
    lines = QUESTIONS.read_bytes().splitlines()
    questions = [msgspec.json.decode(line, type=LabelledQuestion) for line in lines]
    settings = Settings(data_dir=folder)
    async with open_operations(settings, "evaluation", notice=sys.stderr.write) as operations:
        await operations.ingest(IngestOrder(sample=True), lambda done, total: None)
        return [
            judged(labelled, await operations.ask(AskOrder(question=labelled.question)))
            for labelled in questions
        ]


def summary(verdicts: list[Verdict]) -> dict[str, dict[str, int]]:
    """Counts of verdicts by kind of question."""
    counts: dict[str, dict[str, int]] = {}
    for verdict in verdicts:
        kind = counts.setdefault(verdict.kind, {})
        kind[verdict.verdict] = kind.get(verdict.verdict, 0) + 1
    return counts


def lines(verdicts: list[Verdict], show: str) -> Iterator[str]:
    """The report for a person."""
    for kind, counts in summary(verdicts).items():
        yield f"{kind:12} " + "  ".join(f"{name} {n}" for name, n in sorted(counts.items()))
    for verdict in verdicts:
        if show and show in verdict.verdict:
            yield f"\n{verdict.id} [{verdict.kind}] {verdict.verdict}: {verdict.question}"
            yield f"    {verdict.outcome}: {verdict.answer[:500]}"


def main() -> None:
    """Run the evaluation from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print every verdict as JSON")
    parser.add_argument("--show", default="", help="list the questions with this verdict")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        verdicts = asyncio.run(judge_all(Path(folder)))
    if options.json:
        report = {"summary": summary(verdicts), "verdicts": msgspec.to_builtins(verdicts)}
        sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(lines(verdicts, options.show)) + "\n")


if __name__ == "__main__":
    main()
