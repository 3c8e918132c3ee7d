"""Every error that is raised on purpose has a problem of its own."""

from __future__ import annotations

from fingerpost_assistant import errors as assistant_errors
from fingerpost_gateway.problems import KINDS, kind_of

INSIDE_ONLY = {"TurnEnded"}
"""Errors that never leave the assistant."""


def request_errors() -> list[type[Exception]]:
    bases = (
        assistant_errors.QuestionError,
        assistant_errors.RequestError,
        assistant_errors.Unavailable,
    )
    return [
        cls
        for cls in vars(assistant_errors).values()
        if isinstance(cls, type) and issubclass(cls, bases) and cls not in bases
    ]


def test_every_error_of_a_request_has_a_kind() -> None:
    for cls in request_errors():
        if cls.__name__ not in INSIDE_ONLY:
            assert kind_of(cls.__new__(cls)) is not None, cls.__name__


def test_slugs_are_stable_names_and_statuses_are_errors() -> None:
    for kind in KINDS.values():
        assert kind.slug == kind.slug.lower().replace(" ", "-")
        assert 400 <= kind.status < 600
