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


def test_example_of_the_check_reads_a_model_s_text_and_judges_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {"__name__": "readme"}
    for block in blocks[:2]:
        exec(compile(block, README, "exec"), names)
    assert capsys.readouterr().out.splitlines()[-1] == (
        "[('Councils decide.', None), ('You can get a badge from 3 years on.', None)]"
    )
