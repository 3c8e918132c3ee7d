"""Backups: one file with a consistent copy of what is kept in the data directory."""

from fingerpost_gateway.backup.restoring import finish_restore, restore
from fingerpost_gateway.backup.writing import Contents, write_backup

__all__ = ["Contents", "finish_restore", "restore", "write_backup"]
