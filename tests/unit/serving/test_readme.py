"""The README's example does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[3] / "serving" / "README.md"


def test_example_answers_with_its_conditions(capsys: pytest.CaptureFixture[str]) -> None:
    found = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found
    exec(compile(found[1], README, "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out.splitlines() == [
        "You can get a badge if both apply: [Blue Badge]",
        "you are 3 or over [Blue Badge]",
        "you cannot walk far [Blue Badge]",
        "However, councils decide. [Blue Badge]",
    ]
