"""The tables as declared are those that the migrations make."""

from collections.abc import Callable
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from services.gateway.storage.tables import metadata
from shared.database.engine import create_engine
from tests.support.migrated import migrated


async def test_migrations_make_the_declared_tables(new_database: Callable[[], str]) -> None:
    """Lost: a column or an index that exists in the code and not in production."""

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    engine = create_engine(await migrated("gateway", new_database()), 1)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
