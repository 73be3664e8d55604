"""A simulation: the same intake, in a transaction that is always taken back.

What one chunk would have registered is not there for the next, so the employments that the file itself registers are
remembered: a training of someone hired further up in the file is not refused for want of an employment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.intake.declared import DeclarationKind, Declared, Envelope, Refused
from services.gateway.intake.prepare import Intake
from shared.database.engine import driver, transaction

_HIRES = frozenset({DeclarationKind.EMPLOYMENT_REGISTRATION, DeclarationKind.EMPLOYMENT_CHANGE})
_MISSING = {"employmentNotFound"}


class _TakenBackError(Exception):
    """Ends the transaction without committing it."""


@dataclass(slots=True)
class Rehearsal:
    """One file's simulation. `hired`: (enterprise, person) as one number each, for the employments it registers."""

    hired: set[int] = field(default_factory=set)

    async def prepare(
        self, engine: AsyncEngine, intake: Intake, envelope: Envelope, declared: Sequence[Declared], today: date
    ) -> list[Refused]:
        """What would be refused at intake. What the deciding services would say is not asked."""
        refused: list[Refused] = []
        try:
            async with transaction(engine) as connection:
                prepared = await intake.prepare(driver(connection), [(envelope, declared)], today)
                refused = prepared.refused.get(envelope.submission, [])
                raise _TakenBackError
        except _TakenBackError:
            pass
        by_line = {one.line: one for one in declared}
        refused = [one for one in refused if not self._is_hired_here(one, by_line[one.line])]
        lines = {one.line for one in refused}
        self.hire(one for one in declared if one.line not in lines)
        return refused

    def hire(self, declared: Iterable[Declared]) -> None:
        """Remember the employments among these declarations."""
        self.hired.update(pair for one in declared if one.kind in _HIRES and (pair := _pair(one)) is not None)

    def _is_hired_here(self, refused: Refused, declared: Declared) -> bool:
        return {found["code"] for found in refused.anomalies} == _MISSING and _pair(declared) in self.hired


def _pair(declared: Declared) -> int | None:
    """Enterprise and person as one number: a million of them take little room."""
    digits = f"{declared.fields.get('enterpriseNumber', '')}{declared.fields.get('ssin', '')}"
    return int(digits) if len(digits) == 21 and digits.isdigit() else None
