"""What is measured: each system started before the same mock, each with one worker."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from loadtests.bench.machine import children, resident_mib
from loadtests.serving.driving import Target
from tests.support.serverprocess import ServerProcess, free_port

ROOT = Path(__file__).parents[2]
VLLM_PYTHON = ROOT / ".venv-vllm" / "bin" / "python"
LITELLM = ROOT / ".venv-litellm" / "bin" / "litellm"

BURST, LONG_BURST, PACED, GROUNDED = "burst-20", "burst-110", "paced-64-20", "grounded"
SCRIPTS = (BURST, LONG_BURST, PACED)

START_S = 90.0
KEY = "fpk_of-the-benchmark"

_MODEL = """
[models.{name}]
role = "answer"
backend = "vllm"
size = "{size}"
engine = {{ url = "{url}" }}
limits = {{ context = 8192, concurrent_requests = 4096, tokens_in_flight = 33554432 }}
"""

_SETTINGS = """
[openai_api]
raw = "{raw}"

[models]
file = "{registry}"
keep_answers_s = 0

[limits]
running_turns = 4096

[telemetry]
log_level = "warning"

[tenants.default]
keys = [{{ name = "bench", role = "admin", sha256 = "{digest}" }}]

[tenants.default.models]
easy = "large"
"""


class System(msgspec.Struct, frozen=True):
    """A running system."""

    name: str
    url: str
    """Of its chat completions."""
    pid: int
    headers: dict[str, str] = {}
    prefix: str = ""
    """What it puts before the name of a model."""

    def target(self, script: str) -> Target:
        """Where a script of the mock is asked for."""
        return Target(self.url, self.prefix + script, self.headers)

    def memory_mib(self) -> float:
        """Resident memory of the process and all that it started."""
        return sum(resident_mib(pid) for pid in _family(self.pid))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in children(pid):
        yield from _family(child)


@contextmanager
def mock() -> Iterator[System]:
    """The mock itself, asked directly."""
    port = free_port()
    command = [sys.executable, "-m", "loadtests.serving.mock", str(port)]
    with _running("mock", command, f"http://127.0.0.1:{port}/health") as pid:
        yield System("direct", f"http://127.0.0.1:{port}/v1/chat/completions", pid)


@contextmanager
def router(mock_url: str) -> Iterator[System]:
    """vllm-router, cache-aware, retries and queue off; all else as it comes."""
    port, metrics = free_port(), free_port()
    command = [str(VLLM_PYTHON), "-m", "vllm_router.launch_router", "--disable-retries"]
    options = {
        "host": "127.0.0.1",
        "port": port,
        "prometheus-host": "127.0.0.1",
        "prometheus-port": metrics,
        "policy": "cache_aware",
        "queue-size": 0,
        "max-concurrent-requests": 4096,
        "log-level": "error",
        "worker-urls": mock_url,
    }
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    with _running("vllm-router", command, f"http://127.0.0.1:{port}/health") as pid:
        yield System("vllm-router", f"http://127.0.0.1:{port}/v1/chat/completions", pid)


@contextmanager
def litellm(mock_url: str, work: Path) -> Iterator[System]:
    """LiteLLM's proxy: no database, no keys, no logging."""
    port = free_port()
    models = [
        {
            "model_name": name,
            "litellm_params": {
                "model": f"openai/{name}",
                "api_base": f"{mock_url}/v1",
                "api_key": "none",
            },
        }
        for name in SCRIPTS
    ]
    # YAML is a superset of JSON.
    config = work / "litellm.yaml"
    config.write_bytes(msgspec.json.encode({"model_list": models}))
    environment = {
        **os.environ,
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_LOG": "ERROR",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_TELEMETRY": "False",
    }
    command = [str(LITELLM), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
    health = f"http://127.0.0.1:{port}/health/liveliness"
    with _running("LiteLLM", [*command, "--num_workers", "1"], health, environment) as pid:
        yield System("LiteLLM", f"http://127.0.0.1:{port}/v1/chat/completions", pid)


@contextmanager
def gateway(mock_url: str, data_dir: Path, name: str, raw: str, scripts: str) -> Iterator[System]:
    """Our gateway over the sample knowledge.

    Args:
        raw: how its raw models treat personal data.
        scripts: of the mock, the first of which writes its grounded answers.
    """
    registry = data_dir / "models.toml"
    data_dir.mkdir(parents=True, exist_ok=True)
    registry.write_text(
        "".join(
            _MODEL.format(name=each, url=mock_url, size="narrow" if number else "large")
            for number, each in enumerate(scripts.split())
        )
    )
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    settings = _SETTINGS.format(raw=raw, registry=registry, digest=digest)
    (data_dir / "fingerpost.toml").write_text(settings)
    with ServerProcess(data_dir) as server:
        yield System(
            name,
            f"{server.url}/openai/v1/chat/completions",
            server.pid,
            {"Authorization": f"Bearer {KEY}"},
            prefix="raw/",
        )


@contextmanager
def all_systems(work: Path) -> Iterator[dict[str, System]]:
    """Every system, by name; those that rest cost the others nothing but memory."""
    with ExitStack() as stack:
        enter = stack.enter_context
        direct = enter(mock())
        url = direct.url.removesuffix("/v1/chat/completions")
        scripts = " ".join(SCRIPTS)
        systems = [
            direct,
            enter(router(url)),
            enter(litellm(url, work)),
            enter(gateway(url, work / "redacted", "ours, raw, redacted", "redacted", scripts)),
            enter(gateway(url, work / "plain", "ours, raw, plain", "plain", scripts)),
            enter(gateway(url, work / "grounded", "ours, grounded", "off", GROUNDED)),
        ]
        yield {system.name: system for system in systems}


@contextmanager
def _running(
    name: str, command: list[str], health: str, environment: dict[str, str] | None = None
) -> Iterator[int]:
    """A process that answers at `health`; ended, with all that it started, on leaving.

    Raises:
        RuntimeError: it ended, or did not answer in time; the message has the end of its log.
    """
    log = Path(os.environ.get("TMPDIR", "/tmp")) / f"fingerpost-{name}-{os.getpid()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=environment, cwd=ROOT, start_new_session=True
        )
    try:
        _await_health(name, process, health, log)
        yield process.pid
    finally:
        family = list(_family(process.pid)) if process.poll() is None else []
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pid in family[1:]:
            _end(pid)
        log.unlink(missing_ok=True)


def _await_health(name: str, process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    end = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is None and time.monotonic() < end:
                time.sleep(0.2)
                continue
        said = log.read_text(errors="replace")[-2_000:]
        raise RuntimeError(f"{name} does not answer at {health}; it said:\n{said}")


def _end(pid: int) -> None:
    try:
        os.kill(pid, 15)
    except ProcessLookupError:
        return
