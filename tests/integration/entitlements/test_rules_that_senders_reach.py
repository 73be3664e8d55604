"""What a sender may say beside the usual, and what it makes of a right: every value here is worked out by hand.

Lost otherwise: a rule that is calculated right inside and that no declaration reaches, or reaches wrongly.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.support.entitlements import (
    Entitlements,
    Submissions,
    outcomes,
    person,
    size,
    terms,
    training,
)

REFUSED = "refused"


async def granted(service: Entitlements, year: int = 2026, reference: str = "E1") -> Decimal:
    return Decimal((await service.years(reference))[year]["granted"])


async def test_a_training_of_eight_hours_is_a_day_where_full_time_is_forty(
    service: Entitlements, declared: Submissions
) -> None:
    """A day is a fifth of the full-timer's week: 8 hours at 40; at 38 the same training takes 8 / 7.6 = 1.052632."""
    own = terms("2026-01-01") | {"fullTimeWeek": "40"}
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-01-01", terms=[own]))
    await service.receives(declared.employment("E2", person=person(2), startDate="2026-01-01"))
    await service.receives(training(minutes=480), training("T2", minutes=480, person=person(2)))
    years = await service.years(), await service.years("E2")
    assert [Decimal(one[2026]["charged"]) for one in years] == [Decimal(1), Decimal("1.052632")]


async def test_hours_a_week_are_the_exact_part_of_the_full_timers(service: Entitlements, declared: Submissions) -> None:
    """A third has no decimals to say it with: 12.67 of 38.01 hours are 5/3 days of 5, which 0.33333333 is not.

    19 of the usual 38 hours over 11 months: 5 x 1/2 x 11/12.
    """
    third = terms("2026-01-01", "0.33333333") | {"weeklyHours": "12.67", "fullTimeWeek": "38.01"}
    half = terms("2026-02-01", "0.5") | {"weeklyHours": "19"}
    await service.receives(declared.enterprise(size("25")))
    await service.receives(declared.employment(startDate="2026-01-01", terms=[third]))
    await service.receives(declared.employment("E2", person=person(2), startDate="2026-02-01", terms=[half]))
    assert await granted(service) == Decimal("1.666667")
    assert await granted(service, reference="E2") == Decimal("2.291667")


async def test_hours_beyond_the_full_timers_week_are_refused(service: Entitlements, declared: Submissions) -> None:
    own = terms("2026-01-01", "1") | {"weeklyHours": "40"}
    published = await service.receives(declared.employment(startDate="2026-01-01", terms=[own]))
    assert outcomes(published) == [(REFUSED, ["outOfRange"])]


async def test_a_working_time_of_nothing_grants_nothing(service: Entitlements, declared: Submissions) -> None:
    """January to March at 0, April to December at full time: 5 x 9/12."""
    two = [terms("2026-01-01", "0"), terms("2026-04-01", "1")]
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-01-01", terms=two))
    assert await granted(service) == Decimal("3.75")


@pytest.mark.parametrize(
    ("reason", "agreed", "lost"),
    [("mutualAgreement", "openCredit", "0"), ("mutualAgreement", "lost", "1.25"), ("mutualAgreement", None, "1.25"),
     ("endOfTerm", "openCredit", "0"), ("resignation", "openCredit", "1.25"), ("indemnity", "lost", "0")],
)  # fmt: skip
async def test_what_was_agreed_at_the_end_counts_where_the_reason_leaves_it_open(
    service: Entitlements, declared: Submissions, reason: str, agreed: str | None, lost: str
) -> None:
    """In service in January and February and on 1 March only: 5 x 3/12 = 1.25 left, lost on 2 March or kept."""
    ending: dict[str, Any] = {"startDate": "2026-01-01", "endDate": "2026-03-01", "endReason": reason}
    ending |= {} if agreed is None else {"restAgreed": agreed}
    await service.receives(declared.enterprise(size("25")), declared.employment(**ending))
    assert Decimal((await service.years())[2026]["lost"]) == Decimal(lost)


async def test_another_agreement_is_another_declaration(service: Entitlements, declared: Submissions) -> None:
    ending = {"startDate": "2026-01-01", "endDate": "2026-03-01", "endReason": "mutualAgreement"}
    await service.receives(declared.employment(**ending, restAgreed="openCredit"))
    again = declared.employment(**ending, restAgreed="openCredit")
    other = declared.employment(**ending, restAgreed="lost")
    assert outcomes(await service.receives(again)) == [("unchanged", ["unchanged"])]
    assert outcomes(await service.receives(other)) == [(REFUSED, ["referenceAlreadyUsed"])]
    changed = declared.employment(change=True, **ending, restAgreed="lost")
    assert outcomes(await service.receives(changed)) == [("accepted", [])]


async def test_an_opt_out_from_the_start_waits_for_the_employer(service: Entitlements, declared: Submissions) -> None:
    """It holds on 1 January 2026, when the right would be granted: nothing, until the employer registers 7 days."""
    own = declared.employment(startDate="2025-01-01", optOuts=[{"validFrom": "2025-06-01"}])
    await service.receives(declared.enterprise(size("25")), own)
    assert [await granted(service, year) for year in (2025, 2026)] == [5, 0]
    await service.receives(declared.entitlement(basis="resultingDays", days="7", year=2026))
    assert [await granted(service, year) for year in (2025, 2026)] == [5, 7]


async def test_an_opt_out_is_kept_by_who_does_not_speak_of_it_and_ended_by_none(
    service: Entitlements, declared: Submissions
) -> None:
    """Lost: an opt-out that payroll software wipes out by changing a working time."""
    opt_out = [{"validFrom": "2025-06-01"}]
    half = [terms("2025-01-01"), terms("2025-07-01", "0.5")]
    await service.receives(declared.enterprise(size("25")), declared.employment(optOuts=opt_out))
    await service.receives(declared.employment(change=True, terms=half))
    states = await service.receives(declared.employment(change=True, terms=half, endDate="2026-12-31"))
    assert next(one["data"]["optOuts"] for one in states if "employment.changed" in one["type"]) == opt_out
    # What 2025 had been granted stayed: 5, though half of it would be 3.75.
    assert [await granted(service, year) for year in (2025, 2026)] == [5, 0]
    await service.receives(declared.employment(change=True, terms=half, endDate="2026-12-31", optOuts=[]))
    assert [await granted(service, year) for year in (2025, 2026)] == [Decimal("3.75"), Decimal("2.5")]


async def test_the_day_after_an_opt_out_the_kept_years_are_calculated_anew(
    service: Entitlements, declared: Submissions
) -> None:
    """It ends on 15 March 2026; what it kept of 2025 is calculated on the 16th by the calendar alone."""
    opt_out = [{"validFrom": "2025-06-01", "validUntil": "2026-03-15"}]
    half = [terms("2025-01-01"), terms("2025-07-01", "0.5")]
    await service.receives(declared.enterprise(size("25")), declared.employment(optOuts=opt_out))
    await service.receives(declared.employment(change=True, terms=half))
    assert await granted(service, 2025) == 5
    for day, expected in ((15, "5"), (16, "3.75")):
        service.now = datetime(2026, 3, day, 10, tzinfo=UTC)
        await service.looks_at_the_calendar()
        assert await granted(service, 2025) == Decimal(expected)


async def test_an_enterprises_opt_out_holds_for_all_it_employs(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2025-01-01"))
    assert await granted(service) == 5
    await service.receives(declared.enterprise(size("25"), optOuts=[{"validFrom": "2026-01-01"}]))
    await service.recalculates()
    await service.receives(declared.employment("E2", person=person(2), startDate="2026-02-01"))
    assert [await granted(service), await granted(service, reference="E2")] == [5, 0]
    # Who changes the name does not end it.
    await service.receives(declared.enterprise(size("25"), name="Anders"))
    assert await granted(service, reference="E2") == 0
    await service.receives(declared.enterprise(size("25"), name="Anders", optOuts=[]))
    await service.recalculates()
    assert await granted(service, reference="E2") == Decimal("4.583333")


async def test_opt_outs_that_overlap_are_refused(service: Entitlements, declared: Submissions) -> None:
    two = [{"validFrom": "2025-01-01"}, {"validFrom": "2026-01-01"}]
    published = await service.receives(declared.enterprise(optOuts=two), declared.employment(optOuts=two))
    assert outcomes(published) == [(REFUSED, ["optOutsOverlap"])] * 2


def quarter(year: int, number: int, fte: str, **more: Any) -> dict[str, Any]:
    return {"year": year, "quarter": number, "fullTimeEquivalents": fte, "heads": 30} | more


async def test_the_average_of_declared_quarters_is_the_size(service: Entitlements, declared: Submissions) -> None:
    """Windows 2026-2027 look at Q4 2024 and Q1 to Q3 2025: (19 + 20 + 20 + 20.99) / 4 = 19.9975, below 20: 1 day.

    With agency workers, 0.02 in one quarter, it is 20.0025: above 20, 5 days.
    """
    four = [quarter(2024, 4, "19"), quarter(2025, 1, "20"), quarter(2025, 2, "20"), quarter(2025, 3, "20.99")]
    await service.receives(declared.enterprise(quarters=four), declared.employment(startDate="2026-01-01"))
    assert await granted(service) == 1
    agency = quarter(2025, 3, "20.99", agencyFullTimeEquivalents="0.02", agencyHeads=1)
    await service.receives(declared.enterprise(quarters=[agency]))
    await service.recalculates()
    assert await granted(service) == 5
    rows = await service.fetch("select fte, replaced_at is null as holds from enterprise_quarter order by id")
    assert len(rows) == 5
    assert sum(row["holds"] for row in rows) == 4
    again = await service.receives(declared.enterprise(quarters=[agency]))
    assert outcomes(again) == [("unchanged", ["unchanged"])]


async def test_a_declared_quarter_goes_before_a_stated_size(service: Entitlements, declared: Submissions) -> None:
    """One declared quarter is an average of one."""
    await service.receives(declared.enterprise(size("25"), quarters=[quarter(2025, 2, "12")]))
    await service.receives(declared.employment(startDate="2026-01-01"))
    assert await granted(service) == 1


async def test_a_figure_for_everybody_is_for_who_comes_later_too(service: Entitlements, declared: Submissions) -> None:
    """7 full-time days; half-time from 1 February 7 x 1/2 x 11/12; from July 2025 on half of 5 and half of 7 are 6."""
    await service.receives(
        declared.enterprise(size("25"), jointCommittees=["999"]), declared.employment(startDate="2025-01-01")
    )
    published = await service.receives(declared.for_all(validFrom="2025-07-01", validUntil="2026-12-31"))
    assert outcomes(published) == [("accepted", [])]
    await service.recalculates()
    late = [terms("2026-02-01", "0.5")]
    await service.receives(declared.employment("E2", person=person(2), startDate="2026-02-01", terms=late))
    assert [await granted(service, year) for year in (2025, 2026)] == [6, 7]
    assert await granted(service, reference="E2") == Decimal("3.208333")
    assert outcomes(await service.receives(declared.for_all_cancellation())) == [("accepted", [])]
    await service.recalculates()
    assert [await granted(service, year) for year in (2025, 2026)] == [5, 5]
    assert outcomes(await service.receives(declared.for_all_cancellation())) == [("unchanged", ["unchanged"])]
    assert outcomes(await service.receives(declared.for_all(days="8"))) == [(REFUSED, ["entitlementCancelled"])]


async def test_ones_own_figure_goes_before_one_for_everybody(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-01-01"))
    await service.receives(declared.entitlement(days="6", basis="fullTimeDays"), declared.for_all(days="9"))
    await service.recalculates()
    assert await granted(service) == 6


async def test_the_same_figure_for_everybody_again_and_another_under_its_reference(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(size("25")))
    await service.receives(declared.for_all())
    assert outcomes(await service.receives(declared.for_all(days="7.0"))) == [("unchanged", ["unchanged"])]
    assert outcomes(await service.receives(declared.for_all(days="8"))) == [(REFUSED, ["referenceAlreadyUsed"])]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"days": "4"}, (REFUSED, ["lowerThanArrangement"])),
        ({"days": "4", "collectiveAgreement": "181682/CO/200"}, ("accepted", [])),
        ({"days": "5"}, ("accepted", [])),
        ({"basis": "resultingDays", "validFrom": "2026-02-01"}, (REFUSED, ["notWholeYear"])),
        ({"enterprise": "0200000167"}, (REFUSED, ["enterpriseNotFound"])),
    ],
)
async def test_a_figure_for_everybody_is_judged(
    service: Entitlements, declared: Submissions, changes: dict[str, str], outcome: tuple[str, list[str]]
) -> None:
    await service.receives(declared.enterprise(size("25"), jointCommittees=["999"]))
    assert outcomes(await service.receives(declared.for_all(**changes))) == [outcome]


async def test_a_figure_for_several_years_holds_in_each(service: Entitlements, declared: Submissions) -> None:
    """7 resulting days in 2025 and 2026; in 2024 the base's 5."""
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2024-01-01"))
    published = await service.receives(declared.entitlement(year=2025, untilYear=2026))
    assert outcomes(published) == [("accepted", [])]
    assert [await granted(service, year) for year in (2024, 2025, 2026)] == [5, 7, 7]


async def test_an_enterprise_that_is_withdrawn_keeps_nothing_that_held_for_all(
    service: Entitlements, declared: Submissions
) -> None:
    """Who registers it next begins with their own facts: no quarters, no figures, no opt-out of somebody else."""
    await service.receives(
        declared.enterprise(quarters=[quarter(2025, 2, "25")], optOuts=[{"validFrom": "2026-02-01"}]),
        declared.for_all(),
        declared.employment(startDate="2026-01-01"),
    )
    assert await granted(service) == 7
    await service.receives(declared.withdrawal())
    await service.recalculates()
    await service.receives(declared.enterprise(size("15")))
    await service.recalculates()
    assert await granted(service) == 1
    figures = await service.fetch("select cancelled from enterprise_override where replaced_at is null")
    assert [row["cancelled"] for row in figures] == [True]
