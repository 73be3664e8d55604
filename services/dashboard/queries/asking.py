"""The scope in which a question is answered: every query opens its transaction here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.access.scope import ALL_ENTERPRISES, Scope
from shared.database.engine import create_engine
from shared.database.scope import reading
from shared.http.route_parameters import EnterpriseNumber
from shared.http.scope import Asking

# Row-level security hides from the planner how many rows pass. When it guesses too few it loops over 40,000 employees
# once for each of them, unless told not to. Compiling a plan costs more than it saves in questions this short; a
# plan made for any enterprise is wrong for the one that is a thousand times larger; the sums over such a one's year fit
# in this memory.
_TUNING = text("""
select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true),
       set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '64MB', true),
       set_config('statement_timeout', :milliseconds, true)
""")


@dataclass(frozen=True, slots=True)
class QuestionConnections:
    """The connections on which questions are answered, apart from the consumer's: many readers never hold it up.

    One transaction sees one moment (repeatable read): a total and the lines behind it come from the same data.
    """

    engine: AsyncEngine
    seconds: int

    @classmethod
    def of(cls, url: str, *, connections: int, seconds: int) -> "QuestionConnections":
        """Connect to the dashboard's database; a question that takes longer than `seconds` is given up."""
        engine = create_engine(url, connections).execution_options(isolation_level="REPEATABLE READ")
        return cls(engine, seconds)

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[AsyncConnection]:
        """Open a transaction on what this scope may see, at one moment; totals count more (`counting_everyone`)."""
        async with reading(self.engine, scope) as connection:
            await connection.execute(_TUNING, {"milliseconds": str(self.seconds * 1000)})
            yield connection


def _questions(request: Request) -> QuestionConnections:
    questions: QuestionConnections = request.app.state.questions
    return questions


Answering = Annotated[QuestionConnections, Depends(_questions)]


def of_enterprise(number: str, scope: Scope) -> Scope:
    """Narrow the asker's scope to one enterprise. Raises 404: whether an enterprise exists is not told to others.

    Narrowed also because a mandatary's hundreds of enterprises would else be compared with every row.
    """
    if not scope.allows_enterprise(number):
        raise HTTPException(404, "no such enterprise in your scope")
    return replace(scope.narrowed_to({number}), person=None)


def of_person(person: UUID, scope: Scope) -> Scope:
    """Make the scope of a person's own account: everything about that person, from every employer, nothing else.

    Raises 404 for anyone but the person, or who may see all: an employer asks for its employees one employment at a
    time.
    """
    if scope.allows_person(str(person)):
        return replace(scope, enterprises=frozenset())
    if scope.enterprises == ALL_ENTERPRISES:
        return replace(scope, enterprises=frozenset(), person=str(person))
    raise HTTPException(404, "no such person in your scope")


def _enterprise_scope(number: EnterpriseNumber, scope: Asking) -> Scope:
    return of_enterprise(number, scope)


EnterpriseScope = Annotated[Scope, Depends(_enterprise_scope)]
"""A route parameter of this type: the scope narrowed to the `number` in the path."""
