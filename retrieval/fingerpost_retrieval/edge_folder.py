"""The folder of an embedded index: its lock, its generations, and which of them is current."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from ._files import copy_folder, size_of, sync, write_atomically
from .backend import Backend, State
from .edge import EdgeBackend, check_space, damaged, translated
from .edge_ordering import order_elsewhere
from .errors import IndexClosed, IndexDamaged, IndexLocked, IndexUnwritable
from .generation import Generation

LOCK = "lock"
CURRENT = "current.json"
BUILDING = "building"
"""A file in the folder of a generation that is not complete yet."""

GENERATION = re.compile(r"gen-(\d+)")
LOCK_INTERVAL_S = 0.05
PULSE_S = 0.2
"""Between two looks at whether what takes long is still wanted."""


logger = logging.getLogger(__name__)


class Alias(msgspec.Struct, frozen=True):
    """Which generation is searched."""

    generation: str


class EdgeFolder:
    """Generations side by side in one folder, which this process alone has open.

    ```
    index/
    ├── lock            held while a process has the index open; it holds that process's id
    ├── current.json    names the generation that is searched
    └── gen-1/          a generation: a shard of Qdrant Edge
    ```

    Arguments:
        path: the folder; made if absent.
        wait: seconds to wait for another process to let go of it.

    Raises `IndexLocked` when another process has the folder open, and `IndexUnwritable` when
    it cannot be written to.
    """

    grace = 0.0

    def __init__(self, path: Path, *, wait: float = 0.0) -> None:
        self.path = path
        with writable(path):
            path.mkdir(parents=True, exist_ok=True)
            self._lock = _acquire(path / LOCK, wait)
        self._opened: dict[str, EdgeBackend] = {}
        self._ordering = threading.Lock()
        self._helper: subprocess.Popen[str] | None = None
        self._closed = False

    def current(self) -> EdgeBackend | None:
        """Open the current generation; None in a new folder."""
        alias = self._alias()
        if alias is None:
            return None
        backend = self._remember(EdgeBackend.load(self.path / alias.generation))
        # What an interruption left behind: unfinished, or followed by the current one.
        self._discard(name for name in self._generations() if name not in self._opened)
        for partial in self.path.glob(".gen-*.partial"):
            shutil.rmtree(partial, ignore_errors=True)
        return backend

    def create(self, state: State) -> EdgeBackend:
        """Make an empty generation beside the others; `promote` makes it current."""
        folder = self.path / state.generation
        with writable(self.path):
            folder.mkdir()
            (folder / BUILDING).touch()
        return self._remember(EdgeBackend.create(folder, state))

    def promote(self, backend: Backend) -> None:
        """Make a generation the current one. The others are deleted by `discard_others`."""
        if self._closed:
            raise IndexClosed("the index has been closed")
        with writable(self.path):
            backend.flush()
            alias = Alias(backend.name)
            (self.path / backend.name / BUILDING).unlink(missing_ok=True)
            write_atomically(self.path / CURRENT, msgspec.json.encode(alias))

    def discard_others(self, kept: Backend) -> None:
        """Delete every generation but one."""
        self._discard(name for name in self._generations() if name != kept.name)

    def put_in_order(self, backend: Backend, pulse: Callable[[], None]) -> Backend:
        """Put a small generation in order itself, and a large one as a copy elsewhere.

        Raises `IndexUnwritable` when there is no room for the copy, and `IndexClosed` when the
        folder is closed meanwhile; then all stays as it was.
        """
        edge = self._opened[backend.name]
        if not edge.has_graph:
            edge.optimise()
            return edge
        with self._ordering:
            return edge if edge.is_in_order else self._ordered_copy(edge, pulse)

    def discard(self, backend: Backend) -> None:
        """Delete a generation that has been closed."""
        self._discard([backend.name])

    def backup(self, backend: Backend, to: Path) -> None:
        """Copy a generation, as it is at one moment, to a folder that can be opened itself."""
        with writable(to):
            if to.exists() and any(to.iterdir()):
                raise IndexUnwritable(f"{to} is not empty: name a new folder for the backup")
            partial = to.with_name(f".{to.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            self._opened[backend.name].copy(partial / backend.name)
            write_atomically(partial / CURRENT, msgspec.json.encode(Alias(backend.name)))
            partial.replace(to)
            sync(to.parent)

    def next_name(self) -> str:
        """Return a name that no generation in the folder has."""
        numbers = [int(name.removeprefix("gen-")) for name in self._generations()]
        return f"gen-{max(numbers, default=0) + 1}"

    def close(self) -> None:
        """Let other processes have the folder, and stop what is being put in order."""
        self._closed = True
        if (helper := self._helper) is not None:
            helper.kill()
        self._lock.close()

    def restore(self, backup: Path) -> None:
        """Make a copy of a backup the current generation; the backup stays as it is.

        Raises `IndexDamaged` when the backup cannot be read; then all stays as it was.
        """
        self.discard_others(self.adopt(backup))

    def adopt(self, backup: Path) -> EdgeBackend:
        """`restore`, with the generations before it left in place; what it returns is closed."""
        alias = _read_alias(backup)
        name = self.next_name()
        with writable(self.path):
            partial = self._partial(name)
            shutil.rmtree(partial, ignore_errors=True)
            try:
                copy_folder(backup / alias.generation, partial)
            except FileNotFoundError as error:
                raise damaged(backup, f"{error.filename} is missing") from error
            except shutil.Error as error:
                gone = [file for file, *_ in error.args[0] if not Path(file).exists()]
                if not gone:
                    raise
                raise damaged(backup, f"{gone[0]} is missing") from error
            (partial / BUILDING).touch()
            partial.rename(self.path / name)
        try:
            backend = EdgeBackend.load(self.path / name)
            try:
                Generation(backend).verify()
                self.promote(backend)
            finally:
                backend.close()
        except IndexDamaged:
            self._discard([name])
            raise
        return backend

    def _ordered_copy(self, edge: EdgeBackend, pulse: Callable[[], None]) -> EdgeBackend:
        """Copy a generation, put the copy in order in a process of its own, and open it."""
        name = self.next_name()
        folder, partial = self.path / name, self._partial(name)
        with writable(self.path):
            # The copy, and beside it what the engine merges it into.
            check_space(self.path, 2 * size_of(self.path / edge.name))
            shutil.rmtree(partial, ignore_errors=True)
            try:
                edge.copy(partial)
                (partial / BUILDING).touch()
                partial.rename(folder)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
        try:
            self._order(folder, pulse)
            ordered = EdgeBackend.load(folder)
            try:
                state = ordered.read_state()
                ordered.write_state(
                    msgspec.structs.replace(
                        state,
                        generation=name,
                        ordered_commit=state.commit,
                        ordered_passages=state.passages,
                    )
                )
            except BaseException:
                ordered.close()
                raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return self._remember(ordered)

    def _order(self, folder: Path, pulse: Callable[[], None]) -> None:
        with order_elsewhere(folder) as helper:
            self._helper = helper
            try:
                if self._closed:
                    helper.kill()
                message = _awaited(helper, pulse)
            finally:
                helper.kill()
                self._helper = None
        status = helper.returncode
        if self._closed:
            raise IndexClosed("the index was closed while it was being put in order")
        if status < 0:
            check_space(self.path)
            message = f"{signal.Signals(-status).name} ended it"
        if status:
            raise translated(folder, message)

    def _partial(self, name: str) -> Path:
        """Where a generation is copied to, until the copy is whole."""
        return self.path / f".{name}.partial"

    def _is_unfinished(self, name: str) -> bool:
        return (self.path / name / BUILDING).exists()

    def _discard(self, names: Iterable[str]) -> None:
        for name in list(names):
            logger.info("deleting generation %s of the index in %s", name, self.path)
            self._opened.pop(name, None)
            with suppress(FileNotFoundError):  # deleted already, which is what is wanted
                shutil.rmtree(self.path / name)

    def _remember(self, backend: EdgeBackend) -> EdgeBackend:
        self._opened[backend.name] = backend
        return backend

    def _alias(self) -> Alias | None:
        if (self.path / CURRENT).exists():
            return _read_alias(self.path)
        for name in self._generations():
            # Without the file, a complete generation means that something has been lost.
            if not self._is_unfinished(name):
                raise damaged(self.path, f"{CURRENT} is missing, yet {name} exists")
        return None

    def _generations(self) -> list[str]:
        return [
            entry.name
            for entry in self.path.iterdir()
            if entry.is_dir() and GENERATION.fullmatch(entry.name)
        ]


def _awaited(helper: subprocess.Popen[str], pulse: Callable[[], None]) -> str:
    """Wait for a process to end; return what it says on stderr."""
    while True:
        try:
            _, message = helper.communicate(timeout=PULSE_S)
        except subprocess.TimeoutExpired:
            pulse()
        else:
            return message


def _read_alias(folder: Path) -> Alias:
    try:
        return msgspec.json.decode((folder / CURRENT).read_bytes(), type=Alias)
    except (msgspec.DecodeError, OSError) as error:
        raise damaged(folder, f"{CURRENT} is unreadable ({error})") from error


def _acquire(path: Path, wait: float) -> IO[str]:
    deadline = time.monotonic() + wait
    file = path.open("a+", encoding="ascii")
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(LOCK_INTERVAL_S)
                continue
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise IndexLocked(
                f"the index in {path.parent} is in use by process {holder}. "
                "Stop that process, or send it the request"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Say of a folder that cannot be written what to do about it."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(
            f"the index folder {path} cannot be written: {error.strerror or error}. "
            "Choose a folder that this user may write to, or free some space"
        ) from error
