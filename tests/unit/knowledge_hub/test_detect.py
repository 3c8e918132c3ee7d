"""Which kind of source is found at a path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fingerpost_knowledge_hub.ai_hub import AiHubSource
from fingerpost_knowledge_hub.detect import SourceKind, detect_source, open_source
from fingerpost_knowledge_hub.errors import SourceNotFoundError, SourceUnrecognisedError
from fingerpost_knowledge_hub.files import FilesSource
from fingerpost_knowledge_hub.govuk import GovukFolder

PAYLOAD = json.dumps({"base_path": "/a", "schema_name": "answer", "title": "A"})


def test_folder_with_search_data_is_the_hubs(tmp_path: Path) -> None:
    (tmp_path / "get-search.json").write_text("[]")
    (tmp_path / "a.md").write_text("Text.")
    assert detect_source(tmp_path) is SourceKind.HUB
    assert isinstance(open_source(tmp_path), AiHubSource)


def test_folder_with_payloads_is_govuks_whatever_else_lies_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Text.")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "answer").mkdir()
    (tmp_path / "answer" / "a.json").write_text(PAYLOAD)
    assert detect_source(tmp_path) is SourceKind.GOVUK
    assert isinstance(open_source(tmp_path), GovukFolder)


def test_folder_with_documents_and_other_json_is_a_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "a.txt").write_text("Text.")
    assert detect_source(tmp_path) is SourceKind.FILES
    assert isinstance(open_source(tmp_path), FilesSource)


def test_broken_payloads_are_govuks_so_that_each_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    assert detect_source(tmp_path) is SourceKind.GOVUK
    assert detect_source(tmp_path / "broken.json") is SourceKind.GOVUK


def test_single_file_is_told_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Text.")
    (tmp_path / "a.json").write_text(PAYLOAD)
    assert detect_source(tmp_path / "a.md") is SourceKind.FILES
    assert detect_source(tmp_path / "a.json") is SourceKind.GOVUK


def test_pages_of_the_hub_are_not_read_without_its_search_data(tmp_path: Path) -> None:
    (tmp_path / "get-search.json").write_text("[]")
    (tmp_path / "html" / "tools").mkdir(parents=True)
    (tmp_path / "html" / "tools" / "draft.html").write_text("<p>Draft.</p>")
    with pytest.raises(SourceUnrecognisedError, match="which pages are drafts"):
        detect_source(tmp_path / "html" / "tools")


def test_named_kind_is_not_questioned(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(PAYLOAD)
    assert isinstance(open_source(tmp_path, SourceKind.FILES), FilesSource)


def test_empty_folder_says_what_could_be_in_it(tmp_path: Path) -> None:
    with pytest.raises(SourceUnrecognisedError, match="name the kind with --source"):
        detect_source(tmp_path)


def test_missing_path_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="check the path"):
        detect_source(tmp_path / "nowhere")


@pytest.mark.data
@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("govuk_payloads/content_items", SourceKind.GOVUK),
        ("govuk_payloads/content_items/licence", SourceKind.GOVUK),
        ("ai_knowledge_hub", SourceKind.HUB),
    ],
)
def test_real_data_is_recognised(test_data: Path, folder: str, kind: SourceKind) -> None:
    assert detect_source(test_data / folder) is kind
