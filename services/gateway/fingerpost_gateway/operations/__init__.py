"""What commands do, in this process or in a running server."""

from fingerpost_gateway.operations.local import LocalOperations
from fingerpost_gateway.operations.protocol import OnProgress, Operations

__all__ = ["LocalOperations", "OnProgress", "Operations"]
