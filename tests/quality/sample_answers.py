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

from fingerpost_assistant import Principal, Role, TurnResult
from fingerpost_gateway.runtime import open_runtime
from fingerpost_gateway.settings import Settings

QUESTIONS = Path(__file__).with_name("sample_questions.jsonl")
ANSWERED = ("answered", "verified")


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


def judged(labelled: LabelledQuestion, result: TurnResult) -> Verdict:
    """Judge a result: an answer is right when it shows a gold sentence."""
    answer = " ".join(sentence.text for sentence in result.sentences)
    answered = result.outcome.value in ANSWERED
    if labelled.kind == "answerable":
        right = any(_holds(answer, gold) for gold in labelled.gold)
        verdict = ("answered_right" if right else "answered_wrong") if answered else ""
        verdict = verdict or "wrongly_declined"
    else:
        verdict = "answered_wrong" if answered else "rightly_declined"
    pages = {citation.url.split("#")[0].split("?")[0] for citation in result.citations}
    return Verdict(
        id=labelled.id,
        kind=labelled.kind,
        question=labelled.question,
        outcome=result.outcome.value,
        verdict=verdict,
        right_page=labelled.page is not None and f"/guidance/{labelled.page}" in pages,
        answer=answer,
    )


def _holds(answer: str, gold: str) -> bool:
    # A table row is shown with its headers between the cells, so each cell must occur.
    cells = [_plain(cell) for cell in gold.split(" | ")]
    return all(cell in _plain(answer) for cell in cells)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w£%]+(?:[.,][\w]+)*", text.lower()))


async def judge_all(folder: Path) -> list[Verdict]:
    """Answer every question with a fresh runtime in `folder`."""
    asker = Principal(role=Role.CITIZEN, subject="evaluation")
    lines = QUESTIONS.read_bytes().splitlines()
    questions = [msgspec.json.decode(line, type=LabelledQuestion) for line in lines]
    async with open_runtime(Settings(data_dir=folder)) as runtime:
        await runtime.load_sample()
        return [
            judged(labelled, await runtime.assistant.answer_once(asker, labelled.question))
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
