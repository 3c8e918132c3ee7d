"""Prometheus metrics of admission to the models."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from fingerpost_serving.admission import Ask

ADMITTED = Counter(
    "fingerpost_model_admitted_total",
    "Requests that got a place at a model",
    ("model", "priority", "tenant"),
)
ADMITTED_TOKENS = Counter(
    "fingerpost_model_admitted_tokens_total",
    "Estimated tokens of the requests that got a place",
    ("model", "priority", "tenant"),
)
REFUSED = Counter(
    "fingerpost_model_refused_total",
    "Requests that were turned away",
    ("model", "priority", "reason"),
)
LEFT = Counter(
    "fingerpost_model_queue_left_total",
    "Requests that left the queue before their turn",
    ("model", "priority"),
)
WAIT_SECONDS = Histogram(
    "fingerpost_model_wait_seconds",
    "Time that admitted requests waited for their place",
    ("model", "priority"),
    buckets=(0.005, 0.02, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16),
)
RUNNING = Gauge(
    "fingerpost_model_running", "Requests at a model now, over all processes", ("model",)
)
TOKENS = Gauge("fingerpost_model_tokens", "Their estimated tokens, over all processes", ("model",))
WAITING = Gauge(
    "fingerpost_model_waiting", "Requests that wait for a model, over all processes", ("model",)
)
ALONE = Gauge(
    "fingerpost_model_admission_alone",
    "1 while this process admits to a model by itself, as Valkey is away",
    ("model",),
)


class AdmissionMetrics:
    """An `Observer` that counts. Tenants are those of the settings, so labels stay few."""

    def admitted(self, model: str, ask: Ask, waited_s: float) -> None:
        priority = ask.priority.name.lower()
        ADMITTED.labels(model=model, priority=priority, tenant=ask.tenant).inc()
        ADMITTED_TOKENS.labels(model=model, priority=priority, tenant=ask.tenant).inc(ask.tokens)
        WAIT_SECONDS.labels(model=model, priority=priority).observe(waited_s)

    def refused(self, model: str, ask: Ask, reason: str) -> None:
        REFUSED.labels(model=model, priority=ask.priority.name.lower(), reason=reason).inc()

    def left(self, model: str, ask: Ask, waited_s: float) -> None:
        LEFT.labels(model=model, priority=ask.priority.name.lower()).inc()

    def load(self, model: str, running: int, tokens: int, waiting: int) -> None:
        RUNNING.labels(model=model).set(running)
        TOKENS.labels(model=model).set(tokens)
        WAITING.labels(model=model).set(waiting)

    def away(self, model: str, away: bool) -> None:
        ALONE.labels(model=model).set(away)
