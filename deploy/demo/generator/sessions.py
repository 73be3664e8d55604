"""When the trainings were given and who took part."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from deploy.demo.generator.cast import BAKERY, BRASSERIE, LOGISTICS, ROOFERS
from deploy.demo.generator.catalogue import BROCHURE_COURSE, COURSES, Course
from deploy.demo.generator.staff import DemoEmployment

_FIRST_YEAR: Final = 2024
_LAST_DAY: Final = date(2027, 4, 30)
_SESSIONS_A_YEAR: Final = {BAKERY.key: 3, BRASSERIE.key: 7, LOGISTICS.key: 14, ROOFERS.key: 9}
_LARGEST_GROUP: Final = {BAKERY.key: 3, BRASSERIE.key: 5, LOGISTICS.key: 8, ROOFERS.key: 7}
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Participation:
    """One person in one session. `missed`: registered, but did not come."""

    reference: str
    employment: DemoEmployment
    course: Course
    start: date
    end: date
    missed: bool = False


def participations(employments: list[DemoEmployment]) -> list[Participation]:
    """List all trainings of all people, by enterprise and date. No two of one person overlap."""
    busy: dict[str, list[tuple[date, date]]] = {}
    example = _brochure_example(employments)
    _is_free(busy, example.employment, example.start, example.end)
    return [*(line for key in COURSES for line in _of_enterprise(key, employments, busy)), example]


def _of_enterprise(
    key: str, employments: list[DemoEmployment], busy: dict[str, list[tuple[date, date]]]
) -> Iterator[Participation]:
    draw = random.Random(f"sessions of {key}")  # noqa: S311 - the same data every time is the point
    staff = [employment for employment in employments if employment.enterprise.key == key]
    prefix = staff[0].reference.split("-")[0]
    for year in range(_FIRST_YEAR, _LAST_DAY.year + 1):
        for number in range(1, _SESSIONS_A_YEAR[key] + 1):
            course = draw.choice(COURSES[key])
            start = _working_day(date(year, 1, 8) + timedelta(days=draw.randrange(340)))
            end = start if course.days == 1 else _working_day(start + timedelta(days=course.days - 1))
            group = draw.sample(staff, k=draw.randint(1, min(_LARGEST_GROUP[key], len(staff))))
            if end > _LAST_DAY:
                continue
            able = [line for line in group if line.covers(start, end) and _is_free(busy, line, start, end)]
            # Evening school: one participant per session.
            for rank, employment in enumerate(able if course.context == "professional" else able[:1], 1):
                missed = end.year < _LAST_DAY.year - 1 and draw.randrange(40) == 0
                yield Participation(f"{prefix}-{year}-{number:02d}-{rank}", employment, course, start, end, missed)


def _is_free(busy: dict[str, list[tuple[date, date]]], line: DemoEmployment, start: date, end: date) -> bool:
    """Tell whether the person has no other training in these days, and mark the days as taken."""
    taken = busy.setdefault(line.person.ssin, [])
    if any(first <= end and start <= last for first, last in taken):
        return False
    taken.append((start, end))
    return True


def _working_day(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day


def _brochure_example(employments: list[DemoEmployment]) -> Participation:
    jan = next(line for line in employments if line.person.key == "jan" and line.enterprise.key == LOGISTICS.key)
    return Participation("NZ-2024-brochure", jan, BROCHURE_COURSE, date(2024, 6, 16), date(2024, 6, 19))
