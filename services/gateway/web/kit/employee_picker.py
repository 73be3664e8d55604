"""Picking employees in a form: searching, ticking, and whom the ticks stand for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from services.gateway.access import former_employees
from services.gateway.access.former_employees import Window
from services.gateway.vault.name import Name
from services.gateway.vault.visible_names import FOUND_BY, SHOWN_OF_ALL
from services.gateway.web.kit.formatting import Formatter
from shared.i18n import Language, translate
from shared.text import folded_words

MOST_OPTIONS = 300
Period = tuple[date, date]
"""First and last day."""
# `$1`: the enterprise, by whose names its people are found, shown and ordered: never by official ones it may not see.
SEARCH = f"""
with name as ({SHOWN_OF_ALL})
select e.id::text, e.person::text, e.start_date, e.end_date, n.given_name, n.family_name,
       count(*) over () as total
from employment e left join name n on n.person = e.person
where e.enterprise = $1 and not e.cancelled and {former_employees.open_only(since="$5", reopened="$6")}
  and {FOUND_BY.format(words="$2")}
  and ($7::date is null or e.id::text = any($4::text[])
       or (e.start_date <= $8::date and (e.end_date is null or e.end_date >= $7::date)))
order by e.id::text = any($4::text[]) desc, (e.end_date is not null and e.end_date < current_date),
         n.family_first, e.start_date, e.id
limit $3
"""  # noqa: S608 - names and conditions of this code
BY_ID = f"""
with name as ({SHOWN_OF_ALL})
select e.id::text, e.person::text, e.start_date, e.end_date, n.given_name, n.family_name
from employment e left join name n on n.person = e.person
where e.enterprise = $1 and e.id = any($2::uuid[]) and not e.cancelled
  and {former_employees.open_only(since="$3", reopened="$4")}
order by n.family_first, e.start_date, e.id
"""  # noqa: S608 - names and conditions of this code


@dataclass(frozen=True)
class EmployeeOption:
    """Someone who can be picked. `value` is what the form sends; `detail` tells two people of one name apart."""

    value: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Employee:
    """One employment at the enterprise, and whose it is."""

    employment: str
    person: str
    name: str
    start: date
    end: date | None


def _employee(row: asyncpg.Record) -> Employee:
    name = Name(row["given_name"], row["family_name"])
    return Employee(row["id"], row["person"], name.full, row["start_date"], row["end_date"])


async def search(
    connection: asyncpg.Connection,
    enterprise: str,
    open_here: Window,
    text: str = "",
    ticked: Collection[str] = (),
    most: int = MOST_OPTIONS,
    period: Period | None = None,
) -> tuple[list[Employee], int]:
    """Search open employees by name: those in service first, ticked ones always. Returns how many match, too.

    With a `period` only those who are employed on one of its days.
    """
    shown = (open_here.since, list(open_here.reopened))
    rows = await connection.fetch(
        SEARCH, enterprise, folded_words(text), most, list(ticked), *shown, *(period or (None, None))
    )
    return [_employee(row) for row in rows], rows[0]["total"] if rows else 0


@dataclass(frozen=True)
class EmployeePicker:
    """The people a form can be about.

    `options` holds what the search found and always everyone who is already ticked; `total` counts all employees who
    match the search. When all of them are in `options` the browser searches by itself; otherwise typing asks the
    server again: the form is posted with `action=search` and `employeeSearch`, and the answer to htmx is the view's
    `fragment`. `asks_again`: the field on which it depends who is offered; then the server is asked anew.
    """

    options: Sequence[EmployeeOption]
    total: int
    search: str = ""
    asks_again: str = ""


async def chosen(
    connection: asyncpg.Connection, enterprise: str, open_here: Window, employments: Collection[str]
) -> list[Employee]:
    """Find these employments, as far as they are the enterprise's own and open: a tampered form finds nobody else's."""
    shown = (open_here.since, list(open_here.reopened))
    return [_employee(row) for row in await connection.fetch(BY_ID, enterprise, list(employments), *shown)]


async def picker(
    connection: asyncpg.Connection,
    enterprise: str,
    open_here: Window,
    language: Language,
    *,
    text: str = "",
    ticked: Collection[str] = (),
    period: Period | None = None,
    asks_again: str = "",
) -> EmployeePicker:
    """Build the picker of a form: the people whom it can be about; with a `period` those who are employed then."""
    found, total = await search(connection, enterprise, open_here, text, ticked, period=period)
    if text:
        missing = set(ticked) - {employee.employment for employee in found}
        found = await chosen(connection, enterprise, open_here, missing) + found if missing else found
    fmt = Formatter(language)
    options = tuple(EmployeeOption(e.employment, e.name, _detail(e, fmt, language)) for e in found)
    return EmployeePicker(options, total, text, asks_again)


def _detail(employee: Employee, fmt: Formatter, language: Language) -> str:
    if employee.end is None:
        return translate(language, "since %(date)s", date=fmt.date(employee.start))
    return fmt.period(employee.start, employee.end)


def ids_of(values: Sequence[str]) -> list[str]:
    """Keep the texts that are UUIDs, in one spelling."""
    ids: list[str] = []
    for value in values:
        try:
            ids.append(str(UUID(value)))
        except ValueError:
            continue
    return ids
