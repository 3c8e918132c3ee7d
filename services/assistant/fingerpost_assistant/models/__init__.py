"""Answers by language models: which one, when there is room, and what is done when there is not."""

from .choice import Choice, Policy, Writer, choose
from .kept import KeptAnswers
from .ladder import ModelAnswers, Rung

__all__ = [
    "Choice",
    "KeptAnswers",
    "ModelAnswers",
    "Policy",
    "Rung",
    "Writer",
    "choose",
]
