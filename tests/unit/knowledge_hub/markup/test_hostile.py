"""HTML that was made to break readers: it costs little, or is refused with a reason."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.markup import sections_from_html

TAGS = [
    *(
        "p",
        "div",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tr",
        "th",
        "td",
    ),
    *(
        "caption",
        "a",
        "sup",
        "br",
        "b",
        "span",
        "section",
        "address",
        "nav",
        "script",
        "svg",
        "pre",
    ),
]
ATTRIBUTES = [
    *("", " class=contact", " class=help-notice", " class=footnote", " href='mailto:a@b.uk'"),
    *(" colspan=3", " rowspan=99", " hidden", " id=x", " start=9", " style='display:none'"),
]
soup = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)).map("<{0[0]}{0[1]}>".format),
        st.sampled_from(TAGS).map("</{}>".format),
        st.text(max_size=8),
        st.sampled_from(
            ["&amp;", "&#0;", "&#xd800;", "&nbsp;", "<!--", "-->", "]]>", "<!DOCTYPE x>"]
        ),
    ),
    max_size=60,
).map("".join)

words = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
inline = st.recursive(
    words,
    lambda inner: st.one_of(
        inner.map("<b>{}</b>".format),
        inner.map("<a href='/x'>{}</a>".format),
        st.tuples(inner, inner).map(" ".join),
    ),
    max_leaves=4,
)
blocks = st.recursive(
    inline.map("<p>{}</p>".format),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda one: f"<div>{''.join(one)}</div>"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda one: "<ul>" + "".join(f"<li>{item}</li>" for item in one) + "</ul>"
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda one: (
                "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in one) + "</tr></table>"
            )
        ),
        inner.map("<div class='contact'>{}</div>".format),
        inner.map("<h2>title</h2>{}".format),
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(soup)
def test_any_soup_is_read_or_refused(html: str) -> None:
    try:
        sections = sections_from_html(html)
    except DocumentError:
        return
    for section in sections:
        assert section.text.strip() == section.text != ""
        assert "\n\n\n" not in section.text
        assert not {"\x00", "\x07", "\ud800", "\u202e"} & set(section.text)
        assert all(heading.strip() for heading in section.heading_path)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(blocks, min_size=1, max_size=4).map("".join))
def test_every_word_of_sound_html_is_kept_in_order_of_reading(html: str) -> None:
    written = [
        word for word in html.replace("<", " <").replace(">", "> ").split() if word.isalpha()
    ]
    read = " ".join(" ".join([*one.heading_path, one.text]) for one in sections_from_html(html))
    assert set(written) <= {word.strip(",;|-") for word in read.split()}


@pytest.mark.parametrize(
    "html",
    [
        *("<ul><li>a" * 20_000, "<div>" * 40_000 + "x", "<table><tr><td>" * 15_000 + "x"),
        *("<p>" * 40_000, "<a href='mailto:a'>" * 20_000, "<sup>1" * 20_000, "<b><i>" * 20_000),
        *("<h1>a</h1>b" * 20_000, "&amp" * 200_000, "<!--" * 200_000, "<" * 200_000),
        *("<a " + "b=1 " * 200_000, "<div class=contact>" * 20_000 + "x", "<dd>" * 20_000 + "x"),
    ],
    ids=lambda html: html[:20],
)
def test_nesting_and_repetition_cost_no_more_than_their_length(html: str) -> None:
    started = perf_counter()
    sections_from_html(html)
    assert perf_counter() - started < 10


def test_html_beyond_the_limit_is_refused() -> None:
    with pytest.raises(DocumentError, match="HTML is longer than 8 MiB"):
        sections_from_html("x" * (8 * 2**20 + 1))


def test_text_that_a_table_multiplies_is_refused() -> None:
    cell = "x" * 200
    html = (
        f"<table><tr><th>{'y' * 300}</th></tr>" + f"<tr><td>{cell}</td></tr>" * 9_000 + "</table>"
    )
    with pytest.raises(DocumentError, match="text is longer than 4 MiB"):
        sections_from_html(html)


def test_character_set_that_the_page_claims_is_not_believed() -> None:
    (section,) = sections_from_html('<meta charset="utf-16"><p>caf\u00e9</p>')
    assert section.text == "caf\u00e9"


def test_entities_are_not_expanded() -> None:
    html = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><p>&b; end</p>'
    text = "".join(one.text for one in sections_from_html(html))
    assert "aaaaaaaaaaaaaaaaaaaa" not in text
    assert text.endswith("&b; end")
