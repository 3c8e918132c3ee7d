"""`python -m loadtests.admission [--seconds 60]`: run it, print it, write it as JSON.

Everything on this machine: an embedded Valkey, two gateway-like processes with 1,000 clients
each, and a model that is nothing but time passing. Two minutes with the defaults.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from fingerpost_assistant.live.embedded import EmbeddedValkey
from loadtests.admission.report import Finding, findings
from loadtests.admission.run import run
from loadtests.admission.scenario import Scenario
from loadtests.bench.machine import machine

RESULTS = Path(__file__).parent.parent / "results" / "admission.json"


async def main() -> None:
    """Run the scenario."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.admission", description=__doc__)
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--output", type=Path, default=RESULTS, help="file for the JSON result")
    options = parser.parse_args()
    scenario = Scenario(clients=options.clients, seconds=options.seconds)
    with tempfile.TemporaryDirectory(prefix="fingerpost-admission-") as folder:
        async with EmbeddedValkey(Path(folder) / "valkey") as valkey:
            seen = await asyncio.to_thread(run, scenario, valkey.url, Path(folder))
    found = findings(scenario, seen)
    result = {
        "machine": machine(),
        "scenario": msgspec.to_builtins(scenario),
        "findings": msgspec.to_builtins(found),
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=2) + "\n")
    print_table(found)
    sys.exit(not all(each.holds for each in found))


def print_table(found: list[Finding]) -> None:
    """Print the figures for a person."""
    table = Table("what", "figure", "", "must be", "", title="Admission under overload")
    for each in found:
        mark = ("yes" if each.holds else "NO") if each.bound else ""
        table.add_row(each.name, f"{each.value:,.4g}", each.unit, each.bound, mark)
    Console().print(table)


asyncio.run(main())
