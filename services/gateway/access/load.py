"""`python -m services.gateway.access.load FILE`: access rights, mandates and API clients from a JSON file.

For a first set-up and for demonstrations; loading the same file again changes nothing. Shape: see
`deploy/demo/access.json` (people, enterprises, accessRights, mandates, clients). Rights, mandates and clients may say
`from` and `until` (the last day), mandates `"confirmed": false`. Loading a file with another last day moves it.
"""

import asyncio
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg

from services.gateway.settings import GatewaySettings
from services.gateway.vault import name_versions
from services.gateway.vault.name import SIGN_IN, Name
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.identifiers import new_id
from shared.text import folded, one_line

# Before anything that a person's own sign-in says: loading the file again takes nothing back.
SET_UP = datetime(2023, 1, 1, tzinfo=UTC)

ENTERPRISE = """
insert into enterprise (number, name, registered_by, folded_name)
select number, name, 'set-up', folded from unnest($1::text[], $2::text[], $3::text[]) as e(number, name, folded)
on conflict do nothing
"""
RIGHT = """
insert into access_right (id, person, role, enterprise, joint_committees, granted_by, valid_from, valid_until)
values ($1, $2, $3, $4, $5, 'set-up', $6, $7)
on conflict (person, role, enterprise, valid_from) where withdrawn_at is null
do update set valid_until = excluded.valid_until
"""
MANDATE = """
insert into mandate (enterprise, mandatary, valid_from, valid_until, confirmed_at)
values ($1, $2, $3, $4, case when $5 then now() end)
on conflict (enterprise, mandatary, valid_from) do update
set valid_until = excluded.valid_until, confirmed_at = coalesce(mandate.confirmed_at, excluded.confirmed_at)
"""
CLIENT = """
insert into api_client (client_id, organisation, name, scopes, valid_from, valid_until)
values ($1, $2, $3, $4, $5, $6)
on conflict (client_id) do update
set organisation = excluded.organisation, name = excluded.name, scopes = excluded.scopes,
  valid_from = excluded.valid_from, valid_until = excluded.valid_until
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
    people = await persons.ensure(connection, [NewPerson(p["ssin"], p.get("language")) for p in content["people"]])
    await name_versions.give(connection, [_called(people[person["ssin"]], person) for person in content["people"]])
    enterprises = content["enterprises"]
    names = [one_line(e["name"]) for e in enterprises]
    await connection.execute(ENTERPRISE, [e["number"] for e in enterprises], names, [folded(name) for name in names])
    await connection.executemany(
        RIGHT,
        [
            (new_id(), people[r["ssin"]], r["role"], r.get("enterprise"), r.get("jointCommittees", []), *_period(r))
            for r in content["accessRights"]
        ],
    )
    await connection.executemany(
        MANDATE,
        [(m["enterprise"], m["mandatary"], *_period(m), m.get("confirmed", True)) for m in content["mandates"]],
    )
    await connection.executemany(
        CLIENT,
        [(c["clientId"], c["organisation"], c["name"], c["scopes"], *_period(c)) for c in content["clients"]],
    )


def _period(of: dict[str, Any]) -> tuple[date | None, date | None]:
    """Read the first and the last day, where they are named."""
    first, last = (date.fromisoformat(of[name]) if name in of else None for name in ("from", "until"))
    return first, last


def _called(person: str, described: dict[str, Any]) -> name_versions.NameGiven:
    """Read the name with which someone will sign in, until the identity provider says it itself."""
    name = Name(described.get("givenName"), described.get("familyName"))
    return name_versions.NameGiven(person, SIGN_IN, name, "set-up", SET_UP)


if __name__ == "__main__":
    asyncio.run(load(json.loads(Path(sys.argv[1]).read_text()), GatewaySettings()))
