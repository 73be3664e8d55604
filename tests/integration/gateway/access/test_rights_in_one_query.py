"""Every page of somebody with many rights waits for the database once, not once a right."""

from typing import Any

import asyncpg

from services.gateway.access.rights_and_mandates import Grant, grants_of
from shared.access.scope import Role
from tests.support.access.cast import At, Force, Right, Someone
from tests.support.access.gateway import Visit, World

RIGHTS = (
    Right(Role.EMPLOYER_WRITE, At.TARGET),
    Right(Role.EMPLOYER_READ, At.MANDATARY),
    Right(Role.ACCESS_MANAGER, At.ELSEWHERE),
    Right(Role.OPERATOR, At.NOBODY),
    Right(Role.LEGAL_REPRESENTATIVE, At.ELSEWHERE, Force.WITHDRAWN),
)
VISIT = Visit(Someone("has many rights", RIGHTS, (Force.IN_FORCE,)), 3_200)


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.statements: list[str] = []

    async def fetch(self, statement: str, *arguments: Any) -> Any:
        self.statements.append(statement)
        return await self._connection.fetch(statement, *arguments)


async def test_one_query_brings_the_rights_and_what_they_open_with_names(world: World) -> None:
    await world.add_visits([VISIT])
    asked = Counting(world.database)
    grants = await grants_of(asked, VISIT.person, world.today)  # type: ignore[arg-type]
    assert len(asked.statements) == 1
    target, mandatary, elsewhere = (VISIT.places[at] for at in (At.TARGET, At.MANDATARY, At.ELSEWHERE))
    names = {place: {place.number: place.name} for place in (target, mandatary, elsewhere)}
    assert sorted(grants, key=lambda grant: grant.role.value) == [
        Grant(Role.ACCESS_MANAGER, elsewhere.number, opens=names[elsewhere]),
        Grant(Role.EMPLOYER_READ, mandatary.number, opens=names[mandatary] | names[target]),
        Grant(Role.EMPLOYER_WRITE, target.number, opens=names[target]),
        Grant(Role.OPERATOR, None),
    ]
