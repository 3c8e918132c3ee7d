"""Commands without a server: they hold the data themselves, one at a time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from commandline import fingerpost, recorded_pages, result_of, started, write_pages

QUESTION = "What happens to my Child Benefit if I earn over the limit?"
SAMPLES = 58


def test_an_answer_comes_from_the_sample_with_every_sentence_in_its_citation(
    data_dir: Path,
) -> None:
    answer = result_of(data_dir, "ask", QUESTION)
    assert answer["outcome"] == "answered"
    assert answer["sentences"]
    for sentence in answer["sentences"]:
        assert sentence["citations"]
        for citation in sentence["citations"]:
            assert set(citation) == {"title", "url", "heading", "text", "updated"}
        assert any(sentence["text"] in citation["text"] for citation in sentence["citations"])


def test_an_answer_for_people_names_its_sources(data_dir: Path) -> None:
    shown = fingerpost(data_dir, "ask", QUESTION)
    assert shown.returncode == 0, shown.stderr
    assert "[1]" in shown.stdout
    assert "Sources" in shown.stdout
    assert "/guidance/child-benefit-high-income" in shown.stdout


def test_search_finds_passages_with_their_place(data_dir: Path) -> None:
    passages = result_of(data_dir, "search", "renew my passport", "--limit", "3")["passages"]
    assert len(passages) == 3
    assert passages[0]["url"].startswith("/guidance/")
    assert passages[0]["text"]


def test_a_second_ingestion_changes_nothing(data_dir: Path, guidance: Path) -> None:
    first = result_of(data_dir, "ingest", str(guidance))
    assert (first["added"], first["changed"], first["removed"]) == (3, 0, 0)
    again = result_of(data_dir, "ingest", str(guidance))
    assert (again["added"], again["changed"], again["removed"], again["unchanged"]) == (0, 0, 0, 3)
    (guidance / "gondolas.md").unlink()
    (guidance / "hovercraft.md").write_text("---\ntitle: Hovercraft\n---\n\nNo fee at all.\n")
    (guidance / "broken.html").write_bytes(b"\xff\xfe\x00")
    (guidance / "notes.pdf").write_bytes(b"%PDF")
    third = fingerpost(data_dir, "ingest", str(guidance), "--json")
    report = json.loads(third.stdout)
    assert (report["added"], report["changed"], report["removed"]) == (0, 1, 1)
    assert [failure["source"] for failure in report["failures"]] == ["broken.html"]
    assert report["skipped"] == [{"source": "notes.pdf", "reason": "unsupported:.pdf"}]
    assert third.returncode == 3, "pages that failed are told by the exit code as well"


def test_two_commands_at_once_take_turns(data_dir: Path, guidance: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "balloons.md").write_text("---\ntitle: Balloons\n---\n\nBalloons need no mooring.\n")
    running = [
        started(data_dir, "ingest", str(guidance), "--json"),
        started(data_dir, "ingest", str(other), "--json"),
        started(data_dir, "search", "mooring", "--json"),
        started(data_dir, "ask", QUESTION, "--json"),
    ]
    done = [(*process.communicate(timeout=90), process.returncode) for process in running]
    assert [code for _, _, code in done] == [0, 0, 0, 0], done
    assert any("waiting for fingerpost" in messages for _, messages, _ in done)
    assert json.loads(done[0][0])["added"] == 3
    assert json.loads(done[1][0])["added"] == 1
    assert result_of(data_dir, "doctor")["healthy"]


def test_a_killed_ingestion_leaves_what_the_next_one_finishes(
    data_dir: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    write_pages(many, 200)
    process = started(data_dir, "ingest", str(many))
    while recorded_pages(data_dir) < SAMPLES + 64:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    process.kill()
    process.communicate()
    report = result_of(data_dir, "ingest", str(many))
    assert report["added"] > 0
    assert report["unchanged"] >= 32, "at most the batch that was cut off is done again"
    assert report["added"] + report["changed"] + report["unchanged"] == 200
    assert result_of(data_dir, "doctor")["healthy"]


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("question", "code", "message"),
    [
        (" ", "empty_question", "write what you would like to know"),
        ("a" * 100_000, "question_too_long", "the limit is 4,000"),
    ],
    ids=["empty", "100 kB"],
)
def test_a_question_that_cannot_be_asked_is_refused(
    data_dir: Path, command: str, question: str, code: str, message: str
) -> None:
    refused = fingerpost(data_dir, command, question, "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == code
    assert message in refused.stderr


@pytest.mark.parametrize("question", ["caf\udcff passport", "<script>'; DROP TABLE turns; --"])
def test_hostile_text_is_just_a_question(data_dir: Path, question: str) -> None:
    assert result_of(data_dir, "ask", question)["outcome"]
    assert result_of(data_dir, "search", question)["passages"] is not None


def test_what_is_piped_on_is_whole_and_without_colours(data_dir: Path) -> None:
    shown = fingerpost(data_dir, "search", "renew my passport").stdout
    assert "\x1b" not in shown
    assert max(len(line) for line in shown.splitlines()) > 100
