"""The AI Knowledge Hub: what its search data hides stays hidden, whatever the site shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fingerpost_knowledge_hub.ai_hub import AiHubSource
from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.errors import SourceError, SourceNotFoundError
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped


class Hub:
    """A small hub in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries: list[dict[str, str]] = []

    def entry(self, url: str, **content: object) -> None:
        """Add a tool or prompt to the search data."""
        entry = {"title": url.strip("/"), "synopsis": "In short.", "url": url, "type": "use-case"}
        self.entries.append(entry | {"content": json.dumps(content)})

    def page(self, path: str, body: str = "<p>Text.</p>", title: str = "Title") -> None:
        """Add a page to the site."""
        file = self.root / "html" / path / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f"<title>Hub</title><main><nav>Home</nav><h1>{title}</h1>"
            f"<div class='govuk-grid-column-two-thirds'>{body}</div>"
            "<div class='govuk-grid-column-one-third'>Beside it.</div></main>"
        )

    def items(self) -> list[Item]:
        return list(self.source().items())

    def source(self) -> AiHubSource:
        """The hub as it is now, of which nothing was read yet."""
        (self.root / "get-search.json").write_text(json.dumps(self.entries))
        return AiHubSource(self.root)

    def documents(self) -> dict[str, Document]:
        return {it.document.path: it.document for it in self.items() if isinstance(it, Found)}

    def skipped(self) -> dict[str, str]:
        return {item.source: item.reason for item in self.items() if isinstance(item, Skipped)}


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    (tmp_path / "html").mkdir()
    return Hub(tmp_path)


def test_live_tool_is_read_from_its_page_and_described_by_the_search_data(hub: Hub) -> None:
    hub.entry("/tools/caddy/", created="1749655615535", organisation="Citizens Advice")
    hub.page("tools/caddy", "<p>Helps advisers.</p><p>Content created: 1 May</p>", "Caddy - Tools")
    document = hub.documents()["/knowledge-hub/tools/caddy"]
    assert document.status is Status.LIVE
    assert document.title == "tools/caddy"
    assert document.url == "https://ai.gov.uk/knowledge-hub/tools/caddy/"
    assert document.collection == "ai-knowledge-hub"
    assert document.description == "In short."
    assert document.publisher == "Citizens Advice"
    assert document.published_at is not None
    assert document.published_at.year == 2025
    assert [section.text for section in document.sections] == ["Helps advisers."]


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        ({}, Status.LIVE),
        ({"draft": False, "internal": None, "hideFromLiveSite": ""}, Status.LIVE),
        ({"draft": "false"}, Status.LIVE),
        ({"draft": True}, Status.DRAFT),
        ({"draft": "yes"}, Status.DRAFT),
        ({"draft": 1}, Status.DRAFT),
        ({"internal": True}, Status.INTERNAL),
        ({"hideFromLiveSite": True}, Status.INTERNAL),
        ({"draft": True, "internal": True}, Status.INTERNAL),
    ],
)
def test_flags_decide_the_status_although_there_is_a_page(
    hub: Hub, flags: dict[str, object], status: Status
) -> None:
    hub.entry("/tools/scout/", **flags)
    hub.page("tools/scout")
    assert hub.documents()["/knowledge-hub/tools/scout"].status is status


@pytest.mark.parametrize(
    "url",
    [
        "/tools/sam:-(beta)/",
        "tools/sam:-(beta)",
        "/Tools/SAM:-(Beta)/",
        "/tools//sam%3A-%28beta%29",
    ],
)
def test_flags_are_found_however_the_address_is_written(hub: Hub, url: str) -> None:
    hub.entry(url, draft=True)
    hub.page("tools/sam:-(beta)")
    (document,) = hub.documents().values()
    assert document.status is Status.DRAFT


def test_more_hidden_of_two_entries_counts(hub: Hub) -> None:
    hub.entry("/tools/scout/")
    hub.entry("/tools/scout", draft=True)
    hub.entry("/tools/scout/")
    hub.page("tools/scout")
    assert hub.documents()["/knowledge-hub/tools/scout"].status is Status.DRAFT


def test_item_without_a_page_is_recorded_and_never_live(hub: Hub) -> None:
    hub.entry("/tools/connect/", internal=True)
    hub.entry("/tools/new/")
    documents = hub.documents()
    assert documents["/knowledge-hub/tools/connect"].status is Status.INTERNAL
    assert documents["/knowledge-hub/tools/new"].status is Status.DRAFT


def test_tool_that_the_search_data_does_not_know_is_skipped(hub: Hub) -> None:
    hub.page("tools/unknown")
    assert hub.skipped() == {"html/tools/unknown/index.html": "not_in_search_data"}


def test_how_to_needs_no_search_data(hub: Hub) -> None:
    hub.page("how-to/legal", title="Legal concerns")
    document = hub.documents()["/knowledge-hub/how-to/legal"]
    assert (document.title, document.status) == ("Legal concerns", Status.LIVE)


def test_pages_that_are_no_guidance_are_skipped_with_the_reason(hub: Hub) -> None:
    for path in ("", "site-map", "tools", "prompts", "how-tos", "capability/x", "generic-error"):
        hub.page(path)
    (hub.root / "corpus.jsonl").write_text("{}")
    (hub.root / "notes.txt").write_text("x")
    (hub.root / "html" / "favicon.ico").write_text("x")
    assert hub.skipped() == {
        "corpus.jsonl": "copy_of_pages",
        "notes.txt": "not_a_page",
        "html/favicon.ico": "unsupported:.ico",
        "html/index.html": "navigation",
        "html/site-map/index.html": "navigation",
        "html/tools/index.html": "listing",
        "html/prompts/index.html": "listing",
        "html/how-tos/index.html": "listing",
        "html/capability/x/index.html": "listing",
        "html/generic-error/index.html": "error_page",
    }


@pytest.mark.parametrize(
    "link",
    [
        "/tools/scout",
        "/tools/scout/#results",
        "https://ai.gov.uk/knowledge-hub/tools/scout/",
        "/knowledge-hub/Tools/Scout",
    ],
)
def test_page_that_leads_to_a_hidden_one_is_skipped(hub: Hub, link: str) -> None:
    hub.entry("/tools/scout/", draft=True)
    hub.page("themes/search", f"<p>Try <a href='{link}'>it</a></p>")
    assert hub.skipped() == {"html/themes/search/index.html": "links_to_hidden"}


def test_link_to_another_site_hides_nothing(hub: Hub) -> None:
    hub.entry("/tools/scout/", draft=True)
    hub.page("how-to/search", "<a href='https://elsewhere.example/tools/scout/'>it</a>")
    assert "/knowledge-hub/how-to/search" in hub.documents()


def test_broken_page_fails_and_the_others_go_on(hub: Hub) -> None:
    hub.page("how-to/empty", "")
    hub.page("how-to/sound")
    (hub.root / "html/how-to/empty/index.html").write_bytes(b"<main>\xff</main>")
    assert [type(item) for item in hub.items()] == [Failed, Found]


@pytest.mark.parametrize(
    "data", ["", "[", "{}", '[{"url": "/a/"}]', '[{"title":"","url":"/a/","content":"{"}]', "\xff"]
)
def test_nothing_is_read_without_sound_search_data(hub: Hub, data: str) -> None:
    hub.page("how-to/legal")
    (hub.root / "get-search.json").write_text(data, encoding="latin-1")
    with pytest.raises(SourceError, match="fetch it again"):
        list(AiHubSource(hub.root).items())


def test_folder_of_something_else_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="name the hub's folder"):
        list(AiHubSource(tmp_path).items())


def test_part_that_is_read_before_any_are_listed_is_as_hidden_as_after(hub: Hub) -> None:
    hub.entry("/tools/scout/", draft=True)
    hub.page("tools/scout")
    (item,) = hub.source().read(Part("html/tools/scout/index.html", ""))
    assert isinstance(item, Found)
    assert item.document.status is Status.DRAFT


@pytest.mark.parametrize(
    ("path", "reason"),
    [("tools/unknown", "not_in_search_data"), ("tools", "listing"), ("site-map", "navigation")],
)
def test_part_that_would_not_be_listed_is_not_read_either(hub: Hub, path: str, reason: str) -> None:
    hub.page(path)
    part = f"html/{path}/index.html"
    assert list(hub.source().read(Part(part, ""))) == [Skipped(part, reason)]


def test_part_named_by_a_detour_is_refused(hub: Hub) -> None:
    hub.entry("/tools/scout/", draft=True)
    hub.page("tools/scout")
    hub.page("how-to/legal")
    (item,) = hub.source().read(Part("html/how-to/../tools/scout/index.html", ""))
    assert isinstance(item, Failed)
    assert "named by a detour" in item.error


def test_part_is_not_read_without_search_data(hub: Hub) -> None:
    hub.page("how-to/legal")
    (item,) = AiHubSource(hub.root).read(Part("html/how-to/legal/index.html", ""))
    assert isinstance(item, Failed)
    assert "does not hold get-search.json" in item.error
