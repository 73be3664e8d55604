"""What people would lose when two replicas, a recalculation and the calendar work at the same moment, or one dies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.entitlements.background import Background
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.arrangements.rows import ArrangementSet
from services.entitlements.handlers import recalculate
from services.entitlements.settings import EntitlementsSettings
from shared.database.engine import driver, transaction
from shared.messaging.records import Work
from shared.messaging.what_is_retried import may_pass
from tests.support.entitlements import (
    ENTERPRISE,
    OTHER_ENTERPRISE,
    RULES,
    Entitlements,
    Submissions,
    person,
    size,
    training,
)

PEOPLE = 30


class Unhurried:
    """A relay that is never behind."""

    crowded = False

    def __init__(self) -> None:
        self.offered: list[Any] = []

    def offer(self, _: int, events: list[Any]) -> None:
        self.offered += events


def background(service: Entitlements, rules: Rules = RULES, chunk: int = 4) -> Background:
    settings = EntitlementsSettings(
        _env_file=None, internal_key="k" * 32, entitlements_database_url="postgresql://x", recalculation_chunk=chunk
    )
    return Background(service.engine, Unhurried(), rules, settings, lambda: service.now)  # type: ignore[arg-type]


async def persistently(act: Callable[[], Awaitable[Any]]) -> None:
    """As the consumer does: what may pass is tried again."""
    for _ in range(20):
        try:
            await act()
            return
        except Exception as error:
            if not may_pass(error.__cause__ or error):
                raise
            await asyncio.sleep(0.01)
    raise AssertionError("never got through")


async def test_employments_and_their_trainings_handled_at_the_same_moment(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(size("25")))
    people = range(PEOPLE)
    hired = [declared.employment(f"E{n}", person=person(n)) for n in people]
    trained = [training(f"T{n}", person=person(n)) for n in people]
    batches = [hired[:20], trained[10:], hired[20:], trained[:10]]
    await asyncio.gather(*(persistently(lambda own=own: service.receives(*own)) for own in batches))
    rows = await service.fetch("select sum(amount)::text as charged from ledger_line where figure = 'charged'")
    assert rows[0]["charged"] == f"-{PEOPLE}.000000"
    await _agree(service)


async def test_a_new_size_while_people_are_hired_and_trained(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("15")))
    hired = [declared.employment(f"E{n}", person=person(n), startDate="2026-01-01") for n in range(PEOPLE)]
    await service.receives(*hired[:10])

    async def grow() -> None:
        await persistently(lambda: service.receives(declared.enterprise(size("25", "2024-01-01"))))
        await persistently(lambda: service.recalculates(most=3))

    others = [hired[10:], [training(f"T{n}", person=person(n)) for n in range(PEOPLE)]]
    await asyncio.gather(grow(), *(persistently(lambda own=own: service.receives(*own)) for own in others))
    await service.recalculates()
    granted = await service.fetch("select distinct years->0->>'granted' as granted from balance")
    assert [row["granted"] for row in granted] == ["5.000000"]
    await _agree(service)


async def test_a_recalculation_goes_on_where_it_was_interrupted(
    service: Entitlements, declared: Submissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    hired = [declared.employment(f"E{n}", person=person(n), startDate="2026-01-01") for n in range(10)]
    await service.receives(*hired)
    await service.receives(declared.enterprise(size("25")))
    settled = recalculate.recalculate_all
    calls = 0

    async def dies_in_the_third_chunk(rules: Rules, work: Work, *rest: Any) -> None:
        nonlocal calls
        calls += 1
        await settled(rules, work, *rest)
        if calls == 3:
            raise OSError("the machine went away")

    monkeypatch.setattr(recalculate, "recalculate_all", dies_in_the_third_chunk)
    with pytest.raises(recalculate.RecalculationFailedError):
        await background(service).recalculate_all()
    (job,) = await service.fetch("select done, finished_at from recalculation")
    assert (job["done"], job["finished_at"]) == (8, None)
    await background(service).recalculate_all()
    (job,) = await service.fetch("select done, total, finished_at is not null as finished from recalculation")
    assert tuple(job) == (10, 10, True)
    lines = await service.fetch("select employment from ledger_line where amount = 5")
    assert len(lines) == len({line["employment"] for line in lines}) == 10


async def test_a_recalculation_that_fails_is_noted_and_holds_up_no_other(
    service: Entitlements, declared: Submissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.receives(
        declared.employment(), declared.employment("E2", enterprise=OTHER_ENTERPRISE, person=person(1))
    )
    await service.receives(declared.enterprise(size("25")))
    await service.receives(declared.enterprise(size("25"), enterprise=OTHER_ENTERPRISE))
    settled = recalculate.recalculate_all

    async def stumbles(rules: Rules, work: Work, pairs: Any, cause: str) -> None:
        if any(enterprise == ENTERPRISE for enterprise, _ in pairs):
            raise ValueError("a size that nobody thought of")
        await settled(rules, work, pairs, cause)

    monkeypatch.setattr(recalculate, "recalculate_all", stumbles)
    await background(service).recalculate_all()
    jobs = await service.fetch(
        "select enterprise, failure, finished_at is not null as done from recalculation order by 1"
    )
    assert [tuple(job) for job in jobs] == [
        (ENTERPRISE, "ValueError: a size that nobody thought of", False), (OTHER_ENTERPRISE, None, True),
    ]  # fmt: skip


async def test_other_rules_recalculate_everything_once(service: Entitlements, declared: Submissions) -> None:
    """An operator who changes the base to the law's must not find balances of both kinds."""
    await service.receives(declared.enterprise(size("20")), declared.employment(startDate="2026-01-01"))
    brochure = Rules(RULES.rows, fingerprint="brochure")
    await background(service, brochure).recalculate_all()
    assert await service.fetch("select from recalculation") == []
    law = Rules(RULES.rows, ArrangementSet.LAW, fingerprint="law")
    await background(service, law).recalculate_all()
    await background(service, law).recalculate_all()
    assert len(await service.fetch("select from recalculation where finished_at is not null")) == 1
    assert (await service.years())[2026]["granted"] == "5.000000"


async def test_the_calendar_is_looked_at_by_one_at_a_time(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment())
    service.now = datetime(2027, 1, 1, 12, tzinfo=UTC)
    async with transaction(service.engine) as another:
        await driver(another).execute("select pg_advisory_xact_lock(7307)")
        await background(service).pass_time()
        assert 2027 not in await service.years()
    await asyncio.gather(background(service).pass_time(), background(service).pass_time())
    assert (await service.years())[2027]["granted"] == "5.000000"
    await _agree(service)


async def _agree(service: Entitlements) -> None:
    """Every stored figure is the sum of its lines."""
    wrong = await service.fetch(
        """
        with stored as (
          select employment, year.* from balance, json_to_recordset(years)
            as year(year int, granted numeric, "carriedOver" numeric, charged numeric, reserved numeric)
        ), booked as (
          select employment, year, sum(amount) filter (where figure = 'entitlement') as granted,
                 sum(amount) filter (where figure = 'carriedOver') as carried,
                 -sum(amount) filter (where figure = 'charged') as charged
          from ledger_line group by 1, 2
        )
        select * from stored s left join booked b using (employment, year)
        where (coalesce(s.granted, 0), coalesce(s."carriedOver", 0), coalesce(s.charged, 0)) is distinct from
              (coalesce(b.granted, 0), coalesce(b.carried, 0), coalesce(b.charged, 0))
        """
    )
    assert wrong == []
