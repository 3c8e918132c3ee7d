"""Schemas that lead through steps or questions: step by step and simple smart answers."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fingerpost_knowledge_hub.govuk.content_item import Body, ContentItem
from fingerpost_knowledge_hub.govuk.pieces import Piece, bullets, html_of, paragraph


class StepItem(msgspec.Struct, frozen=True, kw_only=True):
    text: str | None = None
    context: str | None = None
    """Such as a price: "£35 to £60 per session"."""


class StepContent(msgspec.Struct, frozen=True, kw_only=True):
    type: str | None = None
    text: str | None = None
    contents: list[StepItem] | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    logic: str | None = None
    """ "and" or "or" when the step goes with the one before it and shares its number."""
    contents: list[StepContent] | None = None


class StepByStep(msgspec.Struct, frozen=True, kw_only=True):
    introduction: Body = None
    steps: list[Step] | None = None


class StepByStepDetails(msgspec.Struct, frozen=True, kw_only=True):
    step_by_step_nav: StepByStep | None = None


class Option(msgspec.Struct, frozen=True, kw_only=True):
    label: str | None = None
    next_node: str | None = None


class Node(msgspec.Struct, frozen=True, kw_only=True):
    slug: str | None = None
    title: str | None = None
    body: Body = None
    options: list[Option] | None = None


class SmartAnswerDetails(msgspec.Struct, frozen=True, kw_only=True):
    body: Body = None
    nodes: list[Node] | None = None


def step_by_step(item: ContentItem) -> Iterator[Piece]:
    """A journey: every step under its number and title."""
    journey = item.read(StepByStepDetails).step_by_step_nav or StepByStep()
    yield Piece(html_of(item, journey.introduction))
    number = 0
    for step in journey.steps or ():
        number += step.logic not in ("and", "or") or not number
        heading = f"{number}. {step.title or ''}".strip()
        yield Piece("".join(map(_step_content, step.contents or ())), (heading,))


def simple_smart_answer(item: ContentItem) -> Iterator[Piece]:
    """Questions with the answers to choose from, and the outcomes they lead to."""
    details = item.read(SmartAnswerDetails)
    yield Piece(html_of(item, details.body))
    nodes = details.nodes or []
    titles = {node.slug: node.title for node in nodes if node.slug and node.title}
    for node in nodes:
        headings = (node.title,) if node.title else ()
        yield Piece(html_of(item, node.body), headings)
        yield Piece(bullets(_choice(option, titles) for option in node.options or ()), headings)


def _step_content(content: StepContent) -> str:
    if content.contents is None:
        return paragraph(content.text)
    return bullets(_with_context(entry) for entry in content.contents)


def _with_context(entry: StepItem) -> str:
    text = entry.text or ""
    return f"{text} ({entry.context})" if entry.context else text


def _choice(option: Option, titles: dict[str, str]) -> str:
    return ": ".join(filter(None, (option.label, titles.get(option.next_node or ""))))
