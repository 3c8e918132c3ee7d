"""Admission: who may use a model now, who waits and for how long, and who is told to come back."""

from .admission import Admission
from .asking import Ask, Place, Priority
from .observing import Observer
from .settings import AdmissionSettings
from .ticket import Ticket

__all__ = [
    "Admission",
    "AdmissionSettings",
    "Ask",
    "Observer",
    "Place",
    "Priority",
    "Ticket",
]
