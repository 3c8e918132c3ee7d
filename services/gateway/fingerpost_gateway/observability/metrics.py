"""Prometheus metrics of requests and turns. No label holds anything that a person typed."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from fingerpost_assistant import TurnResult

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)

REQUESTS = Counter(
    "fingerpost_http_requests_total", "Requests that were answered", ("method", "route", "status")
)
REQUEST_SECONDS = Histogram(
    "fingerpost_http_response_start_seconds",
    "From a request's arrival to the first byte of its answer",
    ("route",),
    buckets=_SECONDS,
)
STREAMS = Gauge("fingerpost_http_requests_in_progress", "Requests being answered, streams included")
TURNS = Counter("fingerpost_turns_total", "Turns that this process ended", ("outcome", "model"))
STAGE_SECONDS = Histogram(
    "fingerpost_turn_stage_seconds",
    "Time that a stage of a turn took",
    ("stage",),
    buckets=_SECONDS,
)


CHOICES = Counter(
    "fingerpost_model_choices_total",
    "Questions by who was to write the answer, and why",
    ("writer", "reason"),
)
STEPPED_DOWN = Counter(
    "fingerpost_model_stepped_down_total",
    "Answers that were not written as chosen: shorter, by the narrow model, or quoted",
    ("to",),
)
RAW = Counter(
    "fingerpost_raw_calls_total",
    "Calls of models as they are, by staff",
    ("model", "result"),
)
CACHE = Counter("fingerpost_answer_cache_total", "Look-ups in the answer cache", ("result",))


def observe_turn(result: TurnResult) -> None:
    """Count a turn that this process answered."""
    trace = {name: str(value) for name, value in result.trace.items()}
    if "model.choice" in trace:
        CHOICES.labels(writer=trace["model.choice"], reason=trace["model.reason"]).inc()
    if "model.stepped_down" in trace:
        STEPPED_DOWN.labels(to=trace["model.stepped_down"]).inc()
    if "cache" in trace:
        CACHE.labels(result=trace["cache"]).inc()
    TURNS.labels(outcome=result.outcome.value, model=result.model or "none").inc()
    for stage, milliseconds in result.timings.items():
        STAGE_SECONDS.labels(stage=stage).observe(milliseconds / 1000)
