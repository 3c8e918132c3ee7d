"""`fingerpost ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.options import LocaleOption, NationOption, TenantOption
from fingerpost_gateway.cli.output import AsJson, indented, out, plain, print_json, readable

if TYPE_CHECKING:
    from fingerpost_gateway.operations.results import AskResult, CitedPassage, CitedSentence


def ask(
    question: Annotated[str, typer.Argument(help="In your own words.")],
    nation: NationOption = None,
    locale: LocaleOption = None,
    tenant: TenantOption = "default",
    as_json: AsJson = False,
) -> None:
    """Answer a question from the guidance, with the source of every sentence.

    Nothing about it is stored.
    """
    with failing_clearly(as_json):
        from fingerpost_gateway.cli.working import work
        from fingerpost_gateway.operations.orders import AskOrder

        order = AskOrder(question=readable(question), nation=nation, locale=locale, tenant=tenant)
        result = work("ask", lambda operations: operations.ask(order))
        if as_json:
            print_json(result)
        else:
            _show(result)


def _show(result: AskResult) -> None:
    marks: dict[CitedPassage, int] = {}
    for sentence in result.sentences:
        numbers = [marks.setdefault(source, len(marks) + 1) for source in sentence.citations]
        line = Text("  - " if sentence.block == "item" else "").append(plain(_labelled(sentence)))
        line.append("".join(f" [{number}]" for number in numbers), style="cyan")
        out.print(line)
    if marks:
        out.print("\nSources", style="bold")
    for source, number in marks.items():
        heading = f" \u203a {source.heading}" if source.heading else ""
        out.print(
            Text(f"[{number}] ", style="cyan").append(plain(source.title + heading), "default")
        )
        updated = f"  (updated {source.updated:%-d %B %Y})" if source.updated else ""
        out.print(indented(source.url + updated, 4, "dim"))
    if result.outcome != "answered":
        out.print(f"\nOutcome: {result.outcome}", style="dim")


def _labelled(sentence: CitedSentence) -> str:
    return f"{sentence.label}: {sentence.text}" if sentence.label else sentence.text
