"""If these failed, a training would be counted to two employments of a person, or to none."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.queries.ownership import Days, Employed, counted_days

YEAR = 2026
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def careers(draw: st.DrawFn) -> list[Employed]:
    employments = []
    for number in range(draw(st.integers(1, 4))):
        start = draw(DAYS)
        end = draw(st.none() | st.dates(start, start + timedelta(700)))
        employments.append(Employed(f"employment {number}", start, end))
    return employments


def owner(day: date, employments: list[Employed]) -> str | None:
    """The rule as a person would say it: who covers the day, earliest first; else who came before; else the first."""
    in_year = sorted(
        (e for e in employments if e.start <= date(YEAR, 12, 31) and (e.end is None or e.end >= date(YEAR, 1, 1))),
        key=lambda e: (e.start, e.id),
    )
    covering = [e for e in in_year if e.start <= day and (e.end is None or e.end >= day)]
    before = [e for e in in_year if e.start <= day]
    chosen = covering[:1] or before[-1:] or in_year[:1]
    return chosen[0].id if chosen else None


@given(careers())
def test_every_day_of_the_year_belongs_to_exactly_the_employment_that_the_rule_names(career: list[Employed]) -> None:
    days = {e.id: counted_days(e.id, career, [YEAR]) for e in career}
    edges = {edge + timedelta(by) for e in career for edge in (e.start, e.end or e.start) for by in (-1, 0, 1)}

    for day in {date(YEAR, 1, 1), date(YEAR, 7, 1), date(YEAR, 12, 31)} | {d for d in edges if d.year == YEAR}:
        owners = [id_ for id_, stretches in days.items() if any(s.first <= day <= s.last for s in stretches)]
        assert owners == ([owner(day, career)] if owner(day, career) else [])


def test_two_contracts_in_a_row_each_count_their_own_days() -> None:
    first = Employed("a", date(2024, 5, 1), date(2026, 6, 30))
    second = Employed("b", date(2026, 9, 1), None)

    assert counted_days("a", [first, second], [2026]) == [Days(date(2026, 1, 1), date(2026, 8, 31))]
    assert counted_days("b", [first, second], [2026]) == [Days(date(2026, 9, 1), date(2026, 12, 31))]


def test_an_employment_that_ended_the_year_before_counts_nothing_of_the_year() -> None:
    ended = Employed("a", date(2024, 5, 1), date(2025, 12, 31))

    assert counted_days("a", [ended], [2025, 2026]) == [Days(date(2025, 1, 1), date(2025, 12, 31))]
