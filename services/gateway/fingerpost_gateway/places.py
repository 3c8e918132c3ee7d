"""Nations and languages, as the API and the commands name them."""

from __future__ import annotations

from typing import Literal

Nation = Literal["england", "scotland", "wales", "northern-ireland"]
Locale = Literal["en", "cy"]
