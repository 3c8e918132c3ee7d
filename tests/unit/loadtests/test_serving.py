"""The benchmark of the gateway: what the mock says, what counts as held, how the most is found."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_serving import ChatRequest, Finished, Message, TextDelta
from fingerpost_serving.client import RemoteChatModel
from loadtests.serving.driving import Sample, Target, client, open_loop, side_by_side
from loadtests.serving.measures import Spread, client_was_late, flowed, held, highest, percentile
from loadtests.serving.mock import Mock
from loadtests.serving.report import Report, SystemFigures, aims
from loadtests.serving.script import Asked, UnknownScriptError, grounded_answer, pieces, script_for

PROMPT = (
    '<passage number="1">\nFrom: Child Benefit\nYou get £26.05 a week for your eldest child. You '
    'must claim within three months of the birth.\n</passage>\n\n<passage number="2">\nFrom: Tax\n'
    "You pay a charge if your income is over £60,000 a year.\n</passage>"
)


def sample(whole: float = 0.01, gap: float = 0.02, late: float = 0.0, error: str = "") -> Sample:
    return Sample(late=late, first=whole, whole=whole, gap=gap, itl=gap, error=error)


@asynccontextmanager
async def running_mock() -> AsyncIterator[str]:
    import asyncio

    server = await asyncio.get_running_loop().create_server(Mock, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("model", "count", "pause_s"), [("burst-20", 20, 0.0), ("paced-64-20", 64, 0.02)]
)
def test_the_name_of_the_model_is_the_script(model: str, count: int, pause_s: float) -> None:
    script = script_for(Asked(model))
    assert (len(script.deltas), script.pause_s) == (count, pause_s)


@pytest.mark.parametrize("model", ["gpt", "burst-", "paced-3", "burst-99999", ""])
def test_a_model_without_a_script_is_refused_with_those_there_are(model: str) -> None:
    with pytest.raises(UnknownScriptError, match="burst-N, paced-N-MS or grounded"):
        script_for(Asked(model))


def test_a_grounded_answer_quotes_the_passages_in_turn_each_with_its_mark() -> None:
    assert grounded_answer(PROMPT) == (
        "You get £26.05 a week for your eldest child [1]. You pay a charge if your income is over "
        "£60,000 a year [2]. You must claim within three months of the birth [1]."
    )


@given(st.text(min_size=1, max_size=300), st.integers(1, 120))
def test_pieces_are_the_whole_text_and_none_is_empty(text: str, count: int) -> None:
    cut = pieces(text, count)
    assert "".join(cut) == text
    assert len(cut) == min(count, len(text))
    assert all(cut)


@given(st.integers(0, 3000), st.integers(1, 900))
async def test_the_most_that_holds_is_found_to_a_tenth_or_four_steps(most: int, start: int) -> None:
    tried: list[int] = []

    async def holds(number: int) -> bool:
        tried.append(number)
        return number <= most

    found = await highest(holds, start, most=1024, halvings=8)
    assert found <= min(most, 1024)
    assert found >= 0.85 * min(most, 1024) - 1
    assert len(tried) < 24


def test_a_rate_is_held_when_all_end_and_99_in_100_are_in_time() -> None:
    good = [sample()] * 300
    assert held([*good, sample(whole=0.4)])
    assert not held([*good, *[sample(whole=0.4)] * 9])
    assert not held([*good, sample(error="cut short")])
    assert not held([])


def test_a_stream_flows_without_a_long_pause() -> None:
    assert flowed([sample()])
    assert not flowed([sample(), sample(gap=0.21)])
    assert not flowed([sample(error="status 500")])


def test_a_late_client_is_told_from_a_slow_system() -> None:
    assert client_was_late([sample(late=0.02)] * 50)
    assert not client_was_late([sample(whole=3.0)] * 50)


def test_no_values_have_no_small_percentile_and_no_median() -> None:
    assert percentile([], 99) == float("inf")
    with pytest.raises(ValueError, match="no rounds"):
        Spread.of([])


def test_aims_compare_medians_of_the_same_run() -> None:
    def figures(**values: float) -> dict[str, Spread]:
        return {name: Spread.of([value]) for name, value in values.items()}

    names = {
        "first": "lone: first text p50 ms",
        "rate": "held rate /s",
        "streams": "streams without a stall",
        "answers": "110-delta streams /s",
    }

    def system(name: str, **values: float) -> SystemFigures:
        return SystemFigures(name, figures(**{names[key]: each for key, each in values.items()}))

    report = Report(
        rounds=1,
        systems=[
            system("direct", first=1.0),
            system("LiteLLM", first=7.0, rate=20.0, answers=15.0),
            system("ours, raw, redacted", first=1.9, rate=190.0, streams=256.0),
            system("ours, raw, plain", first=2.1),
            system("ours, grounded", first=9.0, answers=30.0),
        ],
    )
    met = {aim.what: aim.met for aim in aims(report)}
    assert met == {
        "ours, raw, redacted: adds to the first text": True,
        "ours, raw, plain: adds to the first text": False,
        "beside that, LiteLLM adds over ours": True,
        "ours, raw, redacted: rate held, over LiteLLM's": False,
        "ours, raw, redacted: streams without a stall": True,
        "grounded answers over LiteLLM's bare streams": True,
        "grounded: adds to the first sentence": True,
    }


async def test_our_client_reads_the_mock() -> None:
    request = ChatRequest(messages=(Message("user", PROMPT),), max_tokens=300)
    async with running_mock() as url, RemoteChatModel("grounded", url) as model:
        for _ in range(2):  # on one connection
            *said, end = [event async for event in model.stream(request)]
            assert [each.text for each in said if isinstance(each, TextDelta)] == pieces(
                grounded_answer(PROMPT), 110
            )
            assert isinstance(end, Finished)
            assert end.usage.completion_tokens == 110


async def test_the_driver_sees_texts_gaps_and_refusals() -> None:
    async with running_mock() as url, client() as http:
        address = f"{url}/v1/chat/completions"
        paced = await side_by_side(http, Target(address, "paced-4-20"), lambda: "?", 3, 0.01)
        assert [each.error for each in paced] == [""] * 3
        assert all(each.itl <= each.gap <= each.whole for each in paced)
        assert any(each.itl > 0.005 for each in paced), "the pauses between deltas are seen"
        burst = await open_loop(http, Target(address, "burst-20"), "?", 200.0, 0.2)
        assert burst
        assert not any(each.error for each in burst)
        refused = await side_by_side(http, Target(address, "other"), lambda: "?", 1, 0.001)
        assert {each.error for each in refused} == {"status 400"}


async def test_the_mock_answers_whole_and_lists_its_models() -> None:
    async with running_mock() as url, aiohttp.ClientSession() as http:
        body = json.dumps({"model": "burst-2", "messages": []})
        async with http.post(f"{url}/v1/chat/completions", data=body) as response:
            message = (await response.json())["choices"][0]["message"]
        assert message == {"role": "assistant", "content": "word0 word1 "}
        async with http.get(f"{url}/v1/models") as response:
            assert (await response.json())["data"][0]["id"] == "mock"
