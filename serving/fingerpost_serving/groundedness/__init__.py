"""Whether passages hold what a sentence says of them, before anybody sees it."""

from .check import GroundednessCheck
from .heads import Head, Heads, shipped_heads

__all__ = ["GroundednessCheck", "Head", "Heads", "shipped_heads"]
