"""What can go wrong in the knowledge hub.

KnowledgeHubError
├── SourceError                  a source as a whole cannot be listed; nothing of it is pruned
│   ├── SourceNotFoundError      there is no file or folder at the path given
│   └── SourceUnrecognisedError  `--source auto` cannot tell what lies at a path
├── DocumentError                one page cannot be read; it is reported, the others go on
├── FetchError                   an address cannot be fetched; it is reported, the others go on
│   └── ForbiddenAddressError    it leads to a host or a network that is not allowed
└── CatalogueError               the catalogue cannot be used
    ├── CatalogueNotReadyError   its tables do not exist in the database
    └── CatalogueBusyError       another sync held the catalogue longer than the time allowed

Every message names the cause and the cure.
"""

from __future__ import annotations


class KnowledgeHubError(Exception):
    """Anything that the knowledge hub raises on purpose."""


class SourceError(KnowledgeHubError):
    """A source as a whole cannot be listed, for example because its folder is not readable."""


class SourceNotFoundError(SourceError):
    """There is no file or folder at the path given."""


class SourceUnrecognisedError(SourceError):
    """What lies at a path is none of the kinds of source that can be told apart."""


class DocumentError(KnowledgeHubError):
    """One page cannot be made into a document: broken syntax, no title, too large …"""


class FetchError(KnowledgeHubError):
    """What an address serves cannot be had: refused, too large, too slow, broken off …"""


class ForbiddenAddressError(FetchError):
    """An address, or where it redirects to, is of a host or a network that is not allowed."""


class CatalogueError(KnowledgeHubError):
    """The catalogue cannot be used."""


class CatalogueNotReadyError(CatalogueError):
    """The catalogue's tables do not exist: call `Catalogue.create` or run the migrations."""


class CatalogueBusyError(CatalogueError):
    """Another sync or event held the catalogue for longer than the time allowed."""
