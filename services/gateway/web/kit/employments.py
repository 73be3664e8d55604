"""Finding a person's employment at an enterprise."""

from datetime import date

from fastapi import Request

from services.gateway.web.kit.people import OF_PERSON
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction


async def employment_on(request: Request, enterprise: str, person: str, on: str) -> str | None:
    """Find the id of a person's employment at the enterprise on an ISO day, else the nearest one."""
    async with transaction(gateway_of(request).engine) as connection:
        found: str | None = await driver(connection).fetchval(OF_PERSON, enterprise, person, date.fromisoformat(on))
    return found
