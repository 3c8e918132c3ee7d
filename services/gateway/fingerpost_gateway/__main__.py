"""`python -m fingerpost_gateway` is the `fingerpost` command."""

from fingerpost_gateway.cli import main

main()
