"""What employees would lose: days charged twice, never given back, or forgotten because they came early."""

from datetime import UTC, datetime

import pytest

from tests.support.entitlements import (
    Entitlements,
    Submissions,
    balances,
    employment_id,
    person,
    size,
    terms,
    training,
)

LARGE = size("25")


async def test_a_training_is_charged_to_its_year(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    published = await service.receives(training())
    assert (await service.years())[2026]["charged"] == "1.000000"
    assert balances(published)[employment_id(), 2026]["available"] == "9.000000"


async def test_the_brochures_training_is_charged_in_2024(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment(startDate="2024-01-01"))
    await service.receives(training(startDate="2024-06-16", endDate="2024-06-19", minutes=912))
    years = await service.years()
    assert (years[2024]["granted"], years[2024]["charged"]) == ("5.000000", "2.000000")
    assert (years[2025]["carriedOver"], years[2026]["carriedOver"]) == ("3.000000", "8.000000")


async def test_a_training_that_comes_before_its_employment_is_charged_when_that_comes(
    service: Entitlements, declared: Submissions
) -> None:
    assert await service.receives(training()) == []
    published = await service.receives(declared.enterprise(LARGE), declared.employment())
    assert balances(published)[employment_id(), 2026]["charged"] == "1.000000"


async def test_the_same_event_again_changes_nothing(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    await service.receives(training())
    assert await service.receives(training()) == []
    assert await service.receives(training(), training("T2")) != []
    assert (await service.years())[2026]["charged"] == "2.000000"


async def test_an_older_version_after_a_newer_one_changes_nothing(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    await service.receives(training(version=3, minutes=912))
    assert await service.receives(training(version=2, minutes=60)) == []
    assert await service.receives(training(minutes=60)) == []
    assert (await service.years())[2026]["charged"] == "2.000000"


async def test_a_correction_and_a_cancellation_are_booked_as_differences(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    await service.receives(training())
    await service.receives(training(version=2, minutes=228))
    assert (await service.years())[2026]["charged"] == "0.500000"
    await service.receives(training(version=3, minutes=228, status="cancelled"))
    assert (await service.years())[2026]["charged"] == "0.000000"
    lines = await service.fetch("select kind, amount::text from ledger_line where training is not null order by id")
    assert [tuple(line) for line in lines] == [
        ("charge", "-1.000000"), ("giveBack", "0.500000"), ("giveBack", "0.500000"),
    ]  # fmt: skip


async def test_a_planned_training_reserves_and_once_followed_charges(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    await service.receives(training(status="planned", startDate="2026-05-04", endDate="2026-05-04"))
    year = (await service.years())[2026]
    assert (year["reserved"], year["charged"]) == ("1.000000", "0.000000")
    await service.receives(training(version=2, startDate="2026-05-04", endDate="2026-05-04"))
    year = (await service.years())[2026]
    assert (year["reserved"], year["charged"]) == ("0.000000", "1.000000")


async def test_a_plan_for_next_year_shows_that_year(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    assert 2027 not in await service.years()
    published = await service.receives(training(status="planned", startDate="2027-01-11", endDate="2027-01-11"))
    assert balances(published)[employment_id(), 2027]["available"] == "-1.000000"
    given_up = training(version=2, status="cancelled", startDate="2027-01-11", endDate="2027-01-11")
    published = await service.receives(given_up)
    assert balances(published)[employment_id(), 2027]["available"] == "0.000000"
    assert 2027 not in await service.years()
    service.now = datetime(2027, 1, 2, tzinfo=UTC)
    await service.looks_at_the_calendar()
    assert (await service.years())[2027]["granted"] == "5.000000"


async def test_a_late_training_takes_from_what_was_carried_over(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    assert (await service.years())[2026]["carriedOver"] == "5.000000"
    published = await service.receives(training(startDate="2025-11-03", endDate="2025-11-04", minutes=912))
    known = balances(published)
    assert known[employment_id(), 2025]["charged"] == "2.000000"
    assert known[employment_id(), 2026]["carriedOver"] == "3.000000"
    published = await service.receives(
        training(version=2, startDate="2025-11-03", endDate="2025-11-04", minutes=912, status="notFollowed")
    )
    assert balances(published)[employment_id(), 2026]["carriedOver"] == "5.000000"


async def test_parallel_employments_are_charged_once_for_a_day(service: Entitlements, declared: Submissions) -> None:
    await service.receives(
        declared.enterprise(LARGE),
        declared.employment(endDate="2026-02-02", endReason="endOfTerm"),
        declared.employment("E2", startDate="2026-02-01", terms=[terms("2026-02-01")]),
    )
    await service.receives(training(startDate="2026-02-02", endDate="2026-02-03", minutes=912))
    assert (await service.years("E1"))[2026]["charged"] == "1.000000"
    assert (await service.years("E2"))[2026]["charged"] == "1.000000"


async def test_someone_elses_training_is_not_charged_here(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    assert await service.receives(training(person=person(1)), training("T2", enterprise="0200000167")) == []
    assert (await service.years())[2026]["charged"] == "0.000000"


async def test_the_same_training_twice_is_charged_once_and_given_back_with_the_last(
    service: Entitlements, declared: Submissions
) -> None:
    """As registration tells it: a double from its first version on, which counts when the first one is cancelled."""
    other = training()["data"]["training"]
    await service.receives(declared.enterprise(LARGE), declared.employment())
    await service.receives(training(), training("T2", sameAs=other))
    assert (await service.years())[2026]["charged"] == "1.000000"
    await service.receives(training(version=2, status="cancelled"), training("T2", version=2))
    assert (await service.years())[2026]["charged"] == "1.000000"
    await service.receives(training("T2", version=3, status="cancelled"))
    assert (await service.years())[2026]["charged"] == "0.000000"


async def test_a_training_that_turns_out_to_be_a_double_is_given_back(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(LARGE), declared.employment())
    await service.receives(training(), training("T2", minutes=912))
    await service.receives(training("T2", version=2, sameAs=training()["data"]["training"]))
    assert (await service.years())[2026]["charged"] == "1.000000"
    # Settled anew from all that is stored, it stays so.
    await service.receives(declared.employment(change=True, terms=[terms("2025-01-01", "0.5")]))
    assert (await service.years())[2026]["charged"] == "1.000000"


@pytest.mark.parametrize("again", ["cancelled", "moved"])
async def test_a_year_that_a_plan_left_again_is_told_as_gone(
    service: Entitlements, declared: Submissions, again: str
) -> None:
    """Lost: a year of an enterprise without a size, that its people see as incomplete for ever."""
    await service.receives(declared.enterprise(), declared.employment())
    planned = await service.receives(training(status="planned", startDate="2028-05-04", endDate="2028-05-04"))
    assert [balance["incomplete"] for (_, year), balance in balances(planned).items() if year == 2028] == [True]
    changed = (
        training(version=2, status="cancelled", startDate="2028-05-04", endDate="2028-05-04")
        if again == "cancelled"
        else training(version=2, status="planned", startDate="2027-05-04", endDate="2027-05-04")
    )
    published = await service.receives(changed)
    left = {year: balance for (_, year), balance in balances(published).items()}[2028]
    assert (left.get("gone"), left["incomplete"], left["reserved"]) == (True, False, "0.000000")
    assert 2028 not in await service.years()
