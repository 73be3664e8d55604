"""People learn who registered them, once, and can say that it is not right."""

from datetime import UTC, date, datetime
from typing import Any

from services.gateway.handlers.follow_employments import follow_employments
from services.gateway.representation import employer_announcements
from shared.database.engine import driver, transaction
from shared.identifiers import derived_id
from shared.messaging.records import Work
from tests.integration.gateway.representation.test_claims import ANNA, ELS, NUMBER, OTHERS
from tests.support.claims import Claiming


async def told(
    gateway: Claiming, person: str, reference: str, enterprise: str = NUMBER, version: int = 1, cancelled: bool = False
) -> str:
    """What entitlements tells of an employment; its id."""
    employment = derived_id("employment", reference)
    state: dict[str, Any] = {
        "employment": employment, "version": version, "person": person, "enterprise": enterprise,
        "recordedAt": "2026-02-02T09:00:00+00:00",
        "startDate": "2026-01-05", "cancelled": cancelled,
    }  # fmt: skip
    async with transaction(gateway.engine) as connection:
        work = Work(driver(connection), datetime.now(UTC))
        await follow_employments(work, [{"type": "be.fla.employment.registered.v1", "data": state}])
    return employment


async def open_for(gateway: Claiming, person: str) -> list[employer_announcements.Announcement]:
    async with transaction(gateway.engine) as connection:
        return await employer_announcements.open_for(driver(connection), person)


async def test_the_first_employment_at_an_enterprise_is_told_once(gateway: Claiming) -> None:
    els = await gateway.person(ELS)
    first = await told(gateway, els, "E-1")
    for version in (1, 2):
        await told(gateway, els, "E-1", version=version)
    await told(gateway, els, "E-2")
    elsewhere = await told(gateway, els, "E-3", OTHERS[0])
    assert {one.employment for one in await open_for(gateway, els)} == {first, elsewhere}
    async with transaction(gateway.engine) as connection:
        assert await employer_announcements.close(driver(connection), first, els)
    await told(gateway, els, "E-1", version=2)
    assert [one.employment for one in await open_for(gateway, els)] == [elsewhere]


async def test_an_employment_submitted_here_is_told_when_it_is_decided(gateway: Claiming) -> None:
    els = await gateway.person(ELS)
    employment = derived_id("employment", "E-1")
    await gateway.execute(
        "insert into employment (id, version, person, enterprise, start_date) values ($1, 0, $2, $3, $4)",
        employment, els, NUMBER, date(2026, 1, 5),
    )  # fmt: skip
    assert await open_for(gateway, els) == []
    await told(gateway, els, "E-1")
    assert [one.employment for one in await open_for(gateway, els)] == [employment]


async def test_what_never_was_is_not_told_any_more_and_a_new_one_is(gateway: Claiming) -> None:
    els = await gateway.person(ELS)
    await told(gateway, els, "E-1")
    await told(gateway, els, "E-1", version=2, cancelled=True)
    assert await open_for(gateway, els) == []
    again = await told(gateway, els, "E-9")
    assert [one.employment for one in await open_for(gateway, els)] == [again]


async def test_a_contest_is_the_persons_own_and_lasts_until_it_is_resolved(gateway: Claiming) -> None:
    els, anna = await gateway.person(ELS), await gateway.person(ANNA)
    employment = await told(gateway, els, "E-1")
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        assert not await employer_announcements.contest(raw, employment, anna, "niet van mij")
        assert not await employer_announcements.close(raw, employment, anna)
        assert await employer_announcements.contest(raw, employment, els, "ik werk daar niet")
        assert not await employer_announcements.close(raw, employment, els)
        assert await employer_announcements.contested_at(raw, els, NUMBER) is not None
        [waiting] = await employer_announcements.contests(raw, 10)
        assert (waiting.text, waiting.person) == ("ik werk daar niet", els)
        assert await employer_announcements.resolve(raw, employment, anna, "nagekeken")
        assert not await employer_announcements.resolve(raw, employment, anna, "nogmaals")
        assert await employer_announcements.contested_at(raw, els, NUMBER) is None
    [resolved] = await open_for(gateway, els)
    assert resolved.resolution == "nagekeken"
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        assert await employer_announcements.close(raw, employment, els)
        assert await employer_announcements.contest(raw, employment, els, "toch niet")
        assert await employer_announcements.count(raw) == 1


async def test_an_employer_of_before_there_were_announcements_can_be_contested(gateway: Claiming) -> None:
    els = await gateway.person(ELS)
    employment = await told(gateway, els, "E-1")
    await gateway.execute("truncate employer_announcement")
    async with transaction(gateway.engine) as connection:
        assert await employer_announcements.contest(driver(connection), employment, els, "")
    [contested] = await open_for(gateway, els)
    assert contested.contested_at is not None
