"""Where a model runs outside this process, and how it is started if that is here."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Variable = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

LOOPBACK = "127.0.0.1"


class Engine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server of one model: one that is there (`url`), or one to start here (`path`).

    A LoRA adapter (`base`) has no server of its own: it runs in its base model's.
    """

    url: str = ""
    """Address of a server, or of the router before its replicas; empty: this machine's `port`."""
    served_name: str = ""
    """What the server calls the model; empty: its name in `models.toml`."""
    api_key_variable: Variable | None = None
    """Environment variable with the key that the server asks for, never the key itself."""
    path: str = ""
    """Folder of the weights, or the name under which the engine finds them: what
    `fingerpost models serve` starts. With `base`, the folder of the adapter."""
    base: str = ""
    """For a LoRA adapter: the name of the model that it adapts."""
    port: Port = 8100
    """First port of those that `fingerpost models serve` uses here: see `ports`."""
    replicas: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    """Servers to start here; more than one get a router before them."""
    device: Literal["gpu", "cpu"] = "gpu"
    """What the replicas compute on."""
    gpus: Annotated[int, msgspec.Meta(ge=1)] = 1
    """GPUs of one replica (tensor parallelism)."""
    cpu_cache_gib: Annotated[int, msgspec.Meta(ge=1)] = 4
    """Memory of one replica's KV cache on a CPU, in GiB."""
    dtype: str = "auto"
    """Type of the weights, as vLLM names it; "auto": as they are stored."""
    arguments: tuple[str, ...] = ()
    """More arguments of vLLM's server, as they stand on its command line."""

    @property
    def address(self) -> str:
        """Where requests go: scheme, host and port, without a path to the API."""
        if self.url:
            return self.url.rstrip("/").removesuffix("/v1")
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def ports(self) -> range:
        """Ports used on this machine: the one that is asked, replicas, the router's metrics.

        A single replica has the first port for itself. Otherwise the router has it, the
        replicas have those that follow, and the router's metrics have the last.
        """
        if self.url or self.base:
            return range(0)
        return range(self.port, self.port + (1 if self.replicas == 1 else self.replicas + 2))

    @property
    def local(self) -> bool:
        """Whether `fingerpost models serve` starts it here."""
        return bool(self.path) and not self.url and not self.base
