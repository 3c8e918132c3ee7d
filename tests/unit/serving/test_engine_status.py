"""What vLLM says of itself is read; what does not answer is down, with the reason."""

from __future__ import annotations

from pathlib import Path

from serverprocess import free_port

from fingerpost_serving import Registry
from fingerpost_serving.engines import statuses
from fingerpost_serving.engines.status import read_metrics

METRICS = """\
# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="tiny"} 3.0
vllm:num_requests_running{engine="1",model_name="tiny"} 2.0
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="tiny"} 4.0
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc{engine="0",model_name="tiny"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="tiny"} 0.5
# TYPE vllm:prefix_cache_queries counter
vllm:prefix_cache_queries_total{engine="0",model_name="tiny"} 200.0
# TYPE vllm:prefix_cache_hits counter
vllm:prefix_cache_hits_total{engine="0",model_name="tiny"} 150.0
"""


def test_counts_of_all_engines_of_a_server_are_added_up() -> None:
    status = read_metrics("http://a", METRICS)
    assert (status.running, status.waiting) == (5, 4)
    assert status.kv_cache_use == 0.5
    assert status.prefix_cache_hits == 0.75


def test_cache_that_was_never_asked_has_no_rate() -> None:
    assert read_metrics("http://a", "").prefix_cache_hits is None


async def test_server_that_does_not_answer_is_down(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(f"""
        [models.away]
        role = "answer"
        backend = "vllm"
        engine = {{ url = "http://127.0.0.1:{free_port()}" }}
        limits = {{ context = 1, concurrent_requests = 1, tokens_in_flight = 1 }}
    """)
    (status,) = await statuses(Registry.load(file), {})
    assert not status.up
    (replica,) = status.replicas
    assert not replica.up
    assert "Connect call failed" in replica.error
