"""The `fingerpost` command. This package imports nothing heavy, so that `--help` is quick."""

from fingerpost_gateway.cli.main import main

__all__ = ["main"]
