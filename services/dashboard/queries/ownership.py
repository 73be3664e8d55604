"""To which employment a training is counted when a person has several at one enterprise.

Within a year a person's employments share the time line: each day belongs to the one that covers it, the earliest
started first (as the ledger charges it), a day none covers to the one before it, and the days before all of them to the
first. So each training of someone employed in the year is counted once, and the lines add up to the total.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

_SPANS = """
span as materialized (
  select id, person, lower, lead(lower, 1, 'infinity') over (partition by person order by start_date, id) as upper
  from (
    select id, person, start_date,
      case when row_number() over w = 1 then '-infinity'::date
      else greatest(start_date,
        max(coalesce(end_date, 'infinity')) over (w rows between unbounded preceding and 1 preceding) + 1) end as lower
    from employment
    where enterprise = :number and not cancelled and start_date <= :last and (end_date is null or end_date >= :first)
      and {condition}
    window w as (partition by person order by start_date, id)
  ) as bounded
)"""


def spans(condition: str = "true") -> str:
    """Write the rule in SQL: `span (id, person, lower, upper)` for the enterprise's employments in the year.

    `condition` may leave out persons, but only with all their employments.
    """
    return _SPANS.format(condition=condition)


class Employed(NamedTuple):
    """The id (as text) and period of an employment; `end` None: still running."""

    id: str
    start: date
    end: date | None


class Days(NamedTuple):
    """The days from `first` up to and including `last`."""

    first: date
    last: date


def counted_days(employment: str, of_person: Sequence[Employed], years: Sequence[int]) -> list[Days]:
    """Find the days of these years whose trainings are counted to this one of a person's employments."""
    return [days for year in years if (days := _days_in(year, employment, of_person))]


def _days_in(year: int, employment: str, of_person: Sequence[Employed]) -> Days | None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    lines = sorted(
        (one for one in of_person if one.start <= last and (one.end is None or one.end >= first)),
        key=lambda one: (one.start, one.id),
    )
    lowers: list[date] = []
    covered = date.min
    for line in lines:
        after_the_others = covered + timedelta(1) if covered < date.max else date.max
        lowers.append(max(line.start, after_the_others) if lowers else first)
        covered = max(covered, line.end or date.max)
    for line, lower, upper in zip(lines, lowers, [*lowers[1:], date.max], strict=False):
        if line.id == employment:
            counted = Days(max(first, lower), min(last, upper - timedelta(1)))
            return counted if counted.first <= counted.last else None
    return None
