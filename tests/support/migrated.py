"""A service's database with its newest schema."""

import asyncio
import os

from shared.database.migrate import upgrade


async def migrated(service: str, url: str) -> str:
    """Apply the service's migrations to the database at this URL; gives the URL back."""
    os.environ[f"FLA_{service.upper()}_DATABASE_URL"] = url
    # Alembic's environment runs a loop of its own, which needs a thread of its own.
    await asyncio.to_thread(upgrade, service)
    return url
