"""Words whose exchange turns a statement into its contrary: more and less, open and closed."""

from __future__ import annotations

from functools import lru_cache

from ..words import stem

_PAIRS = """
increase rise raise higher grow growing : reduce decrease lower fall fewer decline cut drop
include included including : exclude excluded excluding
accept accepted : reject refuse decline rejected refused
allow permit let enable : prevent prohibit forbid ban stop block deny
open : closed close shut
start begin commence : end stop finish expire cease
early earlier earliest : late later latest
minimum least : maximum most
always : never rarely
same identical : different
possible : impossible
legal lawful : illegal unlawful
safe : unsafe dangerous
paid : unpaid
able : unable
eligible : ineligible
likely : unlikely
employed : unemployed
married : unmarried single
mandatory compulsory obligatory : voluntary optional
full : empty
shorter : longer
younger : older
win : lose
gain : loss lose
success succeed successful : fail failure unsuccessful
positive : negative
temporary : permanent
inside : outside
above : below
approve approved grant granted : refuse refused reject rejected deny denied
advantage : disadvantage
high : low
large larger big bigger : small smaller
more : less fewer
true : false
correct right : wrong incorrect
enter join : leave
import : export
landlord : tenant
employer : employee
buyer buy : seller sell
borrower borrow : lender lend
parent : child
weekday : weekend
good better best : bad worse worst
healthy : unhealthy
complete : incomplete
valid : invalid
necessary : unnecessary
agree : disagree
appear : disappear
connect : disconnect
known : unknown
limited : unlimited
common : uncommon rare
encourage : discourage
expensive : cheap
strong stronger : weak weaker
fast faster quick : slow slower
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _PAIRS.strip().splitlines():
        one, other = (frozenset(map(stem, side.split())) for side in line.split(" : "))
        for word in one:
            table.setdefault(word, set()).update(other)
        for word in other:
            table.setdefault(word, set()).update(one)
    return {word: frozenset(others) - {word} for word, others in table.items()}


def contraries(word: str) -> frozenset[str]:
    """Return the stems that say the contrary of a stem; empty for most."""
    return _table().get(word, frozenset())
