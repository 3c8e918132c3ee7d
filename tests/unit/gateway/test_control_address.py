"""Where the control socket lies, also when the path of the data directory is long."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from fingerpost_gateway.control.address import LONGEST, is_listening, socket_path
from fingerpost_gateway.errors import DataDirectoryError


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fp"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def long_path(tmp_path: Path) -> Path:
    return tmp_path / ("d" * 60) / ("e" * 60)


def test_it_lies_in_the_data_directory(temporary: Path) -> None:
    assert socket_path(temporary) == temporary / "control.sock"


def test_a_long_path_gets_a_short_socket_of_its_own(tmp_path: Path, temporary: Path) -> None:
    path = socket_path(long_path(tmp_path))
    assert len(os.fsencode(path)) <= LONGEST
    assert path == socket_path(long_path(tmp_path))
    assert path != socket_path(long_path(tmp_path) / "other")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path, temporary: Path) -> None:
    (temporary / f"fingerpost-{os.getuid()}").mkdir(mode=0o777)
    (temporary / f"fingerpost-{os.getuid()}").chmod(0o777)
    with pytest.raises(DataDirectoryError, match="choose a shorter path"):
        socket_path(long_path(tmp_path))


def test_a_link_to_a_folder_is_refused(tmp_path: Path, temporary: Path) -> None:
    (temporary / f"fingerpost-{os.getuid()}").symlink_to(tmp_path)
    with pytest.raises(DataDirectoryError, match="belongs to this user alone"):
        socket_path(long_path(tmp_path))


def test_only_a_socket_with_a_listener_counts(temporary: Path) -> None:
    path = temporary / "control.sock"
    assert not is_listening(path)
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(path))
        server.listen()
        assert is_listening(path)
    assert path.exists()
    assert not is_listening(path)
