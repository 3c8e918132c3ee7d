"""A real Fingerpost server in a process of its own, for tests of the whole."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

START_S = 60.0
"""Longest time for a start: the first one builds the model and embeds the sample knowledge."""

ROOMY_LIMITS = {
    "FINGERPOST_LIMITS__QUESTIONS_PER_MINUTE": "1000000",
    "FINGERPOST_LIMITS__SEARCHES_PER_MINUTE": "1000000",
    "FINGERPOST_LIMITS__CONVERSATIONS_PER_MINUTE": "1000000",
}
"""Limits that no test runs into by chance."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class ServerProcess:
    """`fingerpost serve` as a child; a context manager that ends what it started."""

    def __init__(
        self,
        data_dir: Path,
        *,
        sample: bool = True,
        environment: dict[str, str] | None = None,
        module: str = "fingerpost_gateway",
        within: tuple[str, ...] = (),
    ) -> None:
        """
        Args:
            module: what to run in place of the gateway; one of this folder.
            within: a command that runs it, such as what `private_mounts` gives.
        """
        self._module = module
        self._within = within
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._arguments = ["serve", "--port", str(self.port), *(["--sample"] if sample else [])]
        self._environment = {
            **os.environ,
            **ROOMY_LIMITS,
            # Where `module` is found.
            "PYTHONPATH": str(Path(__file__).parent),
            "FINGERPOST_DATA_DIR": str(data_dir),
            **(environment or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server was not started"
        return self._process.pid

    def start(self) -> float:
        """Start and wait until the server is ready; gives the seconds that it took.

        Raises:
            RuntimeError: it ended or was not ready in time; its log is in the message.
        """
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._within, sys.executable, "-m", self._module, *self._arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        while time.monotonic() - began < START_S:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended at once:\n{self.log.read_text()[-4000:]}")
            if self.ready():
                return time.monotonic() - began
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server was not ready in time:\n{self.log.read_text()[-4000:]}")

    def ready(self) -> bool:
        """Whether `/health/ready` answers 200."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/health/ready")[0] == 200
        return False

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def stop(self, within_s: float = 30.0) -> int:
        """End it as an operator would (SIGTERM); gives the exit code."""
        assert self._process is not None, "the server was not started"
        self._process.send_signal(signal.SIGTERM)
        return self.wait(within_s)

    def wait(self, within_s: float = 30.0) -> int:
        """Wait until it has ended by itself; gives the exit code."""
        assert self._process is not None, "the server was not started"
        return self._process.wait(within_s)

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def fingerpost(self, *arguments: str, check: bool = True) -> dict[str, object]:
        """Run a command on the same data directory; gives its `--json` output."""
        done = subprocess.run(
            [sys.executable, "-m", "fingerpost_gateway", *arguments, "--json"],
            env=self._environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stderr.decode()}")
        result: dict[str, object] = json.loads(done.stdout)
        return result

    def __enter__(self) -> ServerProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stop(10)
        self.kill()
