"""What is in force on a day, to the day: its first and its last count, and what is withdrawn is closed at once."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from services.gateway.access import rights_and_mandates
from services.gateway.access.load import load
from services.gateway.access.rights_and_mandates import Grant
from services.gateway.settings import GatewaySettings
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.access.scope import Role
from tests.support.access.places import enterprise_number, national_number
from tests.support.migrated import migrated

DAY = date(2026, 7, 1)
OWN, MANDATARY, STRANGE = (enterprise_number(n) for n in range(3))
SSIN = national_number(1)
VAULT_KEY = "dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnY="
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)

PERIODS: list[tuple[date | None, date | None, bool]] = [
    (None, None, True),
    (BEFORE, None, True),
    (DAY, None, True),
    (AFTER, None, False),
    (None, AFTER, True),
    (None, DAY, True),
    (None, BEFORE, False),
    (DAY, DAY, True),
    (BEFORE, BEFORE, False),
    (AFTER, AFTER, False),
]


def _content(
    right: dict[str, Any] | None = None, mandate: dict[str, Any] | None = None, client: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "people": [{"ssin": SSIN, "givenName": "Els", "familyName": "Claes"}],
        "enterprises": [{"number": number, "name": f"E {number}"} for number in (OWN, MANDATARY, STRANGE)],
        "accessRights": [{"ssin": SSIN, "role": "employerWrite", "enterprise": MANDATARY} | (right or {})],
        "mandates": [{"enterprise": OWN, "mandatary": MANDATARY, "from": "2023-01-01"} | (mandate or {})],
        "clients": [
            {"clientId": "software", "organisation": MANDATARY, "name": "S", "scopes": ["a"]} | (client or {})
        ],
    }  # fmt: skip


def _period(first: date | None, last: date | None) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("from", first), ("until", last)) if day is not None}


class Rights:
    """The database, filled anew by `load` for every test."""

    def __init__(self, url: str, connection: asyncpg.Connection) -> None:
        self.url, self.connection, self.person = url, connection, ""

    async def are(self, **content: Any) -> None:
        """Nothing else is there."""
        await self.connection.execute("truncate access_right, mandate, api_client, enterprise cascade")
        await self.load(**content)

    async def load(self, **content: Any) -> None:
        secrets: dict[str, Any] = {"gateway_database_url": self.url, "vault_key": VAULT_KEY, "internal_key": "k" * 40}
        await load(_content(**content), GatewaySettings(_env_file=None, **secrets))
        persons = Persons(Cipher(VAULT_KEY))
        self.person = (await persons.ensure(self.connection, [NewPerson(SSIN)]))[SSIN]

    async def opened(self) -> set[str]:
        """To the person."""
        return {number for grant in await self.grants() for number in grant.opens}

    async def grants(self) -> list[Grant]:
        return await rights_and_mandates.grants_of(self.connection, self.person, DAY)

    async def execute(self, statement: str, *arguments: Any) -> None:
        await self.connection.execute(statement, *arguments)


@pytest.fixture(scope="module")
async def database(new_database: Callable[[], str]) -> AsyncIterator[Rights]:
    url = await migrated("gateway", new_database())
    connection = await asyncpg.connect(url)
    yield Rights(url, connection)
    await connection.close()


@pytest.mark.parametrize(("first", "last", "holds"), PERIODS)
async def test_a_right_in_its_period(database: Rights, first: date | None, last: date | None, holds: bool) -> None:
    await database.are(right=_period(first, last))
    assert await database.opened() == ({OWN, MANDATARY} if holds else set())
    assert bool(await database.grants()) == holds


@pytest.mark.parametrize(("first", "last", "holds"), PERIODS)
async def test_a_mandate_in_its_period(database: Rights, first: date | None, last: date | None, holds: bool) -> None:
    await database.are(mandate=_period(first, last))
    assert (OWN in await database.opened()) == holds
    assert (OWN in await rights_and_mandates.enterprises_of(database.connection, MANDATARY, DAY)) == holds
    assert await rights_and_mandates.may_register(database.connection, MANDATARY, OWN, DAY) == holds
    client = await rights_and_mandates.client(database.connection, "software", DAY)
    assert client is not None and (OWN in client.enterprises) == holds


@pytest.mark.parametrize(("first", "last", "holds"), PERIODS)
async def test_a_client_in_its_period(database: Rights, first: date | None, last: date | None, holds: bool) -> None:
    await database.are(client=_period(first, last))
    assert (await rights_and_mandates.client(database.connection, "software", DAY) is not None) == holds


async def test_a_mandate_that_is_not_confirmed_opens_nothing_until_it_is(database: Rights) -> None:
    await database.are(mandate={"confirmed": False})
    assert await database.opened() == {MANDATARY}
    assert not await rights_and_mandates.may_register(database.connection, MANDATARY, OWN, DAY)
    await database.load(mandate={"confirmed": True})
    assert await database.opened() == {MANDATARY, OWN}


@pytest.mark.parametrize("table", ["access_right", "mandate", "api_client"])
async def test_what_is_withdrawn_is_closed_for_days_before_too(database: Rights, table: str) -> None:
    """Loading the file once more does not give it back, except a right, which is then a new one."""
    await database.are()
    await database.execute(f"update {table} set withdrawn_at = now()")
    assert OWN not in await database.opened() or table == "api_client"
    assert (await rights_and_mandates.client(database.connection, "software", date(2023, 6, 1)) is None) == (
        table == "api_client"
    )
    if table == "mandate":
        assert await rights_and_mandates.enterprises_of(database.connection, MANDATARY, date(2023, 6, 1)) == {MANDATARY}
    await database.load()
    assert (OWN in await database.opened()) == (table != "mandate")
    assert (await rights_and_mandates.client(database.connection, "software", DAY) is None) == (table == "api_client")


async def test_an_organisation_registers_itself_and_nobody_else(database: Rights) -> None:
    """Its own number needs no mandate; what it was mandated by another means nothing for a third."""
    await database.are()
    assert await rights_and_mandates.may_register(database.connection, STRANGE, STRANGE, DAY)
    assert not await rights_and_mandates.may_register(database.connection, STRANGE, OWN, DAY)
    assert not await rights_and_mandates.may_register(database.connection, MANDATARY, STRANGE, DAY)


async def test_an_enterprise_that_is_not_registered_is_open_to_nobody(database: Rights) -> None:
    await database.are()
    await database.execute("delete from enterprise where number = $1", OWN)
    assert await database.opened() == {MANDATARY}
    assert await rights_and_mandates.enterprises_of(database.connection, MANDATARY, DAY) == {MANDATARY}


async def test_a_right_that_ended_can_be_given_again(database: Rights) -> None:
    """Without a first day of its own it would be taken for the one that ended, and given to nobody."""
    await database.are(right=_period(None, BEFORE))
    for _ in range(2):
        role = Role.EMPLOYER_WRITE
        await rights_and_mandates.grant(database.connection, database.person, role, MANDATARY, "test", DAY)
    assert await database.opened() == {OWN, MANDATARY}
    assert await database.connection.fetchval("select count(*) from access_right") == 2


async def test_loading_moves_a_last_day_and_changes_nothing_else(database: Rights) -> None:
    kinds: tuple[dict[str, Any], ...] = ({}, {"until": "2026-06-30"}, {"until": "2026-12-31"}, {})
    await database.are()
    for kind in kinds:
        for _ in range(2):
            await database.load(right=kind, mandate=kind, client=kind)
        last = date.fromisoformat(kind["until"]) if kind else None
        for table in ("access_right", "mandate", "api_client"):
            rows = await database.connection.fetch(f"select valid_until from {table}")
            assert [row["valid_until"] for row in rows] == [last], (table, kind)


async def test_several_rights_are_each_told_with_what_they_open(database: Rights) -> None:
    """A right at one organisation opens nothing through another's mandates; one that opens nothing is told as well."""
    await database.are()
    for role, enterprise in ((Role.EMPLOYER_READ, STRANGE), (Role.INSPECTOR, None), (Role.PROVIDER, MANDATARY)):
        await database.execute(
            "insert into access_right (id, person, role, enterprise, granted_by)"
            " values (gen_random_uuid(), $1, $2, $3, 'test')",
            database.person, role.value, enterprise,
        )  # fmt: skip
    told = {(grant.role, grant.enterprise): set(grant.opens) for grant in await database.grants()}
    assert told == {
        (Role.EMPLOYER_WRITE, MANDATARY): {OWN, MANDATARY},
        (Role.EMPLOYER_READ, STRANGE): {STRANGE},
        (Role.INSPECTOR, None): set(),
        (Role.PROVIDER, MANDATARY): set(),
    }
