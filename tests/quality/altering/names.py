"""Benefits, forms, organisations, nations and papers swapped for others of their kind."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import msgspec

from tests.quality.altering.evidence import Evidence
from tests.quality.altering.spans import kept, overlaps, replaced


class Name(msgspec.Struct, frozen=True):
    """A thing by all its names; the first of each style stands in for others."""

    forms: tuple[str, ...]
    group: str
    near: str
    """Things that are near each other in fact are never swapped."""


def _names(group: str, lines: str) -> list[Name]:
    """One name a line: "full name | other name | ACRONYM ~ what it is near to"."""
    made = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        forms, _, near = line.partition("~")
        made.append(Name(tuple(form.strip() for form in forms.split("|")), group, near.strip()))
    return made


_CATALOGUE = [
    *_names(
        "UK benefit",
        """
        Universal Credit | UC
        Pension Credit | Guarantee Credit | Savings Credit
        Housing Benefit
        Child Benefit
        Child Tax Credit ~ tax credit
        Working Tax Credit ~ tax credit
        Attendance Allowance
        Carer's Allowance
        Personal Independence Payment | PIP ~ disability
        Disability Living Allowance | DLA ~ disability
        Maternity Allowance ~ maternity
        Statutory Maternity Pay | SMP ~ maternity
        Statutory Sick Pay | SSP
        Statutory Paternity Pay
        Jobseeker's Allowance | JSA
        Employment and Support Allowance | ESA
        Income Support
        Winter Fuel Payment
        Cold Weather Payment
        Bereavement Support Payment | Bereavement Allowance
        Funeral Expenses Payment
        Council Tax Reduction
        Industrial Injuries Disablement Benefit
        Marriage Allowance
        Sure Start Maternity Grant
        Warm Home Discount
        """,
    ),
    *_names(
        "US benefit",
        """
        Supplemental Security Income | SSI ~ social security
        Social Security Disability Insurance | SSDI ~ social security
        Medicare
        Medicaid | Medi-Cal
        Supplemental Nutrition Assistance Program | SNAP | CalFresh | food stamps
        Temporary Assistance for Needy Families | TANF | CalWORKs
        Head Start | Early Head Start
        Pell Grant
        Cal Grant
        Earned Income Tax Credit | EITC | CalEITC
        Survivors Pension
        Aid and Attendance
        Low Income Home Energy Assistance Program | LIHEAP
        Section 8
        Montgomery GI Bill
        Post-9/11 GI Bill
        Unemployment Insurance | unemployment benefits
        Women, Infants, and Children | WIC
        Public Service Loan Forgiveness | PSLF
        """,
    ),
    *_names(
        "savings plan",
        "Roth IRA\ntraditional IRA | Traditional IRA\n401(k) | 401k\n403(b)\nSEP IRA\nHealth Savings Account | HSA\n529 plan",
    ),
    *_names(
        "UK body",
        """
        HM Revenue and Customs | HM Revenue & Customs | HMRC
        Department for Work and Pensions | DWP ~ work
        Jobcentre Plus ~ work
        Home Office | UK Visas and Immigration ~ home
        HM Passport Office ~ home
        Driver and Vehicle Licensing Agency | DVLA ~ driving
        Driver and Vehicle Standards Agency | DVSA ~ driving
        Companies House
        Land Registry | HM Land Registry
        Environment Agency
        Charity Commission
        Citizens Advice
        Acas | ACAS
        Court Funds Office
        Child Maintenance Service
        General Register Office
        Health and Safety Executive | HSE
        Office of the Public Guardian
        Disclosure and Barring Service | DBS
        Student Loans Company
        Student Finance England
        Valuation Office Agency | VOA
        Information Commissioner's Office
        Rural Payments Agency
        Intellectual Property Office
        Planning Inspectorate
        Redundancy Payments Service
        Maritime and Coastguard Agency | MCA
        NHS
        """,
    ),
    *_names(
        "US body",
        """
        Social Security Administration | SSA
        Internal Revenue Service | IRS
        Department of Veterans Affairs | Veterans Administration | VA
        Department of Motor Vehicles | DMV
        Federal Trade Commission | FTC
        Federal Emergency Management Agency | FEMA ~ homeland
        Environmental Protection Agency | EPA
        Department of Education ~ education
        Federal Student Aid | FSA ~ education
        Department of Homeland Security | DHS ~ homeland
        Transportation Security Administration | TSA ~ homeland
        Food and Drug Administration | FDA ~ health
        Centers for Disease Control and Prevention | Centers for Disease Control | CDC ~ health
        Department of Health and Human Services | HHS ~ health
        Small Business Administration | SBA
        Department of Labor | DOL
        Department of State | State Department
        Department of Agriculture | USDA ~ land
        Forest Service ~ land
        National Park Service | NPS
        National Oceanic and Atmospheric Administration | NOAA ~ weather
        National Weather Service | NWS ~ weather
        General Services Administration | GSA
        Department of Housing and Urban Development | HUD
        Consumer Financial Protection Bureau | CFPB
        Federal Communications Commission | FCC
        Federal Bureau of Investigation | FBI
        Department of Justice | DOJ
        Department of Transportation
        Department of Public Health
        Department of Consumer Affairs
        Department of Social Services
        Franchise Tax Board | FTB
        Employment Development Department | EDD
        Civil Rights Department | CRD
        """,
    ),
    *_names(
        "space agency",
        "NASA\nEuropean Space Agency | ESA\nSpaceX\nJapan Aerospace Exploration Agency | JAXA",
    ),
    *_names("UK nation", "England\nScotland\nWales\nNorthern Ireland"),
    *_names("UK resident", "English\nScottish\nWelsh\nNorthern Irish"),
    *_names(
        "US state",
        "California\nOregon\nNevada\nArizona\nTexas\nFlorida\nOhio\nIllinois\nMichigan\nVirginia\nMaryland\nMinnesota\nWisconsin\n"
        "Iowa\nIndiana\nAlabama\nTennessee\nColorado\nUtah\nIdaho\nMontana\nLouisiana\nKentucky\nNew York\nNew Jersey\nPennsylvania\n"
        "Massachusetts\nConnecticut\nMissouri\nOklahoma\nHawaii\nAlaska\nMaine\nVermont\nNorth Carolina\nSouth Carolina",
    ),
    *_names(
        "country",
        "France\nGermany\nSpain\nItaly\nIreland\nCanada\nAustralia\nNew Zealand\nIndia\nJapan\nBrazil\nMexico\nSweden\nNorway\n"
        "Denmark\nPoland\nPortugal\nthe Netherlands\nSwitzerland\nTurkey\nSouth Africa\nIsrael\nEgypt\nKenya\nPakistan\n"
        "the United Kingdom | the UK\nthe United States | the US | the U.S. | the USA",
    ),
    *_names(
        "paper",
        """
        passport
        birth certificate
        marriage certificate
        death certificate
        driving licence | driver's license | driver license
        bank statement
        utility bill
        Social Security card
        residence permit
        adoption certificate
        """,
    ),
]
_COURTS = _names(
    "court",
    "small claims court | Small Claims Court\nSuperior Court\nHigh Court\nCrown Court\nmagistrates' court | County Court\nSupreme Court\nfamily court | Family Court",
)
_CATALOGUE += _COURTS

_WHOLE = {
    "UK nation": r" (?:uk|united kingdom|great britain|britain) ",
    "UK resident": r" (?:uk|united kingdom|great britain|britain|british) ",
    "US state": r" (?:all|every|each|any|50|most|other|the|these|following|participating) (?:50 )?states? |nationwide",
    "country": r" (?:worldwide|all countries|any country|every country|international\w*|european union|eu|eea) ",
}
_PART_OF_NAME = re.compile(
    r"^(?:['\u2019]s (?:Law|Act)|[-/]| (?:office|photo|number|holder)| (?:City|Times|River|Delta|Bay|Island|Street|Avenue|Jones|Instruments|Heeler|and Wales|General Fund|Virginia|Giants|Yankees|Mets|Jets))"
)
_IN_NAME = re.compile(
    r"(?:\b(?:New|South|North|West|Prince of|Princess of|Bank of|Church of|University of|Gulf of|Visit|NHS|Public Health|Highways|Sport|Lake|Baja|Port|Fort|and|Constant|Additional|State of|Health|Royal) |[@/.-])$"
)
_PLAIN = frozenset(
    [
        "HMRC",
        "DWP",
        "DVLA",
        "DVSA",
        "NHS",
        "HMCTS",
        "IRS",
        "SSA",
        "DMV",
        "VA",
        "FEMA",
        "NASA",
        "FTC",
        "PIP",
        "SSI",
        "SSDI",
        "TANF",
        "SNAP",
        "SSP",
        "JSA",
    ]
)
"""Acronyms with one meaning in guidance; others count where the passages spell them out."""
_WITH_THE = frozenset(
    [
        "NHS",
        "VA",
        "IRS",
        "SSA",
        "FTC",
        "EPA",
        "DMV",
        "FCC",
        "FBI",
        "CDC",
        "FDA",
        "SBA",
        "TSA",
        "DHS",
        "DOJ",
        "DOL",
        "NPS",
        "NWS",
        "GSA",
        "CFPB",
        "FTB",
        "EDD",
        "CRD",
    ]
)
_BARE = frozenset(
    (
        "HM Revenue and Customs",
        "HM Revenue & Customs",
        "Companies House",
        "Jobcentre Plus",
        "Citizens Advice",
        "Student Finance England",
        "HM Passport Office",
        "HM Land Registry",
        "Acas",
        "UK Visas and Immigration",
        "Federal Student Aid",
    )
)
_CARE = re.compile(r" (?:medical|health|doctor|clinic|hospital|facilit|nurse|provider|care|mental)")
_ADJECTIVE = re.compile(
    r"\b(?:car|full|provisional|moped|motorcycle|vehicle|UK|British|EU|photocard|emergency|GB|biometric|U\.S\.|foreign|state|State|valid) $"
)
_FORM = re.compile(
    r"\b(?P<label>[Ff]orms? )?(?P<code>(?:[A-Z]{1,4}-?\d{1,4}[A-Z]{0,3}(?:-[A-Z]{1,3})?|\d{2}[A-Z]?-\d{3,5}[A-Z]{0,2}|(?<=[Ff]orm )\d{3,4}(?:-?[A-Z]{1,3})?))(?![\w-]|/\w)"
)
_UK_FORMS = (
    "V5C",
    "V62",
    "P45",
    "P60",
    "P85",
    "SA100",
    "SA1",
    "SSP1",
    "N1",
    "N208",
    "C100",
    "D81",
    "BB1",
    "PA1P",
    "IHT205",
    "VAT7",
    "CH2",
    "DL1",
)
_US_FORMS = (
    "W-2",
    "W-4",
    "W-7",
    "W-9",
    "I-9",
    "I-765",
    "I-130",
    "DS-11",
    "DS-82",
    "SS-5",
    "SSA-1",
    "1040",
    "1099-G",
    "8822",
    "MV-44",
    "MV-82",
    "22-1990",
    "21-526EZ",
    "10-10EZ",
    "DD-214",
    "FL-300",
    "SC-100",
)
_FORM_CODE = re.compile(
    r"^(?:V\d|P\d{2}|SA\d|SSP\d|N\d{3}|C\d{3}|D\d{2}|BB1|PA1|IHT|VAT\d|CH\d|DL\d|W-|I-\d|DS-|SS-|SSA-|MV-|2\d-|10-10|DD-|[A-Z]{2,3}-\d{3}$)"
)


def swapped_names(sentence: str, evidence: Evidence, rng: random.Random) -> Iterator[str]:
    """Copies of the sentence with one name swapped for another that the passages lack."""
    for found in _FORM.finditer(sentence):
        yield from _other_form(found, evidence, rng)
    taken = kept(sentence)
    for form, name in _BY_LENGTH:
        for found in _places(form, sentence):
            if overlaps(found.span(), taken):
                continue
            taken.append(found.span())
            if _stands_alone(form, name, found, evidence) and not _whole(name, evidence):
                yield from _others(name, form, found, evidence, rng)


def _places(form: str, sentence: str) -> Iterator[re.Match[str]]:
    if form[:3] in sentence:
        words = re.escape(form).replace("'", "['\u2019]")
        yield from re.finditer(rf"(?<!\w){words}(?![\w&])", sentence)


def _stands_alone(form: str, name: Name, found: re.Match[str], evidence: Evidence) -> bool:
    """Whether the words name the thing here, and are no part of another name."""
    after, before = found.string[found.end() :], found.string[: found.start()]
    if _PART_OF_NAME.match(after) or _IN_NAME.search(before) or before.endswith("("):
        return False
    if form == "VA" and _CARE.match(after):
        return False
    if name.group == "paper" and _ADJECTIVE.search(before):
        return False
    if name.group == "court" and not re.search(r"\b(?:[Tt]he|a) $", before):
        return False
    if form.isupper() and name.group != "country":
        known = form in _PLAIN or any(evidence.says(full) for full in name.forms if full != form)
        return known and not re.match(r" [A-Z]", after)
    longer = re.search(r"[a-z,] [A-Z][a-z]+ $", before) or re.match(r" [A-Z][a-z]", after)
    return not longer or name.group == "US state"


_BY_LENGTH = sorted(
    ((form, name) for name in _CATALOGUE for form in name.forms), key=lambda pair: -len(pair[0])
)


def _whole(name: Name, evidence: Evidence) -> bool:
    """Whether the passages speak of a whole that holds all names of the group."""
    return name.group in _WHOLE and bool(re.search(_WHOLE[name.group], evidence.words))


def _others(
    name: Name, form: str, found: re.Match[str], evidence: Evidence, rng: random.Random
) -> Iterator[str]:
    short = re.match(r" \(?([A-Z]\w+)\)?", found.string[found.end() :])
    both = short is not None and short[1] in name.forms
    end = found.end() + (len(short[0]) if short and both else 0)
    if short and not both:
        return
    same_group = [other for other in _CATALOGUE if other.group == name.group and other != name]
    for other in rng.sample(same_group, len(same_group)):
        known = any(evidence.says(known) or evidence.says(known + "s") for known in other.forms)
        alike = [text for text in other.forms if _style(text) == _style(form)]
        if not known and alike and not (name.near and name.near == other.near):
            acronym = next((text for text in other.forms if text.isupper()), "") if both else ""
            text = f"{alike[0]} ({acronym})" if acronym else alike[0]
            yield replaced(found.string, (found.start(), end), text)


def _style(form: str) -> tuple[bool, bool]:
    """Acronyms stand in for acronyms, and names that go without "the" for each other."""
    acronym = form.isupper() and len(form) <= 5
    return acronym, form.startswith("the ") or form in (_WITH_THE if acronym else _BARE)


def _other_form(found: re.Match[str], evidence: Evidence, rng: random.Random) -> Iterator[str]:
    code = found["code"]
    if not found["label"] and not _FORM_CODE.match(code):
        return
    british = code in _UK_FORMS or not ("-" in code or code[0].isdigit())
    forms = _UK_FORMS if british else _US_FORMS
    for other in rng.sample(forms, len(forms)):
        fits = not other[0].isdigit() or found["label"]
        if fits and not evidence.says(other) and other[:2] != code[:2]:
            yield replaced(found.string, found.span("code"), other)
