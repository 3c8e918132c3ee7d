"""Knowing when not to answer: a calibrated probability that the hits answer the question."""

from .model import Answerability, answerability_for
from .signals import SIGNALS, signals_of

__all__ = ["SIGNALS", "Answerability", "answerability_for", "signals_of"]
