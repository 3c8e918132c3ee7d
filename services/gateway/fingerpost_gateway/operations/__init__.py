"""What commands do, in this process or in a running server.

Importing this package loads nothing heavy: a command beside a server needs little.
"""

from fingerpost_gateway.operations.protocol import OnProgress, Operations

__all__ = ["OnProgress", "Operations"]
