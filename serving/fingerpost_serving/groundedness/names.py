"""Names of forms, benefits, bodies, papers and nations: what a sentence must not swap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..nations import nations_named
from ..words import stem

# ruff: noqa: RUF001 -- typographic dashes and apostrophes are what guidance is written with

# Things that go by a name in small letters too. Each line holds the spellings of one thing.
_KNOWN_LINES = """
universal credit | uc
personal independence payment | pip
disability living allowance | dla
attendance allowance
carer's allowance | carers allowance
carer's credit
carer support payment
child benefit
child tax credit | child tax credits
working tax credit | working tax credits
tax credit | tax credits
housing benefit
council tax reduction | council tax support
council tax
income support
income tax
jobseeker's allowance | jobseekers allowance | jsa
employment and support allowance | esa
pension credit
state pension | basic state pension | new state pension
workplace pension
private pension | personal pension
winter fuel payment | winter fuel allowance
cold weather payment
warm home discount
maternity allowance
statutory maternity pay | smp | maternity pay
statutory paternity pay | paternity pay
statutory sick pay | ssp | sick pay
statutory adoption pay | adoption pay
shared parental pay
maternity leave
paternity leave
parental leave
adoption leave
bereavement support payment
bereavement allowance
widowed parent's allowance
guardian's allowance
industrial injuries disablement benefit
funeral expenses payment
sure start maternity grant
best start grant
scottish child payment
adult disability payment
child disability payment
discretionary housing payment
budgeting advance
budgeting loan
marriage allowance
married couple's allowance
blind person's allowance
personal allowance
tax-free childcare
free childcare
help to save
national insurance
capital gains tax
inheritance tax
corporation tax
stamp duty
value added tax | vat
student loan | student finance
student grant
bursary
apprenticeship
blue badge
freedom pass
bus pass
driving licence | driver's license | driver license | drivers license | driving license | driver's licence
provisional licence | learner permit | learner's permit
vehicle registration | registration certificate | log book | logbook
passport
visa
birth certificate
death certificate
marriage certificate
adoption certificate
medical certificate
fit note | sick note
national insurance number
social security number | ssn
identity card | id card
green card
residence permit
will
power of attorney
grant of probate | probate
letters of administration
county court
high court
crown court
magistrates' court | magistrates court
supreme court
court of appeal
court of session
sheriff court
family court
court of protection
district court
circuit court
small claims court
employment tribunal
upper tribunal
first-tier tribunal
land tribunal
tribunal
social security administration
social security
supplemental security income | ssi
social security disability insurance | ssdi
medicare
medicaid
food stamps | snap
unemployment benefits | unemployment insurance | unemployment benefit
workers' compensation | workers compensation
pell grant
direct loan
perkins loan
plus loan
gi bill
jobcentre plus | jobcentre | job centre
land registry
companies house
citizens advice
home office
hm revenue and customs | hmrc
department for work and pensions | dwp
driver and vehicle licensing agency | dvla
driver and vehicle standards agency | dvsa
department of motor vehicles | dmv
department of veterans affairs | veterans affairs | va
internal revenue service | irs
local council | council
local authority
housing association
ombudsman
police
nhs
embassy
consulate
"""
_ORDINARY = frozenset({"will", "council", "police", "va", "uc", "snap", "plus loan"})
"""Words that are more often something else, or that writers put for each other."""

_LIST = [tuple(s.strip() for s in line.split("|")) for line in _KNOWN_LINES.strip().splitlines()]
_KNOWN = {
    spelling: number
    for number, spellings in enumerate(_LIST)
    for spelling in spellings
    if spelling not in _ORDINARY
}
_LONGEST_FIRST = sorted(_KNOWN, key=len, reverse=True)
_KNOWN_NAME = re.compile(rf"\b({'|'.join(map(re.escape, _LONGEST_FIRST))})s?\b")

_CODE = re.compile(
    r"\b(?:[A-Z]{1,4}[-\s]?\d{1,5}[A-Z]{0,3}|\d{1,4}-?[A-Z]{1,3}|[A-Z]{2,5}\d*[A-Z]*-\d+[A-Z]?)\b(?:\([a-z0-9]\))?|"
    r"\b\d{3}\([a-z]\)"
)
_NO_CODE = re.compile(
    r"\d+(?:AM|PM|KG|KM|MG|GB|MB|TB|TH|ST|ND|RD|K|M|S)|\d+-?(?:D|G)|[A-Z]{1,2} \d{4}"
)
_CAPITALISED = re.compile(r"(?<![\w'’])[A-Z][\w'’.&-]*\w|\b[A-Z]\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•|]\s+|[\"“(]\s*|^[-*]\s+)$")


class Names(NamedTuple):
    """The names that a text holds."""

    known: frozenset[int]
    """Numbers of the things of the list above."""
    codes: frozenset[str]
    """Numbers of forms ("p45"), without hyphens and spaces."""
    capitalised: tuple[str, ...]
    """Words with a capital that is not there for the sentence's start, as written."""
    nations: frozenset[str]


@lru_cache(maxsize=4096)
def names(text: str) -> Names:
    """Return the names in a text."""
    folded = text.casefold().replace("\u2019", "'")
    return Names(
        frozenset(_KNOWN[m[1]] for m in _KNOWN_NAME.finditer(folded)),
        frozenset(_codes(text)),
        tuple(_capitalised(text)),
        nations_named(text),
    )


def spellings(thing: int) -> tuple[str, ...]:
    """Return how a thing of the list is written."""
    return _LIST[thing]


def _codes(text: str) -> Iterator[str]:
    for match in _CODE.finditer(text):
        if not _NO_CODE.fullmatch(match[0]):
            yield re.sub(r"[-\s]", "", match[0]).casefold()


def _capitalised(text: str) -> Iterator[str]:
    for match in _CAPITALISED.finditer(text):
        before = text[max(match.start() - 4, 0) : match.start()]
        starts = match.start() == 0 or _SENTENCE_START.search(before)
        if starts and not match[0].isupper():
            continue
        if match[0] != "I":
            yield match[0]


def name_stems(word: str) -> frozenset[str]:
    """Return the stems of a name's parts ("GOV.UK" has two)."""
    parts = re.split(r"[.&\-\u2019']", word.casefold())
    return frozenset(stem(part) for part in parts if len(part) > 1 or len(parts) == 1)
