"""`fingerpost doctor`: looks at every part, and says how to mend what is amiss."""

from fingerpost_gateway.doctor.examination import examine
from fingerpost_gateway.doctor.findings import Finding, Level

__all__ = ["Finding", "Level", "examine"]
