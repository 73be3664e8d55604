"""What every service's `migrations/env.py` does: run on the service's database, one at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.migrate import database_url


def run(service: str, metadata: MetaData) -> None:
    """Apply the service's migrations; an advisory lock makes replicas that start together take turns."""
    asyncio.run(_run(service, metadata))


async def _run(service: str, metadata: MetaData) -> None:
    engine = create_async_engine(database_url(service), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate, metadata)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        connection.execute(text("select pg_advisory_xact_lock(7305)"))
        context.run_migrations()
