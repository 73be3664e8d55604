"""The people of an enterprise as pages show them: names from the vault, joined here and nowhere else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import asyncpg
from fastapi import Request

from services.gateway.access import ended
from services.gateway.access.ended import Window
from services.gateway.vault.persons import Name
from services.gateway.web.formatting import Formatter
from services.gateway.web.views.training_form import EmployeeOption, EmployeePicker
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.i18n import Language, translate

MOST_OPTIONS = 300

SEARCH = f"""
select e.id::text, e.person::text, e.start_date, e.end_date, p.given_name, p.family_name,
       count(*) over () as total
from employment e join person p on p.id = e.person
where e.enterprise = $1 and not e.cancelled and {ended.open_only(since="$6", reopened="$7")}
  and ($2 = '' or concat_ws(' ', p.given_name, p.family_name) ilike $3
       or concat_ws(' ', p.family_name, p.given_name) ilike $3)
order by e.id::text = any($5::text[]) desc, (e.end_date is not null and e.end_date < current_date),
         lower(p.family_name), lower(p.given_name), e.start_date
limit $4
"""  # noqa: S608 - the condition of `ended`

BY_ID = f"""
select e.id::text, e.person::text, e.start_date, e.end_date, p.given_name, p.family_name
from employment e join person p on p.id = e.person
where e.enterprise = $1 and e.id = any($2::uuid[]) and not e.cancelled
  and {ended.open_only(since="$3", reopened="$4")}
"""  # noqa: S608 - the condition of `ended`


@dataclass(frozen=True, slots=True)
class Employee:
    """One employment at the enterprise, and whose it is."""

    employment: str
    person: str
    name: str
    start: date
    end: date | None


def _employee(row: asyncpg.Record) -> Employee:
    name = " ".join(part for part in (row["given_name"], row["family_name"]) if part) or "—"
    return Employee(row["id"], row["person"], name, row["start_date"], row["end_date"])


async def search(
    connection: asyncpg.Connection,
    enterprise: str,
    open_here: Window,
    text: str = "",
    ticked: Collection[str] = (),
    most: int = MOST_OPTIONS,
) -> tuple[list[Employee], int]:
    """Employees who are open by name, those in service first, ticked ones always; and how many match in all."""
    pattern = "%" + text.strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    shown = (open_here.since, list(open_here.reopened))
    rows = await connection.fetch(SEARCH, enterprise, text.strip(), pattern, most, list(ticked), *shown)
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


async def vault_names(request: Request, persons: Collection[str]) -> dict[str, Name]:
    """Person id -> name in its parts."""
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        return await gateway.persons.names(driver(connection), persons)


async def names_of(request: Request, persons: Collection[str]) -> dict[str, str]:
    """Person id -> name as shown."""
    return {person: name.full for person, name in (await vault_names(request, persons)).items()}


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
