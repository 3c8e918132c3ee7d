"""The Fingerpost server and the `fingerpost` command."""
