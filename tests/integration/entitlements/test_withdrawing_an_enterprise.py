"""What a true representative would meet: a stranger's name, committees and sizes, which count or refuse theirs."""

from typing import Any

import pytest

from tests.support.entitlements import (
    ENTERPRISE,
    Entitlements,
    Submissions,
    balances,
    employment_id,
    outcomes,
    person,
    size,
)

STATE = "be.fla.enterprise.registered.v1"


def states(published: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one["data"] for one in published if one["type"] == STATE]


async def test_nothing_that_was_declared_holds_and_it_stays_as_history(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(size("15", "2024-01-01", "2024-12-31"), size("25", "2025-01-01")))
    published = await service.receives(declared.withdrawal())
    assert outcomes(published) == [("accepted", [])]
    (state,) = states(published)
    assert (state["version"], state["name"], state["jointCommittees"], state["sizes"]) == (2, "", [], [])
    rows = await service.fetch("select workers, replaced_at from enterprise_size order by id")
    assert [int(row["workers"]) for row in rows] == [15, 25]
    assert all(row["replaced_at"] == service.now for row in rows)


async def test_again_or_of_what_is_not_known_it_changes_nothing(service: Entitlements, declared: Submissions) -> None:
    assert outcomes(await service.receives(declared.withdrawal())) == [("unchanged", ["unchanged"])]
    await service.receives(declared.enterprise(size("15")))
    once = declared.withdrawal()
    await service.receives(once)
    assert await service.receives(once) == []
    again = await service.receives(declared.withdrawal())
    assert outcomes(again) == [("unchanged", ["unchanged"])]
    assert states(again) == []


@pytest.mark.parametrize("together", [False, True])
async def test_who_registers_it_anew_begins_with_their_own_facts_only(
    service: Entitlements, declared: Submissions, together: bool
) -> None:
    false_one = declared.enterprise(size("15", "2024-01-01", "2024-12-31"), size("99"), name="Vals")
    # These would contradict the stranger's.
    true_one = declared.enterprise(size("30", "2024-03-01", "2025-12-31"), name="Echt", jointCommittees=["200"])
    if together:
        published = await service.receives(false_one, declared.withdrawal(), true_one)
        assert outcomes(published) == [("accepted", [])] * 3
    else:
        await service.receives(false_one)
        await service.receives(declared.withdrawal())
        published = await service.receives(true_one)
        assert outcomes(published) == [("accepted", [])]
    (state,) = states(published)
    assert (state["version"], state["name"], state["jointCommittees"]) == (3, "Echt", ["200"])
    assert state["sizes"] == [size("30", "2024-03-01", "2025-12-31")]
    holding = await service.fetch("select workers from enterprise_size where replaced_at is null")
    assert [int(row["workers"]) for row in holding] == [30]


async def test_who_is_still_employed_there_is_calculated_again_without_its_sizes(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(
        declared.enterprise(size("25")),
        *(declared.employment(f"E{n}", person=person(n), startDate="2026-01-01") for n in range(3)),
    )
    await service.receives(declared.withdrawal())
    published = balances(await service.recalculates())
    assert {(key, year["granted"], year["incomplete"]) for key, year in published.items()} == {
        ((employment_id(f"E{n}"), 2026), "0.000000", True) for n in range(3)
    }


async def test_it_goes_before_the_employments_that_came_with_it(service: Entitlements, declared: Submissions) -> None:
    """As every declaration of an enterprise: whoever is calculated in the same batch is calculated without it."""
    await service.receives(declared.enterprise(size("25")))
    published = await service.receives(declared.employment(startDate="2026-01-01"), declared.withdrawal())
    assert outcomes(published) == [("accepted", [])] * 2
    assert balances(published)[employment_id(), 2026]["incomplete"]
    assert await service.fetch("select from enterprise where number = $1 and name = ''", ENTERPRISE)
