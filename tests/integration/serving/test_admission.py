"""Places at a model: never more than there are, refused early, and given on at once."""

from __future__ import annotations

import asyncio
import random

import pytest
from placekit import (
    LIMITS,
    MODEL,
    Holders,
    MakeAdmission,
    ask,
    counted,
    refusal_s,
    until,
    until_admitted,
)

from fingerpost_assistant.live.connection import Client
from fingerpost_serving import Busy, Limits, TooLarge, UnknownModel
from fingerpost_serving.admission import Admission, Ask, Place


@pytest.fixture
def holders(admission: Admission) -> Holders:
    return Holders(admission)


async def test_never_more_inside_than_there_are_places(make_admission: MakeAdmission) -> None:
    gateways = [await make_admission() for _ in range(3)]
    inside: list[Ask] = []
    most_requests = most_tokens = served = 0

    async def come(number: int) -> None:
        nonlocal most_requests, most_tokens, served
        wanted = ask(tokens=random.choice((100, 700, 1_000)))
        async with gateways[number % 3].enter(MODEL, wanted) as ticket:
            async for _ in ticket.wait():
                pass
            inside.append(wanted)
            most_requests = max(most_requests, len(inside))
            most_tokens = max(most_tokens, sum(each.tokens for each in inside))
            await asyncio.sleep(random.uniform(0.001, 0.01))
            inside.remove(wanted)
            served += 1

    await asyncio.gather(*(come(number) for number in range(240)))
    assert served == 240
    assert most_requests == LIMITS.concurrent_requests
    assert most_tokens <= LIMITS.tokens_in_flight


async def test_tokens_bound_what_requests_do_not(make_admission: MakeAdmission) -> None:
    limits = Limits(context=1_000, concurrent_requests=100, tokens_in_flight=1_500)
    holders = Holders(await make_admission(limits=limits))
    assert (await holders.enter(ask(1_000))).admitted
    assert (await holders.enter(ask(500))).admitted
    assert not (await holders.enter(ask(1))).admitted
    await holders.let_all_go()


async def test_large_request_is_not_passed_over_for_ever(make_admission: MakeAdmission) -> None:
    limits = Limits(context=1_000, concurrent_requests=100, tokens_in_flight=1_000)
    holders = Holders(await make_admission(limits=limits))
    await holders.enter(ask(600))
    large = await holders.enter(ask(1_000))
    small = await holders.enter(ask(10))
    assert not small.admitted
    await holders.let_go()
    await until_admitted(large)
    assert not small.admitted
    await holders.let_all_go()


async def test_first_come_is_first_served(holders: Holders) -> None:
    await holders.fill(4)
    waiting = [await holders.enter() for _ in range(3)]
    for served, ticket in enumerate(waiting, 1):
        await holders.let_go()
        await until_admitted(ticket)
        assert not any(later.admitted for later in waiting[served:])
    await holders.let_all_go()


async def test_who_waits_is_told_the_position_and_the_expected_wait(
    make_admission: MakeAdmission,
) -> None:
    holders = Holders(await make_admission())
    await holders.fill(4)
    await asyncio.sleep(0.2)
    await holders.let_all_go()  # four service times of 0.2 s and a little
    await holders.fill(4)
    first, second = await holders.enter(), await holders.enter()

    async def listen() -> list[Place]:
        return [place async for place in second.wait()]

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.15)
    await holders.let_go()
    await until_admitted(first)
    await asyncio.sleep(0.3)
    await holders.let_go()
    places = await listening
    assert [place.position for place in places] == [2, 1]
    assert places[0].expected_wait_ms == pytest.approx(2 * 200 / 4, rel=0.3)
    await holders.let_all_go()


async def test_one_who_leaves_the_queue_frees_the_place_in_it(
    holders: Holders, client: Client
) -> None:
    await holders.fill(4)
    impatient = await holders.enter()
    patient = await holders.enter()
    await holders.let_go(-2)
    assert not impatient.admitted
    await holders.let_go()
    await until_admitted(patient)
    await holders.let_all_go()
    assert await counted(client) == (0, 0, 0, 0)


async def test_cancelled_requests_leave_nothing_behind(
    admission: Admission, client: Client
) -> None:
    async def come() -> None:
        async with admission.enter(MODEL, ask()) as ticket:
            await until_admitted(ticket)
            await asyncio.sleep(random.uniform(0, 0.05))

    for _ in range(5):
        coming = [asyncio.create_task(come()) for _ in range(40)]
        await asyncio.sleep(random.uniform(0, 0.02))
        for task in coming:
            task.cancel()
        await asyncio.gather(*coming, return_exceptions=True)

    async def empty() -> bool:
        return await counted(client) == (0, 0, 0, 0)

    await until(empty, "nobody is inside and nobody waits")


async def test_full_queue_refuses_at_once_and_says_when_to_come_back(
    make_admission: MakeAdmission,
) -> None:
    holders = Holders(await make_admission(places=2))
    await holders.fill(4)
    await holders.enter()
    await holders.enter()
    with pytest.raises(Busy) as refusal:
        await holders.enter()
    assert 1 <= refusal.value.retry_after_s <= 10
    assert await refusal_s(holders) < 0.05
    await holders.let_all_go()


async def test_too_long_a_wait_is_refused_although_the_queue_has_room(
    make_admission: MakeAdmission,
) -> None:
    holders = Holders(await make_admission(longest_wait_s=0.15))
    await holders.fill(4)
    await asyncio.sleep(0.2)
    await holders.let_all_go()
    await holders.fill(4)
    await holders.enter()
    await holders.enter()
    with pytest.raises(Busy):
        await holders.enter()
    await holders.let_all_go()


async def test_without_a_queue_there_is_a_place_or_there_is_none(
    make_admission: MakeAdmission,
) -> None:
    holders = Holders(await make_admission(places=0))
    await holders.fill(4)
    with pytest.raises(Busy):
        await holders.enter()
    await holders.let_all_go()


async def test_what_never_fits_is_refused_for_good(holders: Holders, client: Client) -> None:
    with pytest.raises(TooLarge) as refusal:
        await holders.enter(ask(1_001))
    assert (refusal.value.tokens, refusal.value.limit) == (1_001, 1_000)
    assert await counted(client) == (0, 0, 0, 0)


@pytest.mark.parametrize("tenant", ["", " two words ", "a:b{c}\n", "x" * 10_000, "%s", "ŵ"])
async def test_no_name_of_a_tenant_does_harm(
    admission: Admission, client: Client, tenant: str
) -> None:
    holders = Holders(admission)
    await holders.fill(4)
    waiting = await holders.enter(ask(tenant=tenant))
    await holders.let_go()
    await until_admitted(waiting)
    await holders.let_all_go()
    assert await counted(client) == (0, 0, 0, 0)


def test_a_request_has_no_negative_tokens() -> None:
    with pytest.raises(ValueError, match="-1 tokens"):
        ask(tokens=-1)


async def test_a_model_without_limits_is_unknown(admission: Admission) -> None:
    with pytest.raises(UnknownModel):
        async with admission.enter("other", ask()):
            pass


async def test_a_failed_request_gives_its_place_on(admission: Admission, client: Client) -> None:
    with pytest.raises(RuntimeError):
        async with admission.enter(MODEL, ask()):
            raise RuntimeError
    assert await counted(client) == (0, 0, 0, 0)


async def test_in_a_cluster_all_keys_of_a_model_are_in_one_slot(
    make_admission: MakeAdmission, cluster_url: str
) -> None:
    holders = Holders(await make_admission(url=cluster_url))
    await holders.fill(4)
    waiting = await holders.enter()
    await holders.let_go()
    await until_admitted(waiting)
    await holders.let_all_go()
