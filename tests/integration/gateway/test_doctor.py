"""`fingerpost doctor` finds what is amiss and says how to mend it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commandline import fingerpost, result_of
from serverprocess import ServerProcess

PARTS = [
    "python",
    "packages",
    "settings",
    "data directory",
    "disk",
    "model",
    "database",
    "models",
    "server",
    "index",
    "guidance",
]


def findings(data_dir: Path, **environment: str) -> dict[str, dict[str, Any]]:
    examined = fingerpost(data_dir, "doctor", "--json", **environment)
    return {finding["part"]: finding for finding in json.loads(examined.stdout)["findings"]}


def test_a_healthy_installation_has_every_part_looked_at(data_dir: Path) -> None:
    found = findings(data_dir)
    assert list(found) == [*PARTS, "valkey"]
    assert {finding["level"] for finding in found.values()} <= {"ok", "warn"}
    shown = fingerpost(data_dir, "doctor")
    assert shown.returncode == 0
    assert "valkey" in shown.stdout


def test_beside_a_server_it_asks_the_server(data_dir: Path) -> None:
    with ServerProcess(data_dir, sample=False):
        found = findings(data_dir)
    assert list(found) == PARTS
    assert "control.sock" in found["server"]["detail"]
    assert found["index"]["detail"].startswith("58 pages")


def test_an_empty_installation_is_told_where_guidance_comes_from(
    prepared: Path, tmp_path: Path
) -> None:
    (tmp_path / "models").symlink_to(prepared / "models")
    found = findings(tmp_path)
    assert found["guidance"]["level"] == "warn"
    assert "fingerpost ingest --sample" in found["guidance"]["cure"]


def test_an_open_data_directory_is_warned_of(data_dir: Path) -> None:
    data_dir.chmod(0o755)
    finding = findings(data_dir)["data directory"]
    assert finding["level"] == "warn"
    assert finding["cure"] == f"chmod 700 {data_dir}"


@pytest.mark.parametrize(
    ("settings", "cure"),
    [
        ("[http]\nport = 'many'\n", "port"),
        ('[[tenants.default.keys]]\nname = "x"\nsha256 = "short"\n', "fingerpost keys hash"),
    ],
)
def test_broken_settings_fail(data_dir: Path, settings: str, cure: str) -> None:
    (data_dir / "fingerpost.toml").write_text(settings)
    finding = findings(data_dir)["settings"]
    assert finding["level"] == "fail"
    assert cure in finding["detail"] + finding["cure"]
    assert fingerpost(data_dir, "doctor").returncode == 1


def test_an_index_that_lacks_pages_fails_until_it_is_built_anew(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "index")
    finding = findings(data_dir)["index"]
    assert finding["level"] == "fail"
    assert "0 pages" in finding["detail"]
    assert "58 live" in finding["detail"]
    assert "fingerpost ingest --rebuild" in finding["cure"]
    assert result_of(data_dir, "ingest", "--rebuild")["rebuilt"] == 58
    assert findings(data_dir)["index"]["level"] == "ok"
