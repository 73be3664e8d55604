"""Reading in someone's scope: the role and the settings on which row-level security decides.

Every read query of a service runs in `reading`. The service's own role owns the tables and may see all; inside this
block it becomes the database's read role, for which each table has a policy made by `policies`. A query that forgets
its own `where` therefore still returns nothing that is not the asker's.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.access.scope import ALL_ENTERPRISES, Scope

_SCOPE = text(
    "select set_config('role', current_database() || '_reader', true),"
    " set_config('fla.everything', :everything, true), set_config('fla.enterprises', :enterprises, true),"
    " set_config('fla.person', :person, true), set_config('fla.open_since', :open_since, true),"
    " set_config('fla.reopened', :reopened, true)"
)
_OPEN_SINCE = text("select set_config('fla.open_since', :open_since, true)")


@asynccontextmanager
async def reading(engine: AsyncEngine, scope: Scope) -> AsyncIterator[AsyncConnection]:
    """Open a read-only transaction that sees what this scope may see."""
    everything = scope.enterprises == ALL_ENTERPRISES
    async with engine.begin() as connection:
        await connection.execute(text("set transaction read only"))
        await connection.execute(
            _SCOPE,
            {
                "everything": "yes" if everything else "no",
                "enterprises": _array(scope.enterprises) if not everything else "{}",
                "person": scope.person or "",
                "open_since": _day(scope),
                "reopened": _array(scope.reopened),
            },
        )
        yield connection


@asynccontextmanager
async def counting_everyone(connection: AsyncConnection, scope: Scope) -> AsyncIterator[None]:
    """Let statements of this block see those too whose access ended. Inside `reading`.

    Only for statements that add up an enterprise's figures: its totals keep what people did there after access to the
    people themselves is closed. Never for one that answers with somebody's row, or is narrowed to somebody.
    """
    if scope.open_since is None:
        yield
        return
    await connection.execute(_OPEN_SINCE, {"open_since": ""})
    yield
    # Not where the block failed: its transaction can do nothing more.
    await connection.execute(_OPEN_SINCE, {"open_since": _day(scope)})


def _array(values: Iterable[str]) -> str:
    return "{" + ",".join(sorted(values)) + "}"


def _day(scope: Scope) -> str:
    return "" if scope.open_since is None else scope.open_since.isoformat()


def policies(table: str, *, enterprise: str | None = "enterprise", person: str | None = "person") -> list[str]:
    """Get the statements that put a table under row-level security, by its enterprise and person columns (None: none).

    The settings are read in sub-selects so that PostgreSQL evaluates them once per query, and indexes stay usable.
    """
    # A grant names its role literally, so the read role's name is put together where the statement runs.
    return [
        f"do $$ begin execute format('grant select on {table} to %I', current_database() || '_reader'); end $$",
        f"alter table {table} enable row level security",
        f"create policy in_scope on {table} for select using ({_tests(table, enterprise, person, closing=False)})",
    ]


def closing(table: str) -> list[str]:
    """Get the statements that also close a protected table's people whose access ended, in the place of its policy.

    The enterprise sees nobody whose last employment there ended before `fla.open_since`, unless `fla.reopened` names
    them; without the setting (an earlier release, or totals) everyone is open.
    """
    return [
        f"drop policy in_scope on {table}",
        f"create policy in_scope on {table} for select using ({_tests(table, 'enterprise', 'person', closing=True)})",
    ]


def _tests(table: str, enterprise: str | None, person: str | None, *, closing: bool) -> str:
    tests = ["(select current_setting('fla.everything', true)) = 'yes'"]
    if enterprise:
        # As a set and not an array: a mandatary's hundreds of enterprises are looked up, not compared one by one.
        own = f"{enterprise} in (select unnest(current_setting('fla.enterprises', true)::text[]))"
        tests.append(f"({own} and {_OPEN.format(table=table)})" if closing else own)
    if person:
        tests.append(f"{person} = (select nullif(current_setting('fla.person', true), ''))::uuid")
    return " or ".join(tests)


# Written so that PostgreSQL may choose: a look into the index for each of a few rows, a hash of all that ended at the
# enterprises in scope for many.
_OPEN = """(
  (select nullif(current_setting('fla.open_since', true), '')) is null
  or not exists (
    select from ended_access as ended
    where ended.enterprise = {table}.enterprise and ended.person = {table}.person
      and ended.enterprise = any ((select current_setting('fla.enterprises', true))::text[])
      and ended.last_day < (select nullif(current_setting('fla.open_since', true), '')::date)
      and ended.enterprise || ':' || ended.person
          <> all (coalesce((select current_setting('fla.reopened', true)), '{{}}')::text[])
  )
)"""
