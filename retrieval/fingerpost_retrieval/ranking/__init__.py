"""Ranking: from the candidates of both searches and their evidence to one order."""

from .head import Head, head_for
from .ranker import Asked, rank

__all__ = ["Asked", "Head", "head_for", "rank"]
