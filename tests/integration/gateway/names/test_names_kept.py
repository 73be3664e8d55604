"""Names in the vault: nothing is lost or overwritten, whatever comes late, twice or at once."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.vault import name_versions, visible_names
from services.gateway.vault.name import SIGN_IN, Name
from services.gateway.vault.name_versions import DeclaredName, NameGiven
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.database.engine import create_engine, driver, transaction
from shared.identifiers import derived_id
from tests.support.migrated import migrated
from tests.support.numbers import ssin

EMPLOYER, OTHER = "1999010345", "1999010444"
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("gateway", new_database()), 8)
    yield made
    await made.dispose()


@pytest.fixture
async def person(engine: AsyncEngine) -> str:
    async with transaction(engine) as connection:
        raw = driver(connection)
        await raw.execute("truncate person_name, declared_name, employment, person cascade")
        persons = Persons(Cipher(base64.b64encode(b"k" * 32).decode()))
        return (await persons.ensure(raw, [NewPerson(ssin(1))]))[ssin(1)]


async def run(engine: AsyncEngine, work: Callable[..., Any], *arguments: Any) -> Any:
    async with transaction(engine) as connection:
        return await work(driver(connection), *arguments)


def given(person: str, told: Name, minutes: int = 0, origin: str = EMPLOYER) -> NameGiven:
    return NameGiven(person, origin, told, "client:test", MORNING + timedelta(minutes=minutes))


def pending(person: str, told: Name, submission: str, line: int = 1, minutes: int = 0) -> DeclaredName:
    at = MORNING + timedelta(minutes=minutes)
    return DeclaredName(derived_id(submission), 0, line, person, EMPLOYER, told, "client:test", at)


async def versions(engine: AsyncEngine, origin: str = EMPLOYER) -> list[tuple[Any, ...]]:
    async def read(connection: asyncpg.Connection) -> Any:
        return await connection.fetch(
            "select version, given_name, family_name, recorded_at, superseded_at from person_name where origin = $1 "
            "order by version",
            origin,
        )

    return [tuple(row) for row in await run(engine, read)]


async def shown(engine: AsyncEngine, person: str, enterprise: str = EMPLOYER) -> str:
    found = await run(engine, visible_names.shown_to, enterprise, [person])
    return str(found.get(person, Name()).full)


async def test_every_earlier_version_stays_with_its_time(engine: AsyncEngine, person: str) -> None:
    for minutes, told in ((0, Name(None, "Peters")), (5, Name("Jan")), (9, Name(None, "Peeters"))):
        await run(engine, name_versions.give, [given(person, told, minutes)])
    at = [MORNING + timedelta(minutes=minutes) for minutes in (0, 5, 9)]
    assert await versions(engine) == [
        (1, None, "Peters", at[0], at[1]),
        (2, "Jan", "Peters", at[1], at[2]),
        (3, "Jan", "Peeters", at[2], None),
    ]


async def test_names_told_together_are_versions_one_after_another(engine: AsyncEngine, person: str) -> None:
    together = [given(person, Name("Jan", "Peters")), given(person, Name(None, "Peeters"), 3), given(person, Name(), 4)]
    await run(engine, name_versions.give, together)
    assert [(row[0], row[2], row[4] is None) for row in await versions(engine)] == [
        (1, "Peters", False),
        (2, "Peeters", True),
    ]


async def test_the_order_in_which_they_were_given_counts(engine: AsyncEngine, person: str) -> None:
    """Outcomes of two submissions have no order among them: an older correction that is decided late loses."""
    await run(engine, name_versions.give, [given(person, Name(None, "Peeters"), 9)])
    await run(engine, name_versions.give, [given(person, Name("Jan", "Peters"), 5)])
    assert await shown(engine, person) == "Jan Peeters"


async def test_the_same_again_changes_nothing(engine: AsyncEngine, person: str) -> None:
    for minutes in (0, 5):
        await run(engine, name_versions.give, [given(person, Name("Jan", "Peeters"), minutes)])
    assert len(await versions(engine)) == 1


async def test_origins_do_not_touch_each_other(engine: AsyncEngine, person: str) -> None:
    await run(
        engine, name_versions.give, [given(person, Name("Jaan", "Peters")), given(person, Name("X", "Y"), 0, OTHER)]
    )
    await run(engine, name_versions.give, [given(person, Name("Jan", "Peeters"), 5, SIGN_IN)])
    assert (await shown(engine, person), await shown(engine, person, OTHER)) == ("Jaan Peters", "X Y")
    assert (await run(engine, visible_names.of_oneself, person)).full == "Jan Peeters"
    assert (await run(engine, visible_names.of_actors, [person]))[person].full == "Jan Peeters"


async def test_a_decision_that_comes_twice_counts_once(engine: AsyncEngine, person: str) -> None:
    await run(engine, name_versions.declare, [pending(person, Name("Jan", "Peeters"), "a")])
    await run(engine, name_versions.declare, [pending(person, Name("Jan", "Peeters"), "a")])
    for _ in range(2):
        await run(engine, name_versions.decide, {derived_id("a"): [(1, True)]})
    assert len(await versions(engine)) == 1


async def test_each_line_of_a_file_has_its_own_fate(engine: AsyncEngine, person: str) -> None:
    lines = [Name("Jan", "Peters"), Name(None, "Claes"), Name(None, "Peeters")]
    await run(
        engine, name_versions.declare, [pending(person, told, "file", line) for line, told in enumerate(lines, 1)]
    )
    assert await shown(engine, person) == "Jan Peters"
    await run(
        engine, name_versions.decide, {derived_id("file"): [(1, False), (2, True)], derived_id("none"): [(1, True)]}
    )
    assert await shown(engine, person) == "Claes"
    await run(engine, name_versions.decide, {derived_id("file"): [(3, True)]})
    assert await shown(engine, person) == "Peeters"


async def test_names_given_at_once_wait_for_each_other(engine: AsyncEngine, person: str) -> None:
    """Lost: one of two versions, or both in force at once."""
    many = [given(person, Name("Jan", f"Peeters {n}"), n) for n in range(12)]
    await asyncio.gather(*(run(engine, name_versions.give, [one]) for one in many))
    kept = await versions(engine)
    assert [row[0] for row in kept] == list(range(1, len(kept) + 1))
    assert [row[4] is None for row in kept].count(True) == 1
    assert await shown(engine, person) == "Jan Peeters 11"


async def test_what_was_seen_before_the_move_is_seen_after_it(new_database: Callable[[], str]) -> None:
    """Lost: every name on every page, on the day of the new release; or one to an employer that never saw it."""
    url = await migrated("gateway", new_database(), until="0003")
    engine = create_engine(url, 1)

    async def fill(connection: asyncpg.Connection) -> None:
        rows = [(derived_id(n), str(n).encode(), f"Given {n}" if n % 3 else None, f"Élise {n}") for n in range(12)]
        await connection.executemany(
            "insert into person (id, ssin_hash, ssin_encrypted, given_name, family_name) values ($1, $2, $2, $3, $4)",
            rows,
        )
        await connection.execute(
            "insert into person (id, ssin_hash, ssin_encrypted) values ($1, '', '')", derived_id(99)
        )
        await connection.executemany(
            "insert into employment (id, version, person, enterprise, start_date) values ($1, 1, $2, $3, current_date)",
            [(derived_id("e", n, k), derived_id(n), (EMPLOYER, OTHER)[k % 2]) for n in range(10) for k in range(n % 4)]
            + [(derived_id("e", 99), derived_id(99), EMPLOYER)],
        )
        await connection.execute(
            "insert into access_right (id, person, role, granted_by) values ($1, $1, 'operator', 'test')",
            derived_id(11),
        )

    await run(engine, fill)
    await migrated("gateway", url)
    for n in range(12):
        name = f"Given {n} Élise {n}" if n % 3 else f"Élise {n}"
        for enterprise, from_ in ((EMPLOYER, 1), (OTHER, 2)):
            expected = name if n < 10 and n % 4 >= from_ else "—"
            assert await shown(engine, derived_id(n), enterprise) == expected, (n, enterprise)
        assert (await run(engine, visible_names.of_oneself, derived_id(n))).full == (name if n == 11 else "—")

    async def folded(connection: asyncpg.Connection) -> Any:
        return await connection.fetchval("select count(*) from person_name where family_first like 'elise%'")

    assert await run(engine, folded) > 0
    await engine.dispose()
