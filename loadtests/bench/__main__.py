"""`python -m loadtests.bench [--json]`: measure everything and print it.

Ingestion and search run in this process; answers go over HTTP to a server of their own. All of
it on this machine, on the sample knowledge, bounded in time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from loadtests.bench.figures import Figure
from loadtests.bench.library import measure_library
from loadtests.bench.machine import machine
from loadtests.bench.served import measure_server

RESULTS = Path(__file__).parent.parent / "results" / "bench.json"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--output", type=Path, default=RESULTS, help="file for the JSON result")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fingerpost-bench-") as folder:
        figures = [*measure_library(Path(folder)), *measure_server(Path(folder))]
    result = {"machine": machine(), "figures": msgspec.to_builtins(figures)}
    text = json.dumps(result, indent=2) + "\n"
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text)
    if options.json:
        sys.stdout.write(text)
    else:
        print_table(figures)


def print_table(figures: list[Figure]) -> None:
    """Print the figures for a person."""
    table = Table(title="Fingerpost on this machine")
    for heading, side in (("what", "left"), ("figure", "right"), ("unit", "left"), ("", "left")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:,.4g}", figure.unit, figure.note)
    Console().print(table)


main()
