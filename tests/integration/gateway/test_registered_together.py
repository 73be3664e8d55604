"""One form for several people: what it registered is shown, and taken back or corrected as one."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.batch_files import Plan, workers
from tests.support.product_in_process import Browser, Product, product

BAKERY = "1999010345"
CLERK = "83012597129"
PEOPLE = [one.ssin for one in workers(Plan(BAKERY, (BAKERY,), trainings=1, people=3))]
NEW = f"/enterprises/{BAKERY}/trainings/new"
BREAD: dict[str, Any] = {
    "title": "Brood", "startDate": "05/05/2025", "endDate": "05/05/2025", "durationHours": "7", "durationMinutes": "36",
    "action": "send", "provider.name": "VDAB", "status": "completed", "kind": "formal",
}  # fmt: skip


@pytest.fixture
async def fla(new_database: Callable[[], str], tmp_path: Path) -> AsyncIterator[Product]:
    async with product(new_database, tmp_path) as running:
        await running.has_enterprise(BAKERY, "bakery")
        await running.has_writer(CLERK, BAKERY)
        terms = [{"validFrom": "2024-01-01", "jointCommittee": "200", "workingTime": "1"}]
        async with running.software("bakery") as software:
            for at, ssin in enumerate(PEOPLE):
                hired = {"enterpriseNumber": BAKERY, "ssin": ssin, "familyName": f"Peeters {at}", "reference": f"E{at}"}
                answer = await software.post("/employments", json=hired | {"startDate": "2024-01-01", "terms": terms})
                assert answer.status_code == 201, answer.text
        yield running


@pytest.fixture
async def clerk(fla: Product) -> Browser:
    return await fla.browser(CLERK, "Els", "Claes")


async def registered(fla: Product, clerk: Browser, **fields: Any) -> str:
    rows = await fla.fetch("select id::text from employment order by id")
    answer = await clerk.posts(NEW, BREAD | {"employees": [row["id"] for row in rows]} | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def states(fla: Product) -> list[tuple[str, str]]:
    rows = await fla.fetch("select title, status from training order by id", service="dashboard")
    return [(row["title"], row["status"]) for row in rows]


@pytest.mark.parametrize("reference", ["", "B-2025"])
async def test_what_was_registered_is_in_sight_and_taken_back_as_one(
    fla: Product, clerk: Browser, reference: str
) -> None:
    address = await registered(fla, clerk, reference=reference)
    page = await clerk.text(address)
    assert "The training is registered for 3 employees." in page
    assert all(page.count(f"Peeters {at}") == 1 for at in range(3))
    assert len(set(re.findall(r"/trainings/([0-9a-f-]{36})\"", page))) == 3
    assert "The training is registered" not in await clerk.text(address), "told twice"
    refused = await clerk.posts(f"{address}/take-back", {"reason": ""})
    assert refused.status_code == 422
    assert await states(fla) == [("Brood", "completed")] * 3
    done = await clerk.posts(f"{address}/take-back", {"reason": "Nobody came"})
    assert (done.status_code, done.headers["location"]) == (303, address)
    assert "The training is taken back for 3 employees." in await clerk.text(address)
    assert await states(fla) == [("Brood", "cancelled")] * 3
    assert (await clerk.http.get(f"{address}/take-back")).status_code == 403, "nothing is left to take back"


async def test_all_are_corrected_alike_unless_one_changed_meanwhile(fla: Product, clerk: Browser) -> None:
    address = await registered(fla, clerk)
    form = await clerk.fields(f"{address}/correct")
    [one, *_] = re.findall(r"/trainings/([0-9a-f-]{36})\"", await clerk.text(address))
    single = await clerk.posts(
        f"/enterprises/{BAKERY}/trainings/{one}/correct", BREAD | {"title": "Taart", "reason": "Typed wrong"}
    )
    assert single.status_code == 303, single.text
    late = await clerk.http.post(f"{address}/correct", data=form | BREAD | {"title": "Deeg", "reason": "Typed wrong"})
    assert late.status_code == 422
    assert "One of these trainings was changed meanwhile." in late.text
    assert sorted(await states(fla)) == [("Brood", "completed")] * 2 + [("Taart", "completed")]
    done = await clerk.posts(f"{address}/correct", BREAD | {"title": "Deeg", "reason": "Typed wrong"})
    assert done.status_code == 303, done.text
    assert "The training is corrected for 3 employees." in await clerk.text(address)
    assert await states(fla) == [("Deeg", "completed")] * 3


async def test_another_enterprise_sees_nothing_of_it(fla: Product, clerk: Browser) -> None:
    address = await registered(fla, clerk)
    await fla.has_enterprise("1999020144")
    await fla.has_writer("85073003328", "1999020144")
    other = await fla.browser("85073003328", "An", "Aerts")
    for number in (BAKERY, "1999020144"):
        for page in ("", "/take-back", "/correct"):
            answer = await other.http.get(address.replace(BAKERY, number) + page)
            assert answer.status_code == 403, (number, page)
