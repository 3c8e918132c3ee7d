"""Telephone numbers and web addresses in fixed texts as links, to be tapped by those in need."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_CONTACT = re.compile(
    r"""(?<!\w)(?:
        (?P<phone>999|111|101|18000|116[ ]?\d{3}|0\d{2,4}(?:[ ]?\d{2,4}){1,3})(?!\w)
        |(?P<web>www\.[a-z0-9.-]+[a-z](?:/[a-z0-9/-]*[a-z0-9])?)
    )""",
    re.VERBOSE,
)
"""As people write them in the assistant's fixed texts; `answer.js` has the same."""


def with_contact_links(text: str) -> Markup:
    """Escape a text and make the contacts in it into links.

    Only for texts that people wrote: in guidance, an address is data like everything else.
    """
    parts: list[Markup] = []
    end = 0
    for match in _CONTACT.finditer(text):
        phone, web = match["phone"], match["web"]
        address = f"tel:{phone.replace(' ', '')}" if phone else f"https://{web}"
        link = Markup('<a href="{}">{}</a>').format(address, match[0])
        parts += [escape(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])
