"""The few words that the site's templates add to a payload's own text, in English and Welsh."""

from __future__ import annotations

import msgspec

from fingerpost_knowledge_hub.documents import NATIONS


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """Words for headings and labels; the English ones by default."""

    start_now: str = "Start now"
    start_on: str = "Start now on"
    need_to_know: str = "What you need to know"
    other_ways: str = "Other ways to apply"
    applies_to: str = "Applies to"
    latest_update: str = "Latest update"
    documents: str = "Documents"
    contents: str = "Contents"
    ways_to_respond: str = "Ways to respond"
    outcome: str = "Outcome"
    opens: str = "Opens"
    closes: str = "Closes"
    online: str = "Online"
    phone: str = "Phone"
    email: str = "Email"
    post: str = "Post"
    telephone: str = "Telephone"
    textphone: str = "Textphone"
    outside_uk: str = "Outside the UK"
    fax: str = "Fax"
    opening_times: str = "Opening times"
    best_time: str = "Best time to call"
    nation_names: tuple[str, ...] = ("England", "Scotland", "Wales", "Northern Ireland")

    def nation(self, nation: str) -> str:
        """The name of one of `NATIONS`."""
        return self.nation_names[NATIONS.index(nation)]


_WELSH = Wording(
    start_now="Dechrau nawr",
    start_on="Dechrau nawr ar",
    need_to_know="Yr hyn y mae angen i chi ei wybod",
    other_ways="Ffyrdd eraill o wneud cais",
    applies_to="Yn berthnasol i",
    latest_update="Y diweddariad diweddaraf",
    documents="Dogfennau",
    contents="Cynnwys",
    ways_to_respond="Ffyrdd o ymateb",
    outcome="Canlyniad",
    opens="Yn agor",
    closes="Yn cau",
    online="Ar-lein",
    phone="Ffôn",
    email="E-bost",
    post="Post",
    telephone="Ffôn",
    textphone="Ffôn testun",
    outside_uk="O'r tu allan i'r DU",
    fax="Ffacs",
    opening_times="Oriau agor",
    best_time="Yr amser gorau i ffonio",
    nation_names=("Lloegr", "Yr Alban", "Cymru", "Gogledd Iwerddon"),
)
_ENGLISH = Wording()


def wording(locale: str) -> Wording:
    """The words for a page's language; English where there are no others."""
    return _WELSH if locale == "cy" else _ENGLISH
