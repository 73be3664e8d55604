"""Days in the middle of a year, where rules begin and end: each value worked out by hand.

Everybody here works full time in an enterprise of 25 workers without an arrangement of a sector: 5 days a year, a
twelfth of that for each month that was begun.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from shared.contracts.entitlements import YearBalance
from tests.support.entitlements import Entitlements, Submissions, size, terms, training

HIRED = "2024-05-01"
# 8 of 12 months of 2024: 3.333333; 2025 to 2028: 5 each.
BROUGHT_TO_2029 = Decimal("23.333333")
ONE_DAY = training(startDate="2029-02-12", endDate="2029-02-12", minutes=456)


def on(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


async def comes(service: Entitlements, day: str) -> None:
    """The service at work on this day: what the calendar changed is booked."""
    service.now = on(day)
    await service.looks_at_the_calendar()


async def figures(service: Entitlements, year: int, reference: str = "E1") -> dict[str, Decimal]:
    known: YearBalance = (await service.years(reference))[year]
    return {
        name: Decimal(str(known[name]))
        for name in ("granted", "carriedOver", "charged", "lost", "balance")  # type: ignore[literal-required]
    }


@pytest.mark.parametrize("told_on", ["2029-02-13", "2030-03-02"])
async def test_a_training_before_the_five_years_end_inside_a_year(
    service: Entitlements, declared: Submissions, told_on: str
) -> None:
    """The five years of who was hired on 1 May 2024 end on 30 April 2029.

    The day of 12 February 2029 used the oldest right, so 23.333333 - 1 = 22.333333 expire on 1 May, and the 5 days of
    2029 stay whole. Told the next day (expiry comes later, by the calendar) or a year after (by the short way of
    charging, which must bring the expiry up to date).
    """
    service.now = on("2024-05-02")
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate=HIRED))
    await comes(service, told_on)
    await service.receives(ONE_DAY)
    await comes(service, "2030-03-02")
    assert await figures(service, 2029) == {
        "granted": 5, "carriedOver": BROUGHT_TO_2029, "charged": 1, "lost": BROUGHT_TO_2029 - 1, "balance": 5,
    }  # fmt: skip
    assert await figures(service, 2030) == {
        "granted": 5, "carriedOver": 5, "charged": 0, "lost": 0, "balance": 10,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "lost", "balance"),
    [
        ("2029-04-30", BROUGHT_TO_2029 - 1, Decimal(5)),  # the last day of the five years: the oldest right is used
        ("2029-05-01", BROUGHT_TO_2029, Decimal(4)),  # the day after: the rest has gone, the right of 2029 is used
    ],
)
async def test_the_last_day_of_five_years_and_the_day_after(
    service: Entitlements, declared: Submissions, day: str, lost: Decimal, balance: Decimal
) -> None:
    service.now = on("2024-05-02")
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate=HIRED))
    await comes(service, "2029-06-01")
    await service.receives(training(startDate=day, endDate=day, minutes=456))
    known = await figures(service, 2029)
    assert (known["lost"], known["balance"]) == (lost, balance)


@pytest.mark.parametrize(
    ("reason", "lost"),
    [
        ("indemnity", Decimal(0)),  # open credit
        ("resignation", BROUGHT_TO_2029 + Decimal("1.25")),  # lost on the day after, whole
    ],
)
async def test_who_leaves_in_the_year_of_expiry_before_its_day(
    service: Entitlements, declared: Submissions, reason: str, lost: Decimal
) -> None:
    """Gone on 31 March 2029, a month before the five years end: nothing expires. The right of 2029 is 3/12 of 5."""
    service.now = on("2024-05-02")
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate=HIRED))
    await comes(service, "2029-03-31")
    leaving = declared.employment(change=True, startDate=HIRED, endDate="2029-03-31", endReason=reason)
    await service.receives(leaving)
    await comes(service, "2030-03-02")
    known = await figures(service, 2029)
    assert (known["granted"], known["carriedOver"], known["lost"]) == (Decimal("1.25"), BROUGHT_TO_2029, lost)
    assert known["balance"] == BROUGHT_TO_2029 + Decimal("1.25") - lost


@pytest.mark.parametrize(
    ("begins", "months"),
    [
        ("2026-06-16", 6),  # the day after: June counts once, for the first
        ("2026-06-15", 7),  # on its last day: both are there on that day, and each counts June
    ],
)
async def test_a_successor_on_the_others_last_day(
    service: Entitlements, declared: Submissions, begins: str, months: int
) -> None:
    service.now = on("2026-06-20")
    await service.receives(
        declared.enterprise(size("25")),
        declared.employment(startDate="2026-01-01", endDate="2026-06-15", endReason="mutualAgreement"),
        declared.employment("E2", startDate=begins, terms=[terms(begins)]),
    )
    assert (await figures(service, 2026))["granted"] == Decimal("2.5")
    assert (await figures(service, 2026, "E2"))["granted"] == (Decimal(5) * months / 12).quantize(Decimal("0.000001"))


@pytest.mark.parametrize(
    ("until", "granted"),
    [
        ("2026-05-31", "7.916667"),  # 5/12 of 12 days and 7/12 of 5
        ("2026-06-01", "8.5"),  # June begins under it: 6/12 of 12 days and 6/12 of 5
        ("2026-12-31", "12"),
    ],
)
async def test_the_last_day_of_an_own_figure(
    service: Entitlements, declared: Submissions, until: str, granted: str
) -> None:
    service.now = on("2026-01-02")
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-01-01"))
    figure = {"basis": "fullTimeDays", "days": "12", "validFrom": "2026-01-01", "validUntil": until}
    await service.receives(declared.entitlement(**figure))
    assert (await figures(service, 2026))["granted"] == Decimal(granted)


@pytest.mark.parametrize(
    ("heads", "granted"),
    [
        ((0, 24, 5), 5),  # the first quarter had nobody: the second one decides
        ((24, 0, 5), 5),
        ((0, 0, 15), 1),
        ((0, 5, 24), 0),
    ],
)
async def test_the_first_quarter_with_workers_decides_where_nothing_was_declared_before(
    service: Entitlements, declared: Submissions, heads: tuple[int, ...], granted: int
) -> None:
    """The reference period of 2026 ends on 30 September 2025; the enterprise began in 2026."""
    service.now = on("2026-12-02")
    quarters = [
        {"year": 2026, "quarter": number, "fullTimeEquivalents": "0", "heads": workers}
        for number, workers in enumerate(heads, 1)
    ]
    await service.receives(declared.enterprise(quarters=quarters), declared.employment(startDate="2026-01-01"))
    assert (await figures(service, 2026))["granted"] == granted
