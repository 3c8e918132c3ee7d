"""`python -m fingerpost_retrieval build-model FOLDER`: set up the embedding model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .errors import RetrievalError
from .minilm import NAME, build_minilm


def main() -> int:
    """Run the command that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fingerpost_retrieval")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build-model", help=f"build the embedding model {NAME}")
    build.add_argument("folder", type=Path, help="where the model goes")
    folder: Path = parser.parse_args().folder
    try:
        build_minilm(folder)
    except (RetrievalError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{NAME} is in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
