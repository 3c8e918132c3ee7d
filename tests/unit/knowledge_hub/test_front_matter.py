"""What Markdown files say about themselves, and what they must not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fingerpost_knowledge_hub.documents import NATIONS, Status
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.files.front_matter import FrontMatter, split_front_matter


def about(*lines: str) -> FrontMatter:
    return split_front_matter("\n".join(("---", *lines, "---", "Body.")))[0]


def test_every_key_is_read() -> None:
    said = about(
        "title: 'Blue Badge: apply'",
        "description: How to apply",
        "nations: [wales, England]",
        "language: cy",
        "publisher: A council",
        "published: 2026-04-06",
        "updated: 2026-09-14T10:00:00+01:00",
        "url: https://council.example/badge",
        "official: https://www.gov.uk/blue-badge",
        "status: withdrawn",
        "notice: Replaced",
        "sample: true",
        "layout: something of a site generator",
    )
    assert said == FrontMatter(
        title="Blue Badge: apply",
        description="How to apply",
        nations=("england", "wales"),
        language="cy",
        publisher="A council",
        published=datetime(2026, 4, 6, tzinfo=UTC),
        updated=datetime(2026, 9, 14, 9, tzinfo=UTC),
        url="https://council.example/badge",
        official="https://www.gov.uk/blue-badge",
        status=Status.WITHDRAWN,
        notice="Replaced",
        sample=True,
    )


def test_body_follows_the_block() -> None:
    assert split_front_matter("---\ntitle: A\n---\n\nBody.\n---\nMore.")[1] == "\nBody.\n---\nMore."


@pytest.mark.parametrize("text", ["", "Body.", "--- a line\nBody.", "\n---\ntitle: A\n---\n"])
def test_text_without_a_block_is_all_body(text: str) -> None:
    assert split_front_matter(text) == (FrontMatter(), text)


@pytest.mark.parametrize("text", ["---\n---", "---\n---\n", "---\n# a comment\n---\n"])
def test_empty_block_says_nothing(text: str) -> None:
    assert split_front_matter(text) == (FrontMatter(), "")


def test_page_applies_everywhere_unless_it_says_where() -> None:
    assert about("title: A").nations == NATIONS
    assert about("nations: Northern Ireland").nations == ("northern-ireland",)


def test_draft_of_a_site_generator_is_a_draft() -> None:
    assert about("draft: true").status is Status.DRAFT
    assert about("draft: false").status is Status.LIVE


def test_numbers_and_dates_may_be_titles() -> None:
    assert about("title: 2026").title == "2026"
    assert about("title: 2026-04-06").title == "2026-04-06"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("title: [unclosed", "is no YAML"),
        ("title: a: b", "is no YAML"),
        ("updated: 2026-13-45", "is no YAML"),
        ("updated: yesterday", "no date"),
        ("updated: 12", "no date"),
        ("updated: 0001-01-01T00:00:00+14:00", "no date"),
        ("title: yes", "put it in quotes"),
        ("title: {a: b}", "put it in quotes"),
        ("nations: [england, france]", "must be among england"),
        ("nations: []", "must be among england"),
        ("language: 'en; x'", "no language tag"),
        ("sample: maybe", "true or false"),
        ("draft: 'true'", "true or false"),
        ("status: gone", "must be among live"),
        ("url: javascript:alert(1)", "must start with https"),
        ("official: data:text/html,x", "must start with https"),
        ("just prose", "no list of"),
        ("!!python/object/apply:os.system ['true']", "is no YAML"),
        ("a: " + "[" * 600, "is no YAML"),
        ("a: " + "x" * 70_000, "longer than 64 KiB"),
    ],
)
def test_nonsense_is_refused_with_the_cure(line: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        about(line)


def test_block_that_does_not_end_is_refused() -> None:
    with pytest.raises(DocumentError, match="does not end"):
        split_front_matter("---\ntitle: A\nBody.")


def test_aliases_that_multiply_cost_nothing() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    assert about(*lines) == FrontMatter()
