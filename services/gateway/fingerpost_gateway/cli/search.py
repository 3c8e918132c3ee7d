"""`fingerpost search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.options import LocaleOption, NationOption, TenantOption
from fingerpost_gateway.cli.output import AsJson, indented, out, plain, print_json, readable

if TYPE_CHECKING:
    from fingerpost_gateway.search.schemas import SearchAnswer


def search(
    question: Annotated[str, typer.Argument(help="In your own words.")],
    limit: Annotated[int, typer.Option(help="Most passages to show.", min=1, max=100)] = 8,
    nation: NationOption = None,
    locale: LocaleOption = None,
    collection: Annotated[
        list[str] | None,
        typer.Option(help="Collection to search; may be repeated. Default: the tenant's own."),
    ] = None,
    tenant: TenantOption = "default",
    as_json: AsJson = False,
) -> None:
    """Find the passages of guidance that fit a question best."""
    with failing_clearly(as_json):
        from fingerpost_gateway.cli.working import work
        from fingerpost_gateway.operations.orders import SearchOrder

        order = SearchOrder(
            question=readable(question),
            limit=limit,
            nation=nation,
            locale=locale,
            collections=tuple(collection or ()),
            tenant=tenant,
        )
        result = work("search", lambda operations: operations.search(order))
        if as_json:
            print_json(result)
        else:
            _show(result)


def _show(result: SearchAnswer) -> None:
    for number, passage in enumerate(result.passages, start=1):
        heading = f" \u203a {passage.heading}" if passage.heading else ""
        title = Text(f"{number}. ").append(plain(passage.title + heading), style="bold")
        out.print(title.append(f"  {passage.score:.2f}", style="dim"))
        out.print(indented(passage.url, 3, "dim"))
        out.print(indented(passage.text + "\n", 3))
    if not result.passages:
        out.print("Nothing found. `fingerpost doctor` shows whether there is any guidance.")
