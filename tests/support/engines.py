"""Real engines for tests: two vLLM replicas on the CPU behind vllm-router, as a command runs them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from serverprocess import free_port

from fingerpost_serving import Registry
from fingerpost_serving.engines.status import ReplicaStatus, read_metrics

ROOT = Path(__file__).resolve().parents[2]
VLLM_PYTHON = Path(os.environ.get("FINGERPOST_TEST_VLLM", ROOT / ".venv-vllm" / "bin" / "python"))
START_S = 240.0

MODELS = """
[models.tiny]
role = "answer"
backend = "vllm"
size = "narrow"

[models.tiny.engine]
path = "{folder}/model"
port = {port}
replicas = 2
cpu_cache_gib = 1
# Left free, a model without sense fills its JSON with blanks.
arguments = [
  "--structured-outputs-config", '{{"backend": "xgrammar", "disable_any_whitespace": true}}',
]

[models.tiny.limits]
context = 2048
concurrent_requests = 64
tokens_in_flight = 131072

[models.adapted]
role = "rewrite"
backend = "vllm"

[models.adapted.engine]
base = "tiny"
path = "{folder}/adapter"

[models.adapted.limits]
context = 2048
concurrent_requests = 16
tokens_in_flight = 32768
"""


class Engines:
    """`fingerpost models serve --cpu` with a tiny model; a context manager that ends it."""

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: where the model, its `models.toml` and the logs are put.
        """
        self._folder = folder
        self.models_file = folder / "models.toml"
        self._log = folder / "serve.log"
        self.data_dir = folder / "data"
        self.settings = {
            "FINGERPOST_MODELS__FILE": str(self.models_file),
            "FINGERPOST_MODELS__VLLM_PYTHON": str(VLLM_PYTHON),
        }

    @property
    def registry(self) -> Registry:
        return Registry.load(self.models_file)

    @property
    def url(self) -> str:
        """Address of the router."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def replicas(self) -> tuple[str, ...]:
        """Addresses of the replicas."""
        return tuple(f"http://127.0.0.1:{self._port + number}" for number in (1, 2))

    def replica_pid(self, number: int) -> int:
        """Process id of the server of a replica (0 or 1), the one that listens."""
        wanted = f"--port\0{self._port + 1 + number}\0"
        for pid, command in processes_of(self._folder):
            if wanted in command and "watcher.py" not in command:
                return pid
        raise LookupError(f"replica {number} does not run")

    def __enter__(self) -> Engines:
        subprocess.run(
            [VLLM_PYTHON, Path(__file__).with_name("tinyllama.py"), self._folder],
            check=True,
            capture_output=True,
        )
        self._port = four_free_ports()
        self.models_file.write_text(MODELS.format(folder=self._folder, port=self._port))
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fingerpost_gateway", "models", "serve", "--cpu"],
                env={**os.environ, **self.settings, "FINGERPOST_DATA_DIR": str(self.data_dir)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        left = processes_of(self._folder)
        for pid, _command in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert not left, f"these outlived `fingerpost models serve`: {left}"

    def said(self) -> str:
        """What the command has said so far."""
        return self._log.read_text()

    def status(self, number: int) -> ReplicaStatus:
        """What a replica says of itself."""
        address = self.replicas[number]
        with urllib.request.urlopen(f"{address}/metrics", timeout=10) as response:
            return read_metrics(address, response.read().decode())

    def is_ready(self) -> bool:
        """Whether the router and both replicas answer, and the router uses both."""
        for address in (self.url, *self.replicas):
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=5) as response:
                    if response.status != 200:
                        return False
            except OSError:
                return False
        return True

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_S
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the engines do not start: {self.said()[-4000:]}")
            time.sleep(0.5)


def processes_of(folder: Path) -> list[tuple[int, str]]:
    """Processes with a command line that names something of this folder, as (pid, words)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_text("utf-8", "replace")
                if str(folder) in command:
                    found.append((int(entry.name), command))
    return found


def four_free_ports() -> int:
    """The first of four ports in a row that nobody listens on right now."""
    for _ in range(100):
        first = free_port()
        taken = [port for port in range(first, first + 4) if _listens(port)]
        if first < 65000 and not taken:
            return first
    raise RuntimeError("no four free ports in a row")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
