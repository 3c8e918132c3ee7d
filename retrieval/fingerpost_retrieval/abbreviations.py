"""Government's abbreviations: guidance spells them out, and those who ask often do not.

What an abbreviation stands for is put after it, so that both are searched for.
"""

from __future__ import annotations

import re

ABBREVIATIONS = {
    "AA": "Attendance Allowance",
    "APD": "Air Passenger Duty",
    "ATED": "Annual Tax on Enveloped Dwellings",
    "BRP": "biometric residence permit",
    "CAA": "Civil Aviation Authority",
    "CGT": "Capital Gains Tax",
    "CIS": "Construction Industry Scheme",
    "CMS": "Child Maintenance Service",
    "CRB": "criminal records check DBS",
    "CTC": "Child Tax Credit",
    "DBS": "Disclosure and Barring Service criminal record check",
    "DLA": "Disability Living Allowance",
    "DVLA": "Driver and Vehicle Licensing Agency",
    "DVSA": "Driver and Vehicle Standards Agency",
    "DWP": "Department for Work and Pensions",
    "EHIC": "European Health Insurance Card",
    "EPC": "energy performance certificate",
    "ESA": "Employment and Support Allowance",
    "EUSS": "EU Settlement Scheme",
    "GHIC": "Global Health Insurance Card",
    "HGV": "lorry heavy goods vehicle",
    "HMCTS": "HM Courts and Tribunals Service",
    "HMRC": "HM Revenue and Customs",
    "IHT": "Inheritance Tax",
    "ILR": "indefinite leave to remain",
    "JSA": "Jobseeker's Allowance",
    "LPA": "lasting power of attorney",
    "MOD": "Ministry of Defence",
    "NI": "National Insurance",
    "NIC": "National Insurance contributions",
    "NINO": "National Insurance number",
    "NMW": "National Minimum Wage",
    "NLW": "National Living Wage",
    "OPG": "Office of the Public Guardian",
    "PAYE": "Pay As You Earn",
    "PIP": "Personal Independence Payment",
    "SA": "Self Assessment",
    "SAP": "Statutory Adoption Pay",
    "SDLT": "Stamp Duty Land Tax",
    "SEN": "special educational needs",
    "SMP": "Statutory Maternity Pay",
    "SORN": "statutory off road notification",
    "SPP": "Statutory Paternity Pay",
    "SSP": "Statutory Sick Pay",
    "UC": "Universal Credit",
    "UKVI": "UK Visas and Immigration",
    "UTR": "Unique Taxpayer Reference",
    "VED": "vehicle tax",
    "WTC": "Working Tax Credit",
}
"""What stands for what, as GOV.UK writes it."""

WORDS_TOO = frozenset({"AA", "APD", "CIS", "MOD", "SA", "SAP", "SEN", "PIP"})
"""Words, names or other abbreviations as well: only in capitals are they these."""

MOST = 3
"""A question that names more abbreviations than this is left as it is beyond them."""

_TOKEN = re.compile(r"\b[A-Za-z]{2,5}\b")


def spelt_out(question: str) -> str:
    """Return the question with what its abbreviations stand for after it."""
    found: dict[str, None] = {}
    for token in _TOKEN.findall(question):
        name = token.upper()
        is_meant = token.isupper() or name not in WORDS_TOO
        if name in ABBREVIATIONS and is_meant and ABBREVIATIONS[name] not in question:
            found[ABBREVIATIONS[name]] = None
    return " ".join((question, *list(found)[:MOST]))
