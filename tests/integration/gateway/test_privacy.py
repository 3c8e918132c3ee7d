"""Personal data in a question is nowhere on disk afterwards, not even in the logs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
from citizen import Citizen
from serverprocess import ServerProcess

SECRETS = ("jo.bloggs@example.com", "QQ123456C", "07700 900123", "SW1A 2AA")
QUESTION = (
    f"My email is {SECRETS[0]}, NI number {SECRETS[1]}, phone {SECRETS[2]}, "
    f"postcode {SECRETS[3]}. How do I renew my passport?"
)


def places_of(secret: str, folder: Path) -> list[str]:
    needle = secret.encode()
    return [
        str(file) for file in folder.rglob("*") if file.is_file() and needle in file.read_bytes()
    ]


async def test_personal_data_leaves_no_trace_on_disk(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        async with aiohttp.ClientSession(server.url) as http:
            citizen = await Citizen.arrive(http)
            events = await citizen.ask(QUESTION)
            turn = events[0].data
            removed = {kind for event in events for kind in event.data.get("removed", ())}
            verdict = {"rating": "useful", "comment": f"Call me on {SECRETS[2]}"}
            path = f"/v1/turns/{turn['turn_id']}/feedback"
            async with http.post(path, json=verdict, headers=citizen.headers) as response:
                assert response.status == 204
            # The recorder writes the turn to SQL a moment after the reader has it.
            await asyncio.sleep(1)
        assert server.stop() == 0
    assert removed
    assert all(secret not in turn["question"] for secret in SECRETS)
    for secret in SECRETS:
        assert places_of(secret, tmp_path) == []


async def test_the_holder_of_the_session_reads_the_question_as_asked(citizen: Citizen) -> None:
    turn = (await citizen.ask(QUESTION))[0].data["turn_id"]
    async with citizen.http.get(f"/v1/turns/{turn}", headers=citizen.headers) as response:
        assert (await response.json())["question"] == QUESTION
