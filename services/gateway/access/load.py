"""`python -m services.gateway.access.load FILE`: access rights, mandates and API clients from a JSON file.

For a first set-up and for demonstrations; loading the same file again changes nothing. Shape: see
`deploy/demo/access.json` (people, enterprises, accessRights, mandates, clients).
"""

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg

from services.gateway.settings import GatewaySettings
from services.gateway.vault.cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.identifiers import new_id
from shared.text import one_line

ENTERPRISE = """
insert into enterprise (number, name, registered_by)
select number, name, 'set-up' from unnest($1::text[], $2::text[]) as e(number, name)
on conflict do nothing
"""
RIGHT = """
insert into access_right (id, person, role, enterprise, joint_committees, granted_by)
values ($1, $2, $3, $4, $5, 'set-up') on conflict do nothing
"""
MANDATE = """
insert into mandate (enterprise, mandatary, valid_from, confirmed_at) values ($1, $2, $3, now()) on conflict do nothing
"""
CLIENT = """
insert into api_client (client_id, organisation, name, scopes) values ($1, $2, $3, $4)
on conflict (client_id) do update
set organisation = excluded.organisation, name = excluded.name, scopes = excluded.scopes
"""


async def load(content: dict[str, Any], settings: GatewaySettings) -> None:
    """Bring the file's content into the gateway's database, in one transaction."""
    connection = await asyncpg.connect(settings.gateway_database_url.get_secret_value())
    try:
        async with connection.transaction():
            await _load(connection, content, Persons(Cipher(settings.vault_key.get_secret_value())))
    finally:
        await connection.close()


async def _load(connection: asyncpg.Connection, content: dict[str, Any], persons: Persons) -> None:
    people = await persons.ensure(
        connection,
        [NewPerson(p["ssin"], p.get("givenName"), p.get("familyName"), p.get("language")) for p in content["people"]],
    )
    enterprises = content["enterprises"]
    await connection.execute(ENTERPRISE, [e["number"] for e in enterprises], [one_line(e["name"]) for e in enterprises])
    await connection.executemany(
        RIGHT,
        [
            (new_id(), people[r["ssin"]], r["role"], r.get("enterprise"), r.get("jointCommittees", []))
            for r in content["accessRights"]
        ],
    )
    await connection.executemany(
        MANDATE, [(m["enterprise"], m["mandatary"], date.fromisoformat(m["from"])) for m in content["mandates"]]
    )
    await connection.executemany(
        CLIENT, [(c["clientId"], c["organisation"], c["name"], c["scopes"]) for c in content["clients"]]
    )


if __name__ == "__main__":
    asyncio.run(load(json.loads(Path(sys.argv[1]).read_text()), GatewaySettings()))
