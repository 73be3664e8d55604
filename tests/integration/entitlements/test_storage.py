"""What a release would lose: a table that the migrations do not make, a text that COPY breaks, two sizes on one day."""

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from services.entitlements.storage.tables import metadata
from shared.database.copying import as_json, as_text, copy
from shared.database.engine import driver, transaction
from tests.support.entitlements import Entitlements, Submissions, outcomes, size


async def test_the_migrations_make_the_tables_that_the_code_has(service: Entitlements) -> None:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with service.engine.connect() as connection:
        differences = await connection.run_sync(compare)
    assert [one for one in differences if "alembic_version" not in str(one)] == []


async def test_any_text_survives(service: Entitlements, declared: Submissions) -> None:
    nasty = 'tab\there, line\nbreak, \\N, \\., a quote " and €'
    await service.receives(declared.enterprise(size("25")), declared.employment())
    published = await service.receives(declared.entitlement(reason=nasty))
    assert outcomes(published) == [("accepted", [])]
    assert (await service.fetch("select reason from entitlement_override"))[0]["reason"] == nasty
    (line,) = await service.fetch("select inputs->>'reason' as reason from ledger_line where kind = 'override'")
    assert line["reason"] == nasty


async def test_copying_takes_nulls_and_refuses_doubles(service: Entitlements) -> None:
    async with transaction(service.engine) as connection:
        raw = driver(connection)
        await raw.execute("create temporary table pair (id int primary key, name text, value jsonb) on commit drop")
        columns = ("id", "name", "value")
        await copy(raw, "pair", columns, [f"1\t{as_text(None)}\t{as_json({'a': None})}"])
        assert tuple(await raw.fetchrow("select name, value->>'a' from pair")) == (None, None)
        with pytest.raises(asyncpg.UniqueViolationError):
            async with raw.transaction():
                await copy(raw, "pair", columns, ["2\tb\t1", "1\tc\t1"])
        assert await raw.fetchval("select count(*) from pair") == 1


async def test_the_database_itself_refuses_two_sizes_for_one_day(service: Entitlements) -> None:
    statement = (
        "insert into enterprise_size (enterprise, basis, workers, period, recorded_at, end_declared)"
        " values ('0200000068', 'stated', 5, '[2024-01-01,2025-01-01)', now(), true),"
        " ('0200000068', 'stated', 6, $1, now(), true)"
    )
    async with transaction(service.engine) as connection:
        with pytest.raises(asyncpg.ExclusionViolationError):
            async with driver(connection).transaction():
                await driver(connection).execute(statement.replace("$1", "'[2024-12-31,)'"))
        await driver(connection).execute(statement.replace("$1", "'[2025-01-01,)'"))
