"""Many processes searching one embedded index: its owner publishes, replicas follow.

```
published/
├── published.json      names the copy to follow
└── copy-00000003/      a backup of the index; the one before stays until the next
```

Qdrant Edge writes into its files in place, so that a process cannot read what another has open.
The owner therefore publishes whole copies, and each replica opens a copy of its own.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
from collections.abc import Callable, Set
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from ._files import write_atomically
from .embedding import Embedder
from .encoding import Encoder
from .errors import IndexDamaged, IndexFault, IndexLocked
from .index import GuidanceIndex
from .live import Live, open_live

if TYPE_CHECKING:
    from .edge_folder import EdgeFolder

POINTER = "published.json"
COPY = re.compile(r"copy-(\d+)")
KEPT = 2
"""Copies that stay: a replica may still be reading the one before the last."""
INTERVAL_S = 1.0
ATTEMPTS = 5

READ_ONLY = (
    "this is a replica of the index, which only follows. Send the change to the process that owns "
    "the index"
)

logger = logging.getLogger(__name__)


class Pointer(msgspec.Struct, frozen=True):
    """Which copy replicas follow."""

    copy: str
    revision: str


def publish(index: GuidanceIndex, folder: Path) -> bool:
    """Let replicas see the index as it is now; false if they see that already.

    Searches and changes go on meanwhile. A crash leaves the copy before it in place.

    Arguments:
        index: the index, on Qdrant Edge, which this process owns.
        folder: where the copies go; made if absent, and for this index alone.

    Raises `IndexUnwritable`.
    """
    from .edge_folder import writable

    with writable(folder):
        return _publish(index, folder)


def _publish(index: GuidanceIndex, folder: Path) -> bool:
    revision = index.revision
    last = read_pointer(folder)
    if last is not None and last.revision == revision:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    numbers = sorted(_numbers(folder))
    name = f"copy-{(numbers[-1] if numbers else 0) + 1:08}"
    index.backup(folder / name)
    pointer = Pointer(copy=name, revision=revision)
    write_atomically(folder / POINTER, msgspec.json.encode(pointer))
    for number in numbers[: max(len(numbers) + 1 - KEPT, 0)]:
        shutil.rmtree(folder / f"copy-{number:08}", ignore_errors=True)
    return True


def read_pointer(folder: Path) -> Pointer | None:
    """Return what is published; None where nothing is yet. Raises `IndexDamaged`."""
    try:
        return msgspec.json.decode((folder / POINTER).read_bytes(), type=Pointer)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise IndexDamaged(
            f"{folder / POINTER} cannot be read: {error}. Publish the index anew"
        ) from error


class IndexReplica(GuidanceIndex):
    """A `GuidanceIndex` for reading, which follows what another process publishes.

    Searches go on, over what was published last, when that process is gone.

    Example:
        publish(index, Path("published"))  # in the process that owns the index
        with IndexReplica.follow(Path("published"), Path("replica-2"), embedder) as replica:
            replica.search("How do I renew a passport?")
    """

    def __init__(self, store: EdgeFolder, live: Live, published: Path, pointer: Pointer) -> None:
        super().__init__(store, live)
        self._folder = store
        self._published = published
        self._pointer = pointer
        self._refreshing = threading.Lock()
        self._stop = threading.Event()
        self._follower: threading.Thread | None = None

    @classmethod
    def follow(
        cls,
        published: Path,
        folder: Path,
        embedder: Embedder | None,
        *,
        interval: float = INTERVAL_S,
    ) -> IndexReplica:
        """Open a replica.

        Arguments:
            published: the folder that the owner publishes to.
            folder: this replica's own, on the same disk or another; its content is replaced.
            embedder: the one that the index was built for, or None to search by words alone.
            interval: seconds between looks at what is published; 0 leaves that to `refresh`.

        Raises `IndexDamaged` when nothing is published, `IndexLocked` when another replica
        has the folder, and `IndexMismatch` for another embedder.
        """
        from .edge_folder import EdgeFolder

        store = EdgeFolder(folder)
        try:
            pointer = _adopt(store, published)
            live = open_live(store, Encoder(embedder))
            store.discard_others(live.generation.backend)
        except BaseException:
            store.close()
            raise
        replica = cls(store, live, published, pointer)
        if interval:
            replica._start(interval)
        return replica

    def refresh(self) -> bool:
        """Take up what was published last; false if this is it already."""
        with self._refreshing:
            pointer = read_pointer(self._published)
            if pointer is None or pointer == self._pointer:
                return False
            adopted = _adopt(self._folder, self._published)
            old, fresh = self._live, open_live(self._folder, self._live.encoder)
            # Only now: what cannot be opened is looked at again the next time.
            self._pointer, self._live = adopted, fresh
            old.generation.backend.close()
            self._folder.discard_others(self._live.generation.backend)
            return True

    def optimise(self, pulse: Callable[[], None] = lambda: None) -> NoReturn:
        """Not on a replica: raises `IndexLocked`."""
        raise IndexLocked(READ_ONLY)

    def rebuilding(self, embedder: Embedder | None) -> NoReturn:
        """Not on a replica: raises `IndexLocked`."""
        raise IndexLocked(READ_ONLY)

    def close(self) -> None:
        self._stop.set()
        if self._follower is not None:
            self._follower.join()
        super().close()

    def _write(
        self,
        action: Callable[[Live], None],
        pages: Set[str],
        *,
        fits: Callable[[Live], None] = lambda live: None,
    ) -> None:
        raise IndexLocked(READ_ONLY)

    def _start(self, interval: float) -> None:
        def follow() -> None:
            while not self._stop.wait(interval):
                try:
                    self.refresh()
                except (IndexFault, OSError):
                    # What is searched stays as it is; the next look may do better.
                    logger.exception("the replica could not take up what was published")

        self._follower = threading.Thread(target=follow, name="replica", daemon=True)
        self._follower.start()


def _adopt(store: EdgeFolder, published: Path) -> Pointer:
    """Copy what is published; anew when it is superseded and deleted meanwhile."""
    for _ in range(ATTEMPTS):
        pointer = read_pointer(published)
        if pointer is None:
            raise IndexDamaged(
                f"nothing is published in {published}. Publish the index there first, in the "
                "process that owns it"
            )
        with suppress(IndexDamaged):
            store.adopt(published / pointer.copy)
            return pointer
        if read_pointer(published) == pointer:
            break
    raise IndexDamaged(f"what is published in {published} cannot be read. Publish the index anew")


def _numbers(folder: Path) -> list[int]:
    return [int(match[1]) for entry in folder.iterdir() if (match := COPY.fullmatch(entry.name))]
