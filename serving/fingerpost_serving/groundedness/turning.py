"""Signs that a sentence turns what its passages say: a "not" more or less, "after" for "before"."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ..words import content_stems, tokens
from .contraries import contraries
from .polarity import AXES, DEMANDS, DENIALS, SOFT_DENIALS, Cue, Polarity, Statement, polarity
from .source import Source, SourceUnit

MOST_UNITS = 6
"""Units, the most alike first, that a sentence is held against."""

COPY = 0.6
"""From which share of words in common on a sentence is nearly a copy."""

_NEARNESS = (1.0, 0.7, 0.45, 0.3)
"""What a cue's nearest word counts, the next one …"""

_PREFIXES = ("un", "in", "im", "il", "dis", "non")

SIGNS = (
    "alike",
    "denials",
    "denial_alone",
    "denial_apart",
    "denial_of_plain",
    "denial_of_alike",
    "denial_more",
    "denial_out_of_place",
    "denial_lost",
    "denial_less",
    "copy_turned",
    "modal_turned",
    *(f"{axis}_{sign}" for axis in AXES for sign in ("turned", "beside", "out_of_place", "only_contrary", "unheard")),
    "exception_unheard",
    "contrary_word",
    "contrary_prefix",
)  # fmt: skip
"""Names of the signs, in the order of `signs_of_turning`."""


class _Comparison:
    """A sentence beside the units of its passages."""

    def __init__(self, text: str, sources: Sequence[Source]) -> None:
        self.text = text
        self.content = content_stems(text)
        self.said: Polarity = polarity(text)
        self.units = [unit for source in sources for unit in source.units]
        self.words = frozenset[str]().union(*(source.words for source in sources))
        shares = [
            len(self.content & unit.content) / max(len(self.content), 1) for unit in self.units
        ]
        ranked = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)
        self.alike = shares[ranked[0]] if ranked else 0.0
        least = max(0.25, 0.4 * self.alike)
        self.best = [self.units[i] for i in ranked[:1]]
        self.top = [self.units[i] for i in ranked[:MOST_UNITS] if shares[i] >= least]
        self.known = [each for unit in self.top for each in unit.polarity.statements]
        self.all_known = [each for unit in self.units for each in unit.polarity.statements]
        self._counts = [source.counts for source in sources]
        self._scale = 0.75 / math.log(len(self.units) + 2)
        self._weights: dict[str, float] = {}

    def weight(self, words: Iterable[str]) -> float:
        """Return what words weigh together; those of many units weigh less."""
        total = 0.0
        for word in words:
            weight = self._weights.get(word)
            if weight is None:
                count = sum(counts.get(word, 0) for counts in self._counts)
                weight = self._weights[word] = 1 - self._scale * math.log(count + 1)
            total += weight
        return total


def signs_of_turning(text: str, sources: Sequence[Source]) -> dict[str, float]:
    """Return the signs, each 0 or more; those that are not named are 0."""
    it = _Comparison(text, sources)
    denials = [each for each in it.said.statements if each.cue in DENIALS]
    signs = {"alike": it.alike, "denials": float(len(denials))}
    if it.units:
        _denials(it, denials, signs)
        _lost_denials(it, signs)
        _copies(it, signs)
        _modals(it, signs)
        for axis, cues in AXES.items():
            _axis(it, axis, cues, signs)
        _contrary_words(it, signs)
    return signs


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    total = 0.0
    for i, word in enumerate(one):
        for j, theirs in enumerate(other):
            if word == theirs:
                total += _NEARNESS[i] * _NEARNESS[j]
    return total


def _nearest(statement: Statement, known: Iterable[Statement], cues: frozenset[Cue]) -> float:
    """Return how well the best of the source's statements with such a cue fits one of ours."""
    return max(
        (_overlap(statement.anchors, each.anchors) for each in known if each.cue in cues),
        default=0.0,
    )


def _count(units: Iterable[SourceUnit], cues: frozenset[Cue]) -> int:
    return sum(each.cue in cues for unit in units for each in unit.polarity.statements)


def _denials(it: _Comparison, denials: Sequence[Statement], signs: dict[str, float]) -> None:
    """A denial of ours that the source does not make."""
    theirs = [each for each in it.all_known if each.cue in SOFT_DENIALS]
    alone = apart = plain = out = 0.0
    for ours in denials:
        anchors = ours.anchors[:3]
        if not anchors:
            continue
        alone += _nearest(ours, it.known, SOFT_DENIALS) == 0
        whole = it.weight(anchors)
        near = max(
            (it.weight(w for w in anchors if w in each.context) for each in theirs), default=0.0
        )
        apart = max(apart, 1 - near / whole)
        plain = max(plain, _said_plainly(it, anchors))
        whole = it.weight(ours.context)
        place = max((it.weight(ours.context & unit.content) for unit in it.units), default=0.0)
        denied = max((it.weight(ours.context & each.context) for each in theirs), default=0.0)
        out = max(out, (place - denied) / whole)
    signs["denial_alone"] = min(alone, 2.0)
    signs["denial_apart"] = apart
    signs["denial_of_plain"] = plain
    signs["denial_out_of_place"] = out
    if denials:
        signs["denial_of_alike"] = it.alike
        signs["denial_more"] = max(0, len(denials) - _count(it.best, SOFT_DENIALS)) * it.alike


def _said_plainly(it: _Comparison, anchors: Sequence[str]) -> float:
    """How much of what is denied stands in the source without a denial."""
    is_denied = any(word in unit.polarity.denied for word in anchors for unit in it.top)
    plain = sum(
        nearness
        for nearness, word in zip(_NEARNESS, anchors, strict=False)
        if any(word in unit.polarity.plain for unit in it.top)
        and not any(word in unit.polarity.denied for unit in it.top)
    )
    return plain * 0.3 if is_denied else plain


def _lost_denials(it: _Comparison, signs: dict[str, float]) -> None:
    """A denial of the source that our sentence, in the same words, does not make."""
    ours = [each.context for each in it.said.statements if each.cue in SOFT_DENIALS]
    lost = 0.0
    for unit in it.top[:4]:
        for theirs in unit.polarity.statements:
            if theirs.cue in DENIALS and theirs.context:
                whole = it.weight(theirs.context)
                said = it.weight(theirs.context & it.content)
                denied = max((it.weight(theirs.context & each) for each in ours), default=0.0)
                lost = max(lost, (said - denied) / whole)
    signs["denial_lost"] = lost
    soft = sum(each.cue in SOFT_DENIALS for each in it.said.statements)
    signs["denial_less"] = max(0, _count(it.best, DENIALS) - soft) * it.alike


def _copies(it: _Comparison, signs: dict[str, float]) -> None:
    """Nearly the words of the source, but for what turns them."""
    best, turned = COPY, 0.0
    for unit in it.top:
        either = len(it.content | unit.content)
        alike = len(it.content & unit.content) / max(either, 1)
        if alike > best:
            best, turned = alike, alike * _contradicts(it.said, unit.polarity)
    signs["copy_turned"] = turned


def _contradicts(ours: Polarity, theirs: Polarity) -> bool:
    """Whether what differs between two nearly equal texts turns one into the contrary."""
    mine, other = ([each.cue for each in side.statements] for side in (ours, theirs))
    if sum(cue in DENIALS for cue in mine) != sum(cue in DENIALS for cue in other):
        return True
    return any(
        set(mine) & cues and set(other) & cues and not set(mine) & set(other) & cues
        for cues in (*AXES.values(), DEMANDS, DENIALS)
    )


def _modals(it: _Comparison, signs: dict[str, float]) -> None:
    """What the source denies is allowed or demanded, or the other way round."""
    turned = 0.0
    for ours in it.said.statements:
        if ours.cue in DEMANDS:
            same = max(
                _nearest(ours, it.known, frozenset({ours.cue})),
                0.8 * _nearest(ours, it.known, DEMANDS),
            )
            turned = max(turned, _nearest(ours, it.known, SOFT_DENIALS) - same)
        elif ours.cue in DENIALS:
            same = max(
                _nearest(ours, it.known, frozenset({ours.cue})),
                0.6 * _nearest(ours, it.known, SOFT_DENIALS),
            )
            turned = max(turned, _nearest(ours, it.known, DEMANDS) - same)
    signs["modal_turned"] = turned


def _axis(it: _Comparison, axis: str, cues: frozenset[Cue], signs: dict[str, float]) -> None:
    """At least for at most, before for after, if for unless."""
    ours = [each for each in it.said.statements if each.cue in cues]
    if not ours:
        return
    turned = beside = out = 0.0
    for each in ours:
        same, contrary = frozenset({each.cue}), cues - {each.cue}
        turned = max(turned, _nearest(each, it.known, contrary) - _nearest(each, it.known, same))
        if not each.context:
            continue
        whole = it.weight(each.context)
        place = max(it.weight(each.context & unit.content) for unit in it.units)
        here = _best_context(it, each, same)
        beside = max(beside, (_best_context(it, each, contrary) - here) / whole)
        out = max(out, (place - here) / whole)
    signs[f"{axis}_turned"] = turned
    signs[f"{axis}_beside"] = beside
    signs[f"{axis}_out_of_place"] = out
    theirs = {each.cue for each in it.known} & cues
    new = bool({each.cue for each in ours} - theirs)
    signs[f"{axis}_only_contrary"] = float(new and bool(theirs))
    signs[f"{axis}_unheard"] = float(new and not theirs)
    if axis == "condition":
        said = any(each.cue is Cue.UNLESS for each in ours)
        signs["exception_unheard"] = float(said and Cue.UNLESS not in theirs)


def _best_context(it: _Comparison, ours: Statement, cues: frozenset[Cue]) -> float:
    return max(
        (it.weight(ours.context & each.context) for each in it.all_known if each.cue in cues),
        default=0.0,
    )


def _contrary_words(it: _Comparison, signs: dict[str, float]) -> None:
    """A word of ours that the source does not have, whose contrary it has."""
    near = frozenset[str]().union(*(unit.content for unit in it.top))
    new = it.content - it.words
    signs["contrary_word"] = float(any(contraries(word) & near for word in new))
    if not new:
        return
    ours = set(tokens(it.text)).difference(*(unit.words for unit in it.units))
    theirs = frozenset[str]().union(*(unit.words for unit in it.top)) if ours else frozenset()
    signs["contrary_prefix"] = float(
        any(_turned_by_prefix(word, prefix, theirs) for word in ours for prefix in _PREFIXES)
    )


def _turned_by_prefix(word: str, prefix: str, theirs: frozenset[str]) -> bool:
    if prefix + word in theirs:
        return True
    return word.startswith(prefix) and len(word) > len(prefix) + 3 and word[len(prefix) :] in theirs
