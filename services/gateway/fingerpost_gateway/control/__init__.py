"""The door in the data directory through which commands reach a running server."""
