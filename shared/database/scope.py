"""Reading in someone's scope: the role and the settings on which row-level security decides.

Every read query of a service runs in `reading`. The service's own role owns the tables and may see all; inside this
block it becomes the database's read role, for which each table has a policy made by `policies`. A query that forgets
its own `where` therefore still returns nothing that is not the asker's.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.access.scope import ALL_ENTERPRISES, Scope

_SCOPE = text(
    "select set_config('role', current_database() || '_reader', true),"
    " set_config('fla.everything', :everything, true), set_config('fla.enterprises', :enterprises, true),"
    " set_config('fla.person', :person, true)"
)


@asynccontextmanager
async def reading(engine: AsyncEngine, scope: Scope) -> AsyncIterator[AsyncConnection]:
    """A read-only transaction that sees what this scope may see."""
    everything = scope.enterprises == ALL_ENTERPRISES
    async with engine.begin() as connection:
        await connection.execute(text("set transaction read only"))
        await connection.execute(
            _SCOPE,
            {
                "everything": "yes" if everything else "no",
                "enterprises": "{" + ",".join(sorted(scope.enterprises)) + "}" if not everything else "{}",
                "person": scope.person or "",
            },
        )
        yield connection


def policies(table: str, *, enterprise: str | None = "enterprise", person: str | None = "person") -> list[str]:
    """The statements that put a table under row-level security, by its enterprise and person columns (None: none).

    The settings are read in sub-selects so that PostgreSQL evaluates them once per query, and indexes stay usable.
    """
    tests = ["(select current_setting('fla.everything', true)) = 'yes'"]
    if enterprise:
        # As a set and not an array: a mandatary's hundreds of enterprises are looked up, not compared one by one.
        tests.append(f"{enterprise} in (select unnest(current_setting('fla.enterprises', true)::text[]))")
    if person:
        tests.append(f"{person} = (select nullif(current_setting('fla.person', true), ''))::uuid")
    # A grant names its role literally, so the read role's name is put together where the statement runs.
    return [
        f"do $$ begin execute format('grant select on {table} to %I', current_database() || '_reader'); end $$",
        f"alter table {table} enable row level security",
        f"create policy in_scope on {table} for select using ({' or '.join(tests)})",
    ]
