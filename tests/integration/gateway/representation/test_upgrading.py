"""Whoever registered an enterprise before proof was asked keeps the right, and it can be revoked like any other."""

import asyncio
import uuid
from collections.abc import Callable

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from services.gateway.representation import claims, revocation
from services.gateway.representation.claim_decision import ClaimState
from shared.database.engine import create_engine, driver, transaction
from shared.database.migrate import configuration
from tests.integration.gateway.representation.test_claims import NUMBER, OTHERS

PERSON, NAMED = str(uuid.uuid4()), str(uuid.uuid4())


async def test_rights_taken_before_become_claims(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    monkeypatch.setenv("FLA_GATEWAY_DATABASE_URL", url)
    before = ScriptDirectory.from_config(configuration("gateway")).get_revision("0008").down_revision
    await asyncio.to_thread(command.upgrade, configuration("gateway"), before)
    engine = create_engine(url, 2)
    async with transaction(engine) as connection:
        raw = driver(connection)
        for person in (PERSON, NAMED):
            await raw.execute(
                "insert into person (id, ssin_hash, ssin_encrypted) values ($1, $2, '')", person, person.encode()
            )
        own = f"person:{PERSON}"
        for number, by in ((NUMBER, own), (OTHERS[0], "set-up")):
            await raw.execute("insert into enterprise (number, name, registered_by) values ($1, 'X', $2)", number, by)
        for person, number, role, by in (
            (PERSON, NUMBER, "legalRepresentative", own),
            (NAMED, NUMBER, "legalRepresentative", own),
            (PERSON, OTHERS[0], "legalRepresentative", "set-up"),
        ):
            await raw.execute(
                "insert into access_right (id, person, role, enterprise, granted_by)"
                " values (gen_random_uuid(), $1, $2, $3, $4)",
                person, role, number, by,
            )  # fmt: skip
    await asyncio.to_thread(command.upgrade, configuration("gateway"), "0008")
    async with transaction(engine) as connection:
        raw = driver(connection)
        assert await raw.fetchval("select count(*) from access_right where withdrawn_at is null") == 3
        [claim] = await claims.newest(raw, [ClaimState.GRANTED], 10)
        assert (claim.person, claim.enterprise, claims.said(claim)) == (PERSON, NUMBER, "neverAsked")
        assert await claims.unfinished(raw) == []
        assert await claims.unseen_of(raw, PERSON) == []
        found = await revocation.effect_of(raw, claim)
    # Whom the asker named falls with the asker: nobody is left, and the enterprise came with the claim.
    assert (found.everything, found.rights) == (True, 2)
    await engine.dispose()
