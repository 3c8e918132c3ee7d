"""Runs models on this machine: vLLM replicas, a router before them, and how they are doing.

Needs the extra `engines`: `pip install fingerpost-serving[engines]`. vLLM itself is installed
apart, in an environment of its own.
"""

try:
    from .fleet import EngineSettings, Fleet
    from .process import EngineProcess, State
    from .status import ModelStatus, ReplicaStatus, statuses
except ModuleNotFoundError as error:  # pragma: no cover -- the tests' environment has them
    raise ImportError(
        f"{error.name} is missing: pip install fingerpost-serving[engines]"
    ) from error

__all__ = [
    "EngineProcess",
    "EngineSettings",
    "Fleet",
    "ModelStatus",
    "ReplicaStatus",
    "State",
    "statuses",
]
