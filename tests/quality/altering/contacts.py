"""Telephone numbers, addresses and web addresses that nobody gave.

The numbers are of ranges kept free for drama (Ofcom, "Telephone numbers for drama purposes"; NANPA,
555-0100 to 555-0199), so that none of them rings anywhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.quality.altering.evidence import Evidence
from tests.quality.altering.spans import EMAIL, PHONE, WEB, overlaps

_UK = re.compile(
    r"£|\bgov uk\b|\.gov\.uk| hmrc | dwp | uk | england | scotland | wales | council tax | nhs "
)
_US = re.compile(
    r"\$| u s |\.gov | usa? | state of | californian? | new york | veterans? | irs | dmv | medicare "
    r"| federal | social security | county | attorney | ibm | programs? | center "
)
_UK_DESKS = (
    "benefits-enquiries",
    "claims",
    "applications",
    "appeals.team",
    "citizen.support",
    "payments-helpdesk",
)
_UK_HOSTS = (
    "servicedesk.gov.uk",
    "claims-support.gov.uk",
    "publichelp.service.gov.uk",
    "casework-centre.gov.uk",
)
_US_DESKS = ("benefits", "claims.support", "helpdesk", "applications", "appeals", "publicinfo")
_US_HOSTS = (
    "citizenhelpdesk.gov",
    "benefitsupport.gov",
    "claims-center.us.gov",
    "publicservicedesk.gov",
)
_PATHS = (
    "apply-online-now",
    "check-your-claim",
    "start-application",
    "report-a-change",
    "quick-appeal",
    "claim-form-download",
)
_APPENDED = (
    "For help with this, call {phone}.",
    "You can also phone the helpline on {phone}.",
    "To ask about this, call {phone} between 8am and 6pm.",
    "Send your questions to {email}.",
    "You can email {email} for more information.",
    "Email the form and your documents to {email}.",
    "You can find out more at {web}.",
    "Apply online at {web}.",
    "The form can be downloaded from {web}.",
)
_INSERTED = (
    " (telephone {phone})",
    " (email {email})",
    " (see {web})",
    ", or by calling {phone}",
    " at {web}",
)
_TRIES = 20
_CAN_CLOSE = re.compile(r"[a-z]\.$")
_INVITES = re.compile(
    r"\b(?:apply|contact|claim|call|report|order|register|request|renew|appeal|complain|write to)\b"
)


def invented_contacts(sentence: str, evidence: Evidence, rng: random.Random) -> Iterator[str]:
    """Copies of the sentence with a contact replaced, put in or added at the end."""
    british = bool(_UK.search(evidence.words)) or not _US.search(evidence.words)
    taken: list[tuple[int, int]] = []
    for pattern, kind in ((EMAIL, "email"), (WEB, "web"), (PHONE, "phone")):
        for found in pattern.finditer(sentence):
            if not overlaps(found.span(), taken):
                taken.append(found.span())
                for _ in range(2):
                    contact = _contact(kind, british, evidence, rng, like=found[0])
                    if contact:
                        yield sentence[: found.start()] + contact + sentence[found.end() :]
    if taken or not re.search(r"\w[.!]$", sentence.rstrip()):
        return
    templates = list(rng.sample(_APPENDED, len(_APPENDED)))
    if _CAN_CLOSE.search(sentence.rstrip()) and _INVITES.search(sentence):
        templates = [*rng.sample(_INSERTED, len(_INSERTED)), *templates]
        rng.shuffle(templates)
    for template in templates:
        text = _put(sentence, template, british, evidence, rng)
        if text:
            yield text


def _put(
    sentence: str, template: str, british: bool, evidence: Evidence, rng: random.Random
) -> str:
    kind = next(kind for kind in ("phone", "email", "web") if f"{{{kind}}}" in template)
    contact = _contact(kind, british, evidence, rng)
    if not contact:
        return ""
    text = template.format(**{kind: contact})
    if template in _INSERTED:
        return sentence.rstrip()[:-1] + text + "."
    return f"{sentence.rstrip()} {text}"


def _contact(
    kind: str, british: bool, evidence: Evidence, rng: random.Random, like: str = ""
) -> str:
    make = {"phone": _phone, "email": _email, "web": _web}[kind]
    for _ in range(_TRIES):
        contact = make(british and not like.startswith(("1", "(")), rng, like)
        if kind == "phone" and re.sub(r"\D", "", contact) not in evidence.digits:
            return contact
        if kind != "phone" and not evidence.says(contact):
            return contact
    return ""


def _phone(british: bool, rng: random.Random, like: str) -> str:
    if british or like.startswith(("0", "+44")):
        return rng.choice(
            ("0808 157 0{:03}", "020 7946 0{:03}", "01632 960{:03}", "0113 496 0{:03}")
        ).format(rng.randrange(1000))
    area, last = rng.choice((800, 888, 877, 916, 518, 202)), rng.randrange(100, 200)
    if like.startswith("("):
        return f"({area}) 555-0{last}"
    return f"1-{area}-555-0{last}" if not like or like.startswith("1") else f"{area}-555-0{last}"


def _email(british: bool, rng: random.Random, like: str) -> str:
    desks, hosts = (_UK_DESKS, _UK_HOSTS) if british else (_US_DESKS, _US_HOSTS)
    return f"{rng.choice(desks)}@{rng.choice(hosts)}"


def _web(british: bool, rng: random.Random, like: str) -> str:
    host = "gov.uk" if british else rng.choice(_US_HOSTS)
    start = "" if like and not like.startswith(("http", "www")) else "www."
    start = "https://www." if like.startswith("http") else start
    return f"{start}{host}/{rng.choice(_PATHS)}"
