"""The people of an enterprise as pages show them: names from the vault, joined here and nowhere else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import asyncpg
from fastapi import Request

from services.gateway.access import ended
from services.gateway.access.ended import Window
from services.gateway.vault import names
from services.gateway.vault.names import FOUND_BY, SHOWN_OF_ALL
from services.gateway.vault.naming import Name
from services.gateway.web.formatting import Formatter
from services.gateway.web.views.training_form import EmployeeOption, EmployeePicker
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.i18n import Language, translate
from shared.text import folded_words

MOST_OPTIONS = 300

# `$1`: the enterprise, by whose names its people are found, shown and ordered: never by official ones it may not see.
SEARCH = f"""
with name as ({SHOWN_OF_ALL})
select e.id::text, e.person::text, e.start_date, e.end_date, n.given_name, n.family_name,
       count(*) over () as total
from employment e left join name n on n.person = e.person
where e.enterprise = $1 and not e.cancelled and {ended.open_only(since="$5", reopened="$6")}
  and {FOUND_BY.format(words="$2")}
order by e.id::text = any($4::text[]) desc, (e.end_date is not null and e.end_date < current_date),
         n.family_first, e.start_date, e.id
limit $3
"""  # noqa: S608 - names and conditions of this code

BY_ID = f"""
with name as ({SHOWN_OF_ALL})
select e.id::text, e.person::text, e.start_date, e.end_date, n.given_name, n.family_name
from employment e left join name n on n.person = e.person
where e.enterprise = $1 and e.id = any($2::uuid[]) and not e.cancelled
  and {ended.open_only(since="$3", reopened="$4")}
order by n.family_first, e.start_date, e.id
"""  # noqa: S608 - names and conditions of this code


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
) -> tuple[list[Employee], int]:
    """Employees who are open by name, those in service first, ticked ones always; and how many match in all."""
    shown = (open_here.since, list(open_here.reopened))
    rows = await connection.fetch(SEARCH, enterprise, folded_words(text), most, list(ticked), *shown)
    return [_employee(row) for row in rows], rows[0]["total"] if rows else 0


async def chosen(
    connection: asyncpg.Connection, enterprise: str, open_here: Window, employments: Collection[str]
) -> list[Employee]:
    """These employments, as far as they are the enterprise's own and open: a tampered form finds nobody else's."""
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
) -> EmployeePicker:
    """The people a form can be about."""
    found, total = await search(connection, enterprise, open_here, text, ticked)
    if text:
        missing = set(ticked) - {employee.employment for employee in found}
        found = await chosen(connection, enterprise, open_here, missing) + found if missing else found
    fmt = Formatter(language)
    options = tuple(EmployeeOption(e.employment, e.name, _detail(e, fmt, language)) for e in found)
    return EmployeePicker(options, total, text)


def _detail(employee: Employee, fmt: Formatter, language: Language) -> str:
    if employee.end is None:
        return translate(language, "since %(date)s", date=fmt.date(employee.start))
    return fmt.period(employee.start, employee.end)


async def found_by_name(request: Request, enterprise: str, persons: Collection[str], text: str) -> list[str]:
    """Those of these people whose names the text is found in, in the order of the names."""
    async with transaction(gateway_of(request).engine) as connection:
        return await names.found(driver(connection), enterprise, persons, folded_words(text))


async def names_of(request: Request, enterprise: str, persons: Collection[str]) -> dict[str, str]:
    """Person id -> the name that this enterprise may see, as shown."""
    async with transaction(gateway_of(request).engine) as connection:
        found = await names.shown_to(driver(connection), enterprise, persons)
    return {person: name.full for person, name in found.items()}


async def name_of(request: Request, enterprise: str, person: str) -> str:
    """The name of one person that this enterprise may see, as shown."""
    return (await names_of(request, enterprise, [person])).get(person, Name().full)


async def name_given_by(request: Request, enterprise: str, person: str) -> Name:
    """The name that this enterprise itself gave someone, in its parts."""
    async with transaction(gateway_of(request).engine) as connection:
        return await names.given_by(driver(connection), enterprise, person)


async def actors_named(request: Request, persons: Collection[str]) -> dict[str, str]:
    """Person id -> the name with which someone who did something here signed in."""
    async with transaction(gateway_of(request).engine) as connection:
        found = await names.of_actors(driver(connection), persons)
    return {person: name.full for person, name in found.items()}


OF_PERSON = """
select id::text from employment
where enterprise = $1 and person = $2::uuid and not cancelled
order by (start_date <= $3 and (end_date is null or end_date >= $3)) desc, start_date desc limit 1
"""


async def employment_of(request: Request, enterprise: str, person: str, on: str) -> str | None:
    """The person's employment at the enterprise on a day, else the nearest there is."""
    async with transaction(gateway_of(request).engine) as connection:
        found: str | None = await driver(connection).fetchval(OF_PERSON, enterprise, person, date.fromisoformat(on))
    return found
