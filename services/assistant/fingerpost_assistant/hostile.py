"""Passages that speak to a model in place of a reader: they take no part in an answer."""

from __future__ import annotations

from functools import lru_cache

from fingerpost_assistant.triage.attack import ATTACK_RULES

_RULES = tuple(rule for rule in ATTACK_RULES if rule.name in ("override", "markup"))


@lru_cache(maxsize=4096)
def gives_orders(text: str) -> bool:
    """Tell whether a passage tells a model to set its instructions aside, or fakes its markup."""
    return any(rule.holds(text) for rule in _RULES)
