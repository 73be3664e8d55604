"""Names of people as pages show them: from the vault, joined here and nowhere else."""

from collections.abc import Collection

from fastapi import Request

from services.gateway.vault import visible_names
from services.gateway.vault.name import Name
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.text import folded_words


async def found_by_name(request: Request, enterprise: str, persons: Collection[str], text: str) -> list[str]:
    """Find those of these people whose names hold the text, in the order of the names."""
    async with transaction(gateway_of(request).engine) as connection:
        return await visible_names.found(driver(connection), enterprise, persons, folded_words(text))


async def names_of(request: Request, enterprise: str, persons: Collection[str]) -> dict[str, str]:
    """Get the names that this enterprise may see: dict[person id, name as shown]."""
    async with transaction(gateway_of(request).engine) as connection:
        found = await visible_names.shown_to(driver(connection), enterprise, persons)
    return {person: name.full for person, name in found.items()}


async def name_of(request: Request, enterprise: str, person: str) -> str:
    """Get the name of one person that this enterprise may see, as shown."""
    return (await names_of(request, enterprise, [person])).get(person, Name().full)


async def name_given_by(request: Request, enterprise: str, person: str) -> Name:
    """Get the name that this enterprise itself gave someone, in its parts."""
    async with transaction(gateway_of(request).engine) as connection:
        return await visible_names.given_by(driver(connection), enterprise, person)


async def actors_named(request: Request, persons: Collection[str]) -> dict[str, str]:
    """Get the names with which people who did something here signed in: dict[person id, name]."""
    async with transaction(gateway_of(request).engine) as connection:
        found = await visible_names.of_actors(driver(connection), persons)
    return {person: name.full for person, name in found.items()}


OF_PERSON = """
select id::text from employment
where enterprise = $1 and person = $2::uuid and not cancelled
order by (start_date <= $3 and (end_date is null or end_date >= $3)) desc, start_date desc limit 1
"""
