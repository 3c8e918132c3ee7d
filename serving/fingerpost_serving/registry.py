"""The models there are, by name and by role, as `models.toml` lists them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec

from ._models_toml import parse_models, read_text
from .engine import Engine
from .errors import NoModelForRole, UnknownModel
from .models import Model, Role


class Registry(msgspec.Struct, frozen=True):
    """The models of one `models.toml`, in the order of the file.

    Example:
        registry = Registry.load()
        print(registry.default(Role.ANSWER).limits.context)
    """

    models: tuple[Model, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> Registry:
        """Read a registry from a file, or the shipped one when no file is named.

        Raises `InvalidRegistry`, which names file, line, key, cause and cure.
        """
        if path is not None:
            return cls(parse_models(read_text(path), path))
        shipped = resources.files("fingerpost_serving").joinpath("models.toml")
        return cls(parse_models(shipped.read_text("utf-8"), Path("models.toml")))

    def get(self, name: str) -> Model:
        """Return the model of that name. Raises `UnknownModel`."""
        for model in self.models:
            if model.name == name:
                return model
        raise UnknownModel(name, (model.name for model in self.models))

    def of_role(self, role: Role) -> tuple[Model, ...]:
        """Return the models that do this work, in the order of the file."""
        return tuple(model for model in self.models if model.role == role)

    def default(self, role: Role) -> Model:
        """Return the first model that does this work. Raises `NoModelForRole`."""
        for model in self.of_role(role):
            return model
        raise NoModelForRole(role)

    def server_of(self, model: Model) -> Engine | None:
        """Where requests for a model go: its own engine, or its base's if it is an adapter.

        None for a model that runs in this process.
        """
        if model.engine is not None and model.engine.base:
            return self.get(model.engine.base).engine
        return model.engine

    def adapters_of(self, model: Model) -> tuple[Model, ...]:
        """Return the LoRA adapters that run in this model's server."""
        return tuple(
            other for other in self.models if other.engine and other.engine.base == model.name
        )
