"""If this failed, a release would run on tables that its code does not know."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from services.dashboard.storage.tables import metadata
from tests.integration.dashboard.conftest import Dashboard


async def test_the_migrations_make_the_tables_that_the_code_has(dashboard: Dashboard) -> None:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with dashboard.engine.connect() as connection:
        differences = await connection.run_sync(compare)

    assert [one for one in differences if "alembic_version" not in str(one)] == []
