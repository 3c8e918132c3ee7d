"""Copies of data directories, whose files are mostly holes and shall stay so."""

from __future__ import annotations

import shutil
from pathlib import Path

from fingerpost_retrieval._files import copy_sparse


def copy_data_dir(source: Path, target: Path) -> None:
    """Copy a data directory to a place where there is none; permissions are kept."""

    def copied(old: str, new: str) -> None:
        copy_sparse(old, new)
        shutil.copymode(old, new)

    shutil.copytree(source, target, copy_function=copied)
