"""What can go wrong in search, and when.

```
RetrievalError
├── MissingExtra            an optional package is not installed
├── ModelMissing            the folder holds no embedding model yet
├── ModelDamaged            a file of the model is not the one its manifest pins
├── EmbedderUnreachable     the server that embeds does not answer, or has no room
├── EmbedderRefused         it does not take the texts, or its answer is none
├── InvalidPage             a page cannot be indexed as it is
├── InvalidSet              a set for the benchmark, or an earlier result, is not what was asked for
├── BenchmarkDrop           the ranking is worse than an earlier result says
├── RerankerFailed          a reranker cannot be loaded, or gave no scores
└── IndexFault
    ├── IndexLocked         another process owns the folder (or writes to the server's index),
    │                       or a rebuild of the index is already under way
    ├── IndexDamaged        the stored index cannot be read
    ├── IndexMismatch       the index was built for another embedder or passage format
    ├── IndexUnwritable     the disk is full or the folder read-only
    ├── IndexUnreachable    the Qdrant server does not answer
    ├── IndexMoved          another process has switched the index to a new generation
    └── IndexClosed         the index was used after `close()`
```

Every message says what happened and what to do about it.
"""

from __future__ import annotations

# ruff: noqa: N818 -- the names say what happened, as in httpx (`TooManyRedirects`)


class RetrievalError(Exception):
    """Base of everything this package raises on purpose."""


class MissingExtra(RetrievalError):
    """An optional package is not installed; the message holds the `pip install` that cures it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed. Install it with: "
            f'pip install "fingerpost-retrieval[{extra}]"'
        )


class ModelMissing(RetrievalError):
    """There is no embedding model where one was asked for."""


class ModelDamaged(RetrievalError):
    """A file of the embedding model differs from what was built, or cannot be read."""


class EmbedderUnreachable(RetrievalError):
    """The server that embeds texts does not answer, or is too busy, after every retry."""


class EmbedderRefused(RetrievalError):
    """The server that embeds does not take the request, or answers with what are no vectors."""


class InvalidPage(RetrievalError):
    """A page lacks what search needs: a path, a locale or a digest."""


class InvalidSet(RetrievalError):
    """A set for the benchmark, or an earlier result of it, is not what was asked for."""


class BenchmarkDrop(RetrievalError):
    """The ranking is worse than an earlier result that it was held against."""


class RerankerFailed(RetrievalError):
    """A reranker cannot be loaded, or gave no scores for the passages it was given."""


class IndexFault(RetrievalError):
    """Base of what can go wrong with an index as such."""


class IndexLocked(IndexFault):
    """Another process owns the index, or a rebuild does. Only one at a time may."""


class IndexDamaged(IndexFault):
    """The stored index cannot be read. Nothing has been deleted."""


class IndexMismatch(IndexFault):
    """The index was built for another embedder or passage format than the one in use."""


class IndexUnwritable(IndexFault):
    """The index cannot be written: the disk is full or the folder is read-only."""


class IndexUnreachable(IndexFault):
    """The Qdrant server does not answer or refuses the request."""


class IndexMoved(IndexFault):
    """Another process has switched the index to a new generation; the caller opens that one."""


class IndexClosed(IndexFault):
    """The index was used after it had been closed."""
