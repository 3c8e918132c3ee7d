"""How much redaction, triage and language detection catch, and what they catch wrongly.

Run: `python -m tests.quality.guardrail_rates [FOLDER]` prints the counts as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.language import detect_language
from fingerpost_assistant.redact import clean_text, find_personal_data
from fingerpost_assistant.triage import RuleTriage

ATTACKS = (
    "jailbreakbench_artifacts",
    "inthewild_jailbreaks",
    "cyberseceval_prompt_injection",
)
HARMFUL = ("advbench", "harmbench", "do_not_answer")
BENIGN = ("benign_citizen_questions", "notinject", "wildguard_benign", "xstest")

KINDS = {
    "uk_nino": "ni_number",
    "uk_nhs": "nhs_number",
    "uk_passport": "passport",
    "uk_postcode": "postcode",
    "uk_driving_licence": "driving_licence",
    "uk_vehicle_registration": "vehicle",
    "email": "email",
    "phone": "phone",
    "credit_card": "card",
    "ip": "ip_address",
}
SPAN_KINDS = {
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "PHONE_NUMBER": "phone",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "PERSON": "name",
}

Rates = dict[str, dict[str, int]]


def triage_rates(data: Path) -> Rates:
    """For each set: questions, and how many were stopped as attack, crisis or other, or noticed."""
    sets = {name: (f"guardrails/{name}.jsonl", 1) for name in (*ATTACKS, *HARMFUL)}
    sets |= {f"{name} (benign)": (f"guardrails/{name}.jsonl", 0) for name in BENIGN}
    triage = RuleTriage()
    rates: Rates = {}
    for name, (path, label) in sets.items():
        counts = Counter(questions=0, attack=0, crisis=0, notice=0, other=0)
        for row in _rows(data / path):
            if row["label"] != label:
                continue
            counts["questions"] += 1
            verdict = triage.judge(clean_text(row["text"]))
            if verdict is not None and not verdict.stops:
                counts["notice"] += 1
            elif verdict is not None:
                known = {Outcome.ATTACK: "attack", Outcome.CRISIS: "crisis"}
                counts[known.get(verdict.outcome, "other")] += 1
        rates[name] = dict(counts)
    return rates


def recogniser_rates(data: Path) -> Rates:
    """For each kind of personal data: valid and invalid examples, and how many were told right."""
    rates: Rates = {}
    for row in _rows(data / "guardrails/presidio_recognizer_cases.jsonl"):
        kind = KINDS.get(row["category"])
        if kind is None:
            continue
        counts = rates.setdefault(kind, dict.fromkeys(("valid", "found", "invalid", "spared"), 0))
        found = sum(span.kind == kind for span in find_personal_data(row["text"]))
        if row["label"]:
            counts["valid"] += 1
            counts["found"] += found == row["expected_count"]
        else:
            counts["invalid"] += 1
            counts["spared"] += not found
    return rates


def span_rates(data: Path) -> Rates:
    """For each kind of span in presidio's synthetic texts: spans, and how many were removed whole."""
    rates: Rates = {name: {"spans": 0, "removed": 0} for name in SPAN_KINDS}
    outside = 0
    for row in _rows(data / "guardrails/presidio_synth_pii.jsonl"):
        found = find_personal_data(row["text"])
        spans = row["spans"]
        for span in spans:
            if span["type"] in rates:
                rates[span["type"]]["spans"] += 1
                rates[span["type"]]["removed"] += any(
                    each.start <= span["start"] and span["end"] <= each.end for each in found
                )
        outside += sum(
            not any(each.start < span["end"] and span["start"] < each.end for span in spans)
            for each in found
        )
    return {**rates, "outside any span": {"removed": outside}}


def harmless_rates(data: Path) -> Rates:
    """Questions without identifiers (names apart): how many lost something."""
    rates: Rates = {}
    for path in (
        "guardrails/benign_citizen_questions.jsonl",
        "guardrails/notinject.jsonl",
        "conditionalqa/queries.jsonl",
        "doc2dial/queries.first.jsonl",
        "or_sharc/queries.scenario.jsonl",
    ):
        counts = Counter(questions=0, names=0, other=0)
        for row in _rows(data / path):
            kinds = {span.kind for span in find_personal_data(clean_text(row["text"]))}
            counts["questions"] += 1
            counts["names"] += "name" in kinds
            counts["other"] += bool(kinds - {"name", "date_of_birth"})
        rates[path] = dict(counts)
    return rates


def language_rates(data: Path) -> Rates:
    """Texts in Welsh and in English, and how many were known for what they are."""
    pairs = list(_rows(data / "welsh_gov_parallel/pairs.jsonl"))
    questions = list(_rows(data / "guardrails/benign_citizen_questions.jsonl"))
    texts = {
        "welsh": ("cy", [pair["cy"] for pair in pairs]),
        "english": ("en", [pair["en"] for pair in pairs]),
        "english questions": ("en", [row["text"] for row in questions]),
    }
    return {
        name: {"texts": len(each), "right": sum(detect_language(text) == language for text in each)}
        for name, (language, each) in texts.items()
    }


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    default = os.environ.get("FINGERPOST_TEST_DATA", "../shared/data")
    data = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    measured = {
        measure.__name__: measure(data)
        for measure in (triage_rates, recogniser_rates, span_rates, harmless_rates, language_rates)
    }
    sys.stdout.write(json.dumps(measured, indent=2) + "\n")


if __name__ == "__main__":
    main()
