"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from fingerpost_gateway.places import Locale, Nation

NationOption = Annotated[
    Nation | None, typer.Option("--nation", help="Only guidance that applies there.")
]
LocaleOption = Annotated[
    Locale | None, typer.Option("--locale", help="Only guidance in this language.")
]
TenantOption = Annotated[str, typer.Option("--tenant", help="Whose guidance.")]
