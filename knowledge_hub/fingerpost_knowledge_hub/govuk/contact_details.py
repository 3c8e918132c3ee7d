"""How to reach an office: its telephone numbers, addresses and forms, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import msgspec

from fingerpost_knowledge_hub.govuk.wording import Wording, wording


class PhoneNumber(msgspec.Struct, frozen=True, kw_only=True):
    """One line with its hours; the long texts are HTML."""

    title: str | None = None
    number: str | None = None
    textphone: str | None = None
    international_phone: str | None = None
    fax: str | None = None
    description: str | None = None
    open_hours: str | None = None
    best_time_to_call: str | None = None


class EmailAddress(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    email: str | None = None
    description: str | None = None


class PostAddress(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    world_location: str | None = None
    description: str | None = None


class FormLink(msgspec.Struct, frozen=True, kw_only=True):
    title: str | None = None
    link: str | None = None
    description: str | None = None


class ContactDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The details of the content schema "contact"."""

    title: str | None = None
    description: str | None = None
    contact_form_links: list[FormLink] | None = None
    more_info_contact_form: str | None = None
    email_addresses: list[EmailAddress] | None = None
    more_info_email_address: str | None = None
    phone_numbers: list[PhoneNumber] | None = None
    more_info_phone_number: str | None = None
    post_addresses: list[PostAddress] | None = None
    more_info_post_address: str | None = None


def contact_html(contact: ContactDetails, locale: str = "en") -> str:
    """Everything about one contact, without headings, for use within a text."""
    ways = (html for _, html in ways_to_contact(contact, locale))
    return _box([contact.title]) + (contact.description or "") + "".join(ways)


def ways_to_contact(contact: ContactDetails, locale: str) -> Iterator[tuple[str, str]]:
    """The name of each way to get in touch, in the page's language, and its HTML."""
    words = wording(locale)
    forms = (_form(form) for form in contact.contact_form_links or ())
    yield words.online, "".join(forms) + (contact.more_info_contact_form or "")
    phones = (_phone(phone, words) for phone in contact.phone_numbers or ())
    yield words.phone, "".join(phones) + (contact.more_info_phone_number or "")
    emails = (_email(email) for email in contact.email_addresses or ())
    yield words.email, "".join(emails) + (contact.more_info_email_address or "")
    posts = (_post(post) for post in contact.post_addresses or ())
    yield words.post, "".join(posts) + (contact.more_info_post_address or "")


def _form(form: FormLink) -> str:
    return _box([form.title, form.link]) + (form.description or "")


def _email(email: EmailAddress) -> str:
    return _box([email.title, email.email]) + (email.description or "")


def _post(post: PostAddress) -> str:
    lines = [post.title, *(post.street_address or "").splitlines()]
    lines += [post.locality, post.region, post.postal_code, post.world_location]
    return _box(lines) + (post.description or "")


def _phone(phone: PhoneNumber, words: Wording) -> str:
    numbers = {
        words.telephone: phone.number,
        words.textphone: phone.textphone,
        words.outside_uk: phone.international_phone,
        words.fax: phone.fax,
    }
    given = {label: number for label, number in numbers.items() if number}
    if phone.title and list(given) == [words.telephone]:
        given = {phone.title: given[words.telephone]}
    lines = [f"{label}: {number}" for label, number in given.items()]
    hours = _labelled(words.opening_times, phone.open_hours)
    best = _labelled(words.best_time, phone.best_time_to_call)
    title = phone.title if phone.title not in given else None
    return _box([title, *lines]) + (phone.description or "") + hours + best


def _labelled(label: str, html: str | None) -> str:
    return f"<p>{escape(label)}:</p>{html}" if html and html.strip() else ""


def _box(lines: list[str | None]) -> str:
    """Lines that belong together, as the block that GOV.UK sets contacts in."""
    written = (escape(line.strip()) for line in lines if line and line.strip())
    return f'<div class="contact"><p>{"<br>".join(written)}</p></div>'
