"""People's answers in a language model's place: what of them is shown, from the stream to the end.

    python -m tests.quality.replay_answers ../shared/data --model .data/models/minilm

No generative model with real weights was to be had where this was written. So the reference answers
of mtrag_un and mtrag_govt, each sentence with a mark for the passage that shares most of its words,
are streamed a token at a time, their first sentence standing for the question, through the whole pipeline: prompt, reading, check, fallback. What a
model would write is not measured by it; that true sentences come through, and that false ones do
not (`--false`: each answer with one sentence altered by `tests.quality.alterations`), is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from fingerpost_assistant import AskedQuestion, Pipeline, TurnResult
from fingerpost_assistant.answer import ExtractiveAnswers
from fingerpost_assistant.generate import GroundedAnswers
from fingerpost_assistant.grounded import GroundedCheck
from fingerpost_retrieval import Embedder, Embeddings, Passage, SearchResult, load_embedder
from fingerpost_serving import ExtractiveAnswerer, GroundednessCheck
from fingerpost_serving.words import content_stems
from tests.quality.alterations import alterations
from tests.quality.altering.references import Exchange, reference_exchanges

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from guidance_doubles import Always, Shelf
from replaymodel import ReplayModel

MOST_PASSAGES = 8


def passages_of(exchange: Exchange) -> list[Passage]:
    """Return the passages that an answer was written from, as the index would give them."""
    return [
        Passage(
            id=str(uuid5(NAMESPACE_URL, text)), path=f"/p{n}", locale="en", revision="r", title="",
            url=f"/p{n}", heading_path=(), text=text, position=0, tokens=0, collection="guidance",
        )
        for n, text in enumerate(exchange.sources[:MOST_PASSAGES])
    ]  # fmt: skip


def marked(sentences: Sequence[str], passages: Sequence[Passage]) -> str:
    """Write sentences with a mark each, as the prompt asks for."""
    return " ".join(f"{each.rstrip(' .')} [{_mark(each, passages)}]." for each in sentences)


def _mark(sentence: str, passages: Sequence[Passage]) -> str:
    words = content_stems(sentence)
    shares = [len(words & content_stems(passage.text)) for passage in passages]
    ranked = sorted(range(len(shares)), key=lambda i: -shares[i])
    return ", ".join(str(i + 1) for i in sorted(ranked[:2]))


class _Found(Shelf):
    """A search that finds the passages, and has the question's vector."""

    def __init__(self, passages: Sequence[Passage], embedding: Embeddings) -> None:
        super().__init__(*passages)
        self._embedding = embedding

    async def asearch(self, question: str, *args: Any, **kwargs: Any) -> SearchResult:
        found = await super().asearch(question, *args, **kwargs)
        return msgspec.structs.replace(found, embedding=self._embedding)


async def replay(
    question: str, text: str, passages: Sequence[Passage], embedder: Embedder
) -> TurnResult:
    """Answer with a text in the model's place."""
    pipeline = Pipeline(
        _Found(passages, embedder.embed([question])),
        GroundedAnswers(ReplayModel(text)),
        Always(),
        checks=GroundedCheck(GroundednessCheck(embedder)),
        fallback=ExtractiveAnswers(ExtractiveAnswerer()),
    )
    return await pipeline.answer(pipeline.prepare(AskedQuestion(text=question)))


async def measure(data: Path, embedder: Embedder, *, false: bool) -> dict[str, float]:
    """Replay all answers; return counts."""
    chance = random.Random(11)
    counts: Counter[str] = Counter()
    for exchange in reference_exchanges(data):
        sentences = list(exchange.sentences)
        wrong = _alter(sentences, exchange, chance) if false else ""
        if not sentences or (false and not wrong):
            continue
        passages = passages_of(exchange)
        result = await replay(sentences[0], marked(sentences, passages), passages, embedder)
        shown = {each.text.rstrip(" .") for each in result.sentences}
        counts["answers"] += 1
        counts["answered"] += result.outcome == "answered"
        counts["sentences"] += len(sentences)
        counts["shown"] += sum(_plain(each) in shown for each in sentences)
        counts["false_shown"] += bool(wrong) and _plain(wrong) in shown
        counts["stepped_down"] += "answer.stepped_down" in result.trace
        counts["added"] += int(result.trace.get("check.added", 0))
    return dict(counts)


def _alter(sentences: list[str], exchange: Exchange, chance: random.Random) -> str:
    """Make one of the sentences false, in place; return it."""
    for place in chance.sample(range(len(sentences)), len(sentences)):
        if found := alterations(sentences[place], exchange.sources, chance):
            sentences[place] = chance.choice(found).text
            return sentences[place]
    return ""


def _plain(sentence: str) -> str:
    return " ".join(sentence.split()).rstrip(" .")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("FINGERPOST_TEST_DATA", "../shared/data")
    parser.add_argument("data", nargs="?", type=Path, default=Path(default))
    parser.add_argument("--model", type=Path, required=True, help="folder of the embedder")
    parser.add_argument("--false", action="store_true", help="alter one sentence of each answer")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        parser.error(f"no test data at {arguments.data}: give its folder")
    embedder = load_embedder(arguments.model)
    counts = asyncio.run(measure(arguments.data, embedder, false=arguments.false))
    sys.stdout.write(json.dumps(counts, indent=2) + "\n")


if __name__ == "__main__":
    main()
