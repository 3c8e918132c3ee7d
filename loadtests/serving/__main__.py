"""`make bench-serving`: the gateway beside LiteLLM, vllm-router and nothing, before one mock.

One worker each; the mock, the client and what is measured share this machine's cores. Systems take
turns in every round, so that a slow minute hits all; a figure is the median of the rounds, with the
extremes. Latency counts from the moment that a stream was planned for (open loop).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from loadtests.bench.machine import machine
from loadtests.serving.report import Report, print_report
from loadtests.serving.rounds import Bench, Effort
from loadtests.serving.systems import LITELLM, VLLM_PYTHON, all_systems

RESULTS = Path(__file__).parent.parent / "results" / "serving.json"
QUICK = Effort(rounds=1, seconds=2.0)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="make bench-serving", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, to see it work")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--output", type=Path, default=RESULTS, help="file for the JSON result")
    options = parser.parse_args()
    for needed, target in ((VLLM_PYTHON, "vllm"), (LITELLM, "litellm")):
        if not needed.exists():
            parser.error(f"{needed} is missing: run `make {target}`, or `make bench-serving`")
    effort = QUICK if options.quick else Effort()
    report = run(effort, lambda line: sys.stderr.write(f"{line}\n"))
    result = {"machine": machine(), **msgspec.to_builtins(report)}
    text = json.dumps(result, indent=2) + "\n"
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text)
    if options.json:
        sys.stdout.write(text)
    else:
        print_report(report)


def run(effort: Effort, say: Callable[[str], object]) -> Report:
    """Start everything, measure it in turns, and put the figures together."""
    with (
        tempfile.TemporaryDirectory(prefix="fingerpost-serving-") as folder,
        all_systems(Path(folder)) as systems,
    ):
        bench = Bench(systems, effort)
        for number in range(1, effort.rounds + 1):
            asyncio.run(bench.round(number, say))
        return bench.report()


main()
