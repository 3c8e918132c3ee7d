"""OpenTelemetry traces: a span a request, exported by OTLP when an address is set.

Attribute names follow the semantic conventions for HTTP servers. Paths are route templates,
so that no id or text of a person gets into a trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from fingerpost_gateway.settings import TelemetrySettings

_tracer = trace.get_tracer("fingerpost_gateway")


@contextmanager
def tracing(settings: TelemetrySettings) -> Iterator[None]:
    """Export traces while inside; flushes what is left on leaving."""
    if not settings.otlp_endpoint:
        yield
        return
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "fingerpost-gateway"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings.otlp_endpoint)))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.shutdown()


@contextmanager
def server_span(method: str, headers: dict[str, str]) -> Iterator[trace.Span]:
    """A span for one request, child of the caller's when it sent a `traceparent`."""
    context = propagate.extract(headers)
    with _tracer.start_as_current_span(
        method,
        context=context,
        kind=trace.SpanKind.SERVER,
        attributes={"http.request.method": method},
    ) as span:
        yield span


def name_span(span: trace.Span, method: str, route: str, status: int) -> None:
    """Say what became of the request, once its route and status are known."""
    span.update_name(f"{method} {route}")
    span.set_attributes({"http.route": route, "http.response.status_code": status})
    if status >= 500:
        span.set_status(trace.StatusCode.ERROR)
