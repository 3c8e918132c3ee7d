"""The data directory: made private, tried out, and held by one process at a time."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fingerpost_gateway.data_directory import DataDirectory, refusal
from fingerpost_gateway.errors import DataDirectoryError, DataDirectoryInUseError

HOLD = """
import sys, time
from pathlib import Path
from fingerpost_gateway.data_directory import DataDirectory
with DataDirectory(Path(sys.argv[1])).locked("ingest"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "some" / "data")
    directory.prepare()
    assert stat.S_IMODE(directory.root.stat().st_mode) == 0o700
    assert list(directory.root.iterdir()) == []


def test_a_file_in_its_place_is_refused_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(DataDirectoryError, match="is not a folder: move the file away"):
        DataDirectory(tmp_path / "data").prepare()


@pytest.mark.parametrize(
    ("number", "cure"),
    [
        (errno.ENOSPC, "its disk is full"),
        (errno.EDQUOT, "its disk is full"),
        (errno.EROFS, "mount it writable"),
        (errno.EACCES, "give this user the right to write"),
        (errno.EIO, "mend it"),
    ],
)
def test_every_refusal_of_the_system_names_its_cure(number: int, cure: str) -> None:
    message = str(refusal(OSError(number, os.strerror(number)), Path("/data")))
    assert "/data" in message
    assert cure in message
    assert "FINGERPOST_DATA_DIR" in message


def test_only_one_process_holds_it_and_the_others_learn_which(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        expected = rf"in use by fingerpost ingest \(process {holder.pid}\)"
        with pytest.raises(DataDirectoryInUseError, match=expected), directory.locked("serve"):
            pass
        holder.kill()
    # The system let go of it: a killed process leaves no lock behind.
    with directory.locked("serve"):
        pass


def test_a_child_of_the_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    with directory.locked("serve"):
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with directory.locked("serve"):
            pass
    finally:
        child.kill()
        child.wait()
