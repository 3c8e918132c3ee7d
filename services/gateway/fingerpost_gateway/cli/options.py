"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Nation(StrEnum):
    """Where the asker lives."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern-ireland"


class Locale(StrEnum):
    """Language of the guidance."""

    ENGLISH = "en"
    WELSH = "cy"


NationOption = Annotated[
    Nation | None, typer.Option("--nation", help="Only guidance that applies there.")
]
LocaleOption = Annotated[
    Locale | None, typer.Option("--locale", help="Only guidance in this language.")
]
TenantOption = Annotated[str, typer.Option("--tenant", help="Whose guidance.")]
