"""Who is served when not all can be: by class, then by tenant, to the shares in the settings."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from placekit import MODEL, Holders, MakeAdmission, ask, until_admitted

from fingerpost_serving import Busy
from fingerpost_serving.admission import Admission, Priority

TOLERANCE = 0.1


async def _served(gateways: list[Admission], askers: list[tuple[Priority, str]]) -> Counter[object]:
    """Tokens that each kind of asker got in three seconds of more demand than can be met."""
    served: Counter[object] = Counter()
    end = asyncio.get_running_loop().time() + 3.0

    async def come_again(number: int, priority: Priority, tenant: str) -> None:
        while asyncio.get_running_loop().time() < end:
            wanted = ask(random.randint(100, 300), priority, tenant)
            async with gateways[number % len(gateways)].enter(MODEL, wanted) as ticket:
                async for _ in ticket.wait():
                    pass
                await asyncio.sleep(0.01)
            if asyncio.get_running_loop().time() < end:
                served[priority, tenant] += wanted.tokens

    await asyncio.gather(*(come_again(number, *each) for number, each in enumerate(askers)))
    return served


async def test_classes_share_as_the_settings_say(make_admission: MakeAdmission) -> None:
    gateways = [await make_admission(), await make_admission()]
    served = await _served(gateways, [(priority, "a") for priority in Priority for _ in range(12)])
    shares = {priority: served[priority, "a"] / served.total() for priority in Priority}
    assert shares == {
        Priority.CASEWORKER: pytest.approx(0.6, rel=TOLERANCE),
        Priority.CITIZEN: pytest.approx(0.3, rel=TOLERANCE),
        Priority.BATCH: pytest.approx(0.1, rel=TOLERANCE),
    }


async def test_tenants_share_as_the_settings_say_whoever_asks_more(
    make_admission: MakeAdmission,
) -> None:
    gateways = [await make_admission(tenants={"a": 1.0, "b": 3.0}) for _ in range(2)]
    flood = [(Priority.CITIZEN, "a")] * 40
    served = await _served(gateways, flood + [(Priority.CITIZEN, "b")] * 14)
    share = served[Priority.CITIZEN, "b"] / served.total()
    assert share == pytest.approx(0.75, rel=TOLERANCE)


async def test_caseworker_is_served_before_citizens_who_wait(make_admission: MakeAdmission) -> None:
    holders = Holders(await make_admission())
    await holders.fill(4)
    citizens = [await holders.enter() for _ in range(4)]
    caseworker = await holders.enter(ask(priority=Priority.CASEWORKER))
    await holders.let_go()
    await holders.let_go()
    await until_admitted(caseworker)
    assert sum(citizen.admitted for citizen in citizens) <= 1
    await holders.let_all_go()


async def test_a_flood_of_one_tenant_leaves_room_for_another(make_admission: MakeAdmission) -> None:
    holders = Holders(await make_admission(places=8))
    await holders.fill(4)
    for _ in range(8):
        await holders.enter(ask(tenant="flood"))
    with pytest.raises(Busy):
        await holders.enter(ask(tenant="flood"))
    other = await holders.enter(ask(tenant="other"))
    await holders.let_go()
    await holders.let_go()
    await until_admitted(other)
    await holders.let_all_go()


async def test_who_was_away_does_not_catch_up_on_the_others(make_admission: MakeAdmission) -> None:
    holders = Holders(await make_admission())
    await holders.fill(4)
    early = [await holders.enter(ask(tenant="busy")) for _ in range(8)]
    for _ in range(6):
        await holders.let_go()
    await until_admitted(early[5])
    late = [await holders.enter(ask(tenant="late")) for _ in range(4)]
    for _ in range(2):
        await holders.let_go()
    await asyncio.sleep(0.1)
    assert sum(each.admitted for each in late) == 1, "one for each of the two tenants"
    await holders.let_all_go()
