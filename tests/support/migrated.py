"""A service's database with its newest schema, or with an earlier one."""

import asyncio
import os

from alembic import command

from shared.database.migrate import configuration


async def migrated(service: str, url: str, *, until: str = "head") -> str:
    """Apply the service's migrations, as far as `until`, to the database at this URL; gives the URL back."""
    os.environ[f"FLA_{service.upper()}_DATABASE_URL"] = url
    # Alembic's environment runs a loop of its own, which needs a thread of its own.
    await asyncio.to_thread(command.upgrade, configuration(service), until)
    return url
