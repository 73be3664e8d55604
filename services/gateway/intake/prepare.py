"""From declarations to events: validate, resolve persons and employments, derive every identifier.

One call handles any number of submissions with a fixed number of queries. It must run in a transaction that is
committed before the events leave, because it may add persons.

What leans on something is examined after it (`decision_order`), whatever the order in which it was sent; of one rank
the sender's order holds.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from services.gateway.intake import (
    declared_names,
    events,
    known_employments,
    prepare_employments,
    refused_in_file,
    used_references,
)
from services.gateway.intake.access_window import AccessWindow
from services.gateway.intake.decision_order import LAST_RANK, RANKS
from services.gateway.intake.declared import ABOUT_ENTERPRISES, DeclarationKind, Declared, SubmissionEnvelope
from services.gateway.intake.declared_names import DeclaredNames
from services.gateway.intake.known_employments import KnownEmployments
from services.gateway.intake.leaning_on_refused import employment_here, leans_on, reasons_of, remembered
from services.gateway.intake.prepare_overrides import prepare_override
from services.gateway.intake.prepare_trainings import prepare_training
from services.gateway.intake.prepared import (
    MISSED_EMPLOYMENT,
    CheckedDeclaration,
    Examined,
    NotTaken,
    Prepared,
    subject_of,
    used_before,
)
from services.gateway.intake.refused_in_file import RefusedHere
from services.gateway.intake.used_references import ReferenceUse
from services.gateway.intake.validation import validate
from services.gateway.vault.name_versions import declare
from services.gateway.vault.persons import Persons
from shared.anomalies import anomaly, is_error

Kind = DeclarationKind

_EMPLOYMENTS = frozenset({Kind.EMPLOYMENT_REGISTRATION, Kind.EMPLOYMENT_CHANGE, Kind.EMPLOYMENT_CANCELLATION})
_OVERRIDES = frozenset({Kind.ENTITLEMENT_REGISTRATION, Kind.ENTITLEMENT_CANCELLATION})
_REGISTRATIONS = frozenset({Kind.TRAINING_REGISTRATION, Kind.ENTITLEMENT_REGISTRATION})
# Of somebody who left long ago nothing is taken but that they are employed anew.
_CLOSES = frozenset(Kind) - ABOUT_ENTERPRISES - {Kind.EMPLOYMENT_REGISTRATION}


@dataclass(frozen=True, slots=True)
class Intake:
    """Prepares declarations, with the vault and the rules of this installation.

    `unknown_employment`: `refuse` or `accept` trainings of people without a known employment; `days_after_end`: for how
    many days after the last employment's end an employer has access to a person.
    """

    persons: Persons
    unknown_employment: str = "refuse"
    days_after_end: int = 30

    async def prepare(
        self,
        connection: asyncpg.Connection,
        submissions: Sequence[tuple[SubmissionEnvelope, Sequence[Declared]]],
        today: date,
        overtaken: Collection[int] = (),
        *,
        from_file: bool = False,
    ) -> Prepared:
        """Prepare all declarations of these submissions. `today`: the local day in Brussels.

        Which statements run depends on what is declared and never on who is known: nobody learns that a number is
        known from what happens here, nor from how long it takes. `from_file`: nobody watches a file's chunks, so they
        remember persons.

        `overtaken`: lines whose reference names somebody else further up (of a simulation, which prepares a file out of
        its order and by itself).
        """
        prepared = Prepared()
        window = AccessWindow.on(today, self.days_after_end)
        checked, refused = self._check(submissions, window, prepared)
        await refused_in_file.keep(connection, refused)
        checked = await self._with_people(connection, checked, from_file)
        personal = [c for c in checked if c.person]
        pairs = {c.pair for c in personal}
        named = prepare_employments.named(c for c in checked if c.kind in _EMPLOYMENTS)
        known = await known_employments.load(connection, pairs, named)
        names = await declared_names.load(connection, {c.pair for c in personal if declared_names.name_in(c.fields)})
        for group in _by_rank(checked):
            examined = await self._examine(connection, group, known, names, window, overtaken)
            examined = await self._without_used_references(connection, examined, overtaken)
            await self._accept_or_refuse(connection, examined, prepared)
        refused_here = {(submission, one.line) for submission, ones in prepared.refused.items() for one in ones}
        await declare(connection, (one for one in names.declared if (one.submission, one.line) not in refused_here))
        return prepared

    async def _with_people(
        self, connection: asyncpg.Connection, checked: Sequence[CheckedDeclaration], from_file: bool
    ) -> list[CheckedDeclaration]:
        """Give each declaration its person's id: the one that it came with, else that of its number.

        Of a number that is not known, a stand-in's.
        """
        numbered = [c for c in checked if "ssin" in c.fields]
        new = {
            c.fields["ssin"]
            for c in numbered
            if c.kind is Kind.EMPLOYMENT_REGISTRATION
            or (self.unknown_employment == "accept" and c.kind is Kind.TRAINING_REGISTRATION)
        }
        ids = await self.persons.resolve(connection, {c.fields["ssin"] for c in numbered}, new, remembered=from_file)
        return [c._replace(person=ids[c.fields["ssin"]]) if "ssin" in c.fields else c for c in checked]

    async def _examine(
        self,
        connection: asyncpg.Connection,
        group: Sequence[CheckedDeclaration],
        known: KnownEmployments,
        names: DeclaredNames,
        window: AccessWindow,
        overtaken: Collection[int],
    ) -> list[Examined]:
        """Decide what becomes of these declarations, all of one rank."""
        closed = await window.closed(connection, {c.pair for c in group if c.kind in _CLOSES})
        examined: list[Examined] = [
            (c, events.ABOUT_ENTERPRISE[c.kind](c.envelope, c.declared, c.fields, c.warnings))
            for c in group
            if c.kind in ABOUT_ENTERPRISES
        ]
        examined += [(c, self._closed_to(c, window)) for c in group if c.kind in _EMPLOYMENTS and c.pair in closed]
        about_employments = [c for c in group if c.kind in _EMPLOYMENTS and c.pair not in closed]
        if about_employments:
            if about_employments[0].kind is Kind.EMPLOYMENT_REGISTRATION:
                examined += await prepare_employments.register(connection, about_employments, known, names, overtaken)
            else:
                examined += await prepare_employments.amend(connection, about_employments, known, names)
        for c in group:
            if c.kind not in _EMPLOYMENTS and c.kind not in ABOUT_ENTERPRISES:
                if c.pair in closed:
                    examined.append((c, self._closed_to(c, window)))
                    continue
                result = (
                    prepare_override(c, known)
                    if c.kind in _OVERRIDES
                    else prepare_training(c, known, unknown_employment=self.unknown_employment)
                )
                if isinstance(result, NotTaken) and result.leans_on == MISSED_EMPLOYMENT:
                    result = result._replace(leans_on=employment_here(self.persons, c.fields))
                examined.append((c, result))
        return examined

    def _closed_to(self, c: CheckedDeclaration, window: AccessWindow) -> NotTaken:
        """Refuse what is about somebody who left; if the same file hires them again in vain, that is the reason."""
        return NotTaken([window.refusal], employment_here(self.persons, c.fields))

    async def _without_used_references(
        self,
        connection: asyncpg.Connection,
        examined: list[Examined],
        overtaken: Collection[int],
    ) -> list[Examined]:
        """Refuse those whose reference names another person's training or override already.

        In what was sent together a reference counts for the first that has it, even if that one is refused.
        """
        uses = [
            ReferenceUse(
                (subject_of(c) or "") if isinstance(result, NotTaken) else result[1],
                c.person,
                c.envelope.submission,
                c.declared.line,
                isinstance(result, NotTaken),
            )
            for c, result in examined
            if c.kind in _REGISTRATIONS and "reference" in c.fields and not (c.alone and isinstance(result, NotTaken))
        ]
        taken = await used_references.hold(connection, uses, overtaken)
        if not taken:
            return examined
        return [
            (c, used_before(c))
            if (c.envelope.submission, c.declared.line) in taken and not isinstance(result, NotTaken)
            else (c, result)
            for c, result in examined
        ]

    async def _accept_or_refuse(
        self, connection: asyncpg.Connection, examined: Sequence[Examined], prepared: Prepared
    ) -> None:
        """Sort what was examined into `prepared`; what leans on something refused is refused for that reason."""
        reasons = await reasons_of(connection, examined)
        refused: list[RefusedHere] = []
        for c, result in examined:
            if reasons and (reason := reasons.get((c.envelope.submission, leans_on(c, result) or ""))):
                result = NotTaken([reason])  # noqa: PLW2901 - the same declaration, refused for its cause
            if not isinstance(result, NotTaken):
                prepared.accept(c.envelope, *result)
                continue
            anomalies = list(result.anomalies)
            prepared.refuse(c.envelope, c.declared, anomalies)
            if not c.alone:
                refused += remembered(self.persons, c.envelope, c.declared, c.fields, anomalies)
        await refused_in_file.keep(connection, refused)

    def _check(
        self,
        submissions: Sequence[tuple[SubmissionEnvelope, Sequence[Declared]]],
        window: AccessWindow,
        prepared: Prepared,
    ) -> tuple[list[CheckedDeclaration], list[RefusedHere]]:
        """Check each declaration's own fields, and whether its sender may act for its enterprise.

        Returns those that are right, and what a file remembers of those that were refused.
        """
        checked: list[CheckedDeclaration] = []
        refused: list[RefusedHere] = []
        today = window.today.isoformat()
        for envelope, declarations in submissions:
            allowed = envelope.sender.enterprises
            alone = len(declarations) == 1 and envelope.channel != "batch"
            for declared in declarations:
                fields, found = validate(declared, today)
                if fields is not None:
                    found = [*found, *window.warnings(declared.kind, fields)]
                if fields is not None and fields["enterpriseNumber"] not in allowed:
                    found = [*found, anomaly("enterpriseNotFound", "enterpriseNumber")]
                if fields is None or any(map(is_error, found)):
                    prepared.refuse(envelope, declared, found)
                    refused += remembered(self.persons, envelope, declared, declared.fields, found)
                else:
                    checked.append(CheckedDeclaration(envelope, declared, fields, found, alone, declared.person or ""))
        return checked, refused


def _by_rank(checked: Sequence[CheckedDeclaration]) -> Iterator[list[CheckedDeclaration]]:
    """Group declarations in the order in which they are decided; those of one rank in the order they were sent."""
    groups: list[list[CheckedDeclaration]] = [[] for _ in range(LAST_RANK + 1)]
    for c in checked:
        groups[RANKS[c.kind]].append(c)
    yield from filter(None, groups)
