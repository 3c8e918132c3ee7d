"""Words that carry the sense of a question, compared without a dictionary of any language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache

# ruff: noqa: RUF001 -- typographic apostrophes are what guidance is written with

_TOKEN = re.compile(r"\d[\d,.]*\d|\d|[^\W\d_]+(?:['’][^\W\d_]+)*")

_CLITIC = re.compile(r"'(?:s|m|n|r|i|u|w|ch)$")
"""What hangs on to a word before an apostrophe: "carer's", "I'm", Welsh "i'n", "a'ch"."""

_SUFFIXES = ("ing", "ed", "es", "s")

STEM_LENGTH = 5
"""Letters of a word that count. Cutting words to their first four or five letters stems most
European languages about as well as rules do: McNamee and Mayfield, "Character N-Gram
Tokenization for European Language Text Retrieval", Information Retrieval 7 (2004)."""

_ENGLISH = """
a about after again all also am an and any anyone anything are as at be because been before being
both but by can cannot could did do does doing done during each either else every for from get gets
getting give go goes going got had has have having he her here hers him his how however i if in
into is it its just know let like long made make many may me might mine more most much must my need
no nor not now of off on once one only or other our out over own people please same say she should
so some someone something still such take tell than thank thanks that the their them then there
these they thing things this those through to too under until up us use used using very want was we
well were what when where whether which while who whom whose why will with within without would
yes yet you your yours
don't doesn't didn't can't won't isn't aren't wasn't i've i'd i'll you're you've you'll we're we've
they're
"""

_WELSH = """
a â ac ag allaf alla allwch am ambell ar arall arnaf at atoch bob bod bydd byddaf byddai
ble beth ba chi chwi cael cafodd caiff dim dylech dylwn dylai drwy eich ein ei er eto
eu faint fel felly fi fo fy fydd fyddaf ga gaf gael gallaf gall gallu gan gen gennyf gwneud hefyd
heb hi hon honno hwn hwnnw hyd hyn hynny i ichi iddo iddi iddynt imi mae maen
mi mwy na nad neu ni nid nhw o oes oedd oeddwn oddi oherwydd os ond pa pam pan pawb pe
pob pryd pwy rhaid rhai roi rwy rwyf sut sy sydd syth ti tra trwy un unrhyw wedi wnaf
wneud wrth y yd ydw ydy ydych ydyn yma yn yr ynghylch yw
"""

STOP_WORDS = frozenset((_ENGLISH + _WELSH).split())


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case; "£25,000" gives "25000"."""
    found = _TOKEN.findall(text.casefold().replace("’", "'"))
    return [t.replace(",", "") if t[0].isdigit() else _CLITIC.sub("", t) for t in found]


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Reduce a word to what its inflections share: "claims", "claimed", "claiming" → "claim"."""
    if word[0].isdigit():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    if word.endswith(("y", "e")) and len(word) > 3:
        word = word[:-1] + ("i" if word[-1] == "y" else "")
    return word[:STEM_LENGTH]


def stems(text: str) -> frozenset[str]:
    """Return the stems of all words and numbers of a text."""
    return frozenset(map(stem, tokens(text)))


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that are not mere grammar; all of them if none is left."""
    words = tokens(text)
    return frozenset(map(stem, (w for w in words if w not in STOP_WORDS))) or frozenset(
        map(stem, words)
    )


def rarity(documents: Iterable[Set[str]], terms: Set[str]) -> dict[str, float]:
    """Weigh each term by how few of the documents have it (smoothed idf, at most 1).

    A term in no document weighs 1, one in every document close to 0.
    """
    counts: Counter[str] = Counter()
    total = 0
    for document in documents:
        total += 1
        counts.update(document & terms)
    most = math.log(total + 1) or 1.0
    return {t: max(math.log((total + 1) / (counts[t] + 1)) / most, 0.001) for t in terms}


def coverage(terms: Mapping[str, float], words: Set[str]) -> float:
    """Return the share of the terms' weight that the words hold, 0 to 1."""
    whole = sum(terms.values())
    return sum(weight for term, weight in terms.items() if term in words) / whole if whole else 0.0
