"""From declarations to events ready to travel: validate, resolve persons and employments, decide every identifier.

One call handles any number of submissions with a fixed number of queries. It must run in a transaction that is
committed before the events leave, because it may add persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from services.gateway.intake import employments, events
from services.gateway.intake.declared import DeclarationKind, Declared, Envelope, Refused
from services.gateway.intake.employments import Employment
from services.gateway.intake.models import LONGEST_REFERENCE
from services.gateway.intake.validation import validate
from services.gateway.vault.persons import NewPerson, Persons
from shared.anomalies import anomaly, is_error
from shared.contracts.vocabulary import Anomaly
from shared.messaging.records import Outgoing

Kind = DeclarationKind

_TRAININGS = frozenset({Kind.TRAINING_REGISTRATION, Kind.TRAINING_CORRECTION, Kind.TRAINING_CANCELLATION})
_ADDS_PERSON = frozenset({Kind.EMPLOYMENT_REGISTRATION, Kind.EMPLOYMENT_CHANGE})


@dataclass(slots=True)
class Prepared:
    """What goes out and what does not. `subjects`: per submission the id its first accepted item is about."""

    outgoing: list[Outgoing] = field(default_factory=list)
    refused: dict[str, list[Refused]] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    def refuse(self, envelope: Envelope, declared: Declared, anomalies: list[Anomaly]) -> None:
        """This one stays here."""
        reference = declared.fields.get("reference")
        known = isinstance(reference, str) and len(reference) <= LONGEST_REFERENCE and reference.isprintable()
        refused = Refused(declared.line, reference if known else None, anomalies)
        self.refused.setdefault(envelope.submission, []).append(refused)

    def accept(self, envelope: Envelope, outgoing: Outgoing, subject: str) -> None:
        """This one goes out."""
        self.outgoing.append(outgoing)
        self.accepted[envelope.submission] = self.accepted.get(envelope.submission, 0) + 1
        self.subjects.setdefault(envelope.submission, subject)


@dataclass(frozen=True, slots=True)
class Checked:
    """A declaration whose own fields are right."""

    envelope: Envelope
    declared: Declared
    fields: dict[str, Any]
    warnings: list[Anomaly]


@dataclass(frozen=True, slots=True)
class Intake:
    """The vault and the house rule on people without a known employment (`refuse` or `accept`)."""

    persons: Persons
    unknown_employment: str = "refuse"

    async def prepare(
        self, connection: asyncpg.Connection, submissions: Sequence[tuple[Envelope, Sequence[Declared]]], today: date
    ) -> Prepared:
        """Prepare all declarations of these submissions. `today`: the local day in Brussels."""
        prepared = Prepared()
        checked = _check(submissions, today.isoformat(), prepared)
        people = await self._people(connection, checked)
        pairs = {
            (c.fields["enterpriseNumber"], people[c.fields["ssin"]]) for c in checked if c.fields.get("ssin") in people
        }
        known = await employments.of_people(connection, pairs)
        submitted: list[tuple[Any, ...]] = []
        for c in checked:
            self._settle(c, people, known, submitted, prepared)
        if submitted:
            # In the order of ids, so that two files that tell of the same people never wait for each other crosswise.
            submitted.sort(key=lambda row: str(row[0]))
            await connection.execute(employments.SUBMITTED, *map(list, zip(*submitted, strict=True)))
        return prepared

    async def _people(self, connection: asyncpg.Connection, checked: Sequence[Checked]) -> dict[str, str]:
        ssins = {c.fields["ssin"] for c in checked if "ssin" in c.fields}
        new = {
            c.fields["ssin"]: NewPerson(c.fields["ssin"], c.fields.get("givenName"), c.fields.get("familyName"))
            for c in checked
            if c.declared.kind in _ADDS_PERSON
            or (self.unknown_employment == "accept" and c.declared.kind is Kind.TRAINING_REGISTRATION)
        }
        people = await self.persons.find(connection, ssins - new.keys())
        if new:
            people |= await self.persons.ensure(connection, new.values())
            named = {people[ssin]: (p.given_name, p.family_name) for ssin, p in new.items() if p.family_name}
            if named:
                await self.persons.complete(connection, named)
        return people

    def _settle(
        self,
        c: Checked,
        people: dict[str, str],
        known: dict[tuple[str, str], list[Employment]],
        submitted: list[tuple[Any, ...]],
        prepared: Prepared,
    ) -> None:
        kind, fields, envelope = c.declared.kind, c.fields, c.envelope
        if kind is Kind.ENTERPRISE_REGISTRATION:
            outgoing, subject = events.enterprise(envelope, c.declared, fields)
            prepared.accept(envelope, outgoing, subject)
            return
        person = people.get(fields["ssin"])
        own = known.get((fields["enterpriseNumber"], person), []) if person else []
        if kind in _TRAININGS:
            self._settle_training(c, person, own, prepared)
        elif kind is Kind.ENTITLEMENT_REGISTRATION:
            _settle_entitlement(c, person, own, prepared)
        elif kind is Kind.ENTITLEMENT_CANCELLATION:
            if not person:
                prepared.refuse(envelope, c.declared, [anomaly("entitlementNotFound", "reference")])
                return
            prepared.accept(envelope, *events.entitlement_cancellation(envelope, c.declared, fields, person))
        elif kind is Kind.EMPLOYMENT_CANCELLATION:
            if not person or not own:
                prepared.refuse(envelope, c.declared, [anomaly("employmentNotFound", "ssin")])
                return
            prepared.accept(envelope, *events.employment_cancellation(envelope, c.declared, fields, person))
        else:
            assert person is not None
            outgoing, subject = events.employment(envelope, c.declared, fields, person)
            prepared.accept(envelope, outgoing, subject)
            end = fields.get("endDate")
            start = date.fromisoformat(fields["startDate"])
            row = (subject, person, fields["enterpriseNumber"], start, date.fromisoformat(end) if end else None)
            submitted.append((*row, envelope.submission, c.declared.line))
            # A training of the same person further on in this submission finds it.
            known.setdefault((fields["enterpriseNumber"], person), []).append(Employment(subject, row[3], row[4]))

    def _settle_training(self, c: Checked, person: str | None, own: list[Employment], prepared: Prepared) -> None:
        kind, fields, warnings = c.declared.kind, c.fields, c.warnings
        if kind is Kind.TRAINING_REGISTRATION:
            # The same answer whether the person is unknown, or known elsewhere: a national number opens nothing.
            if not own and (person is None or self.unknown_employment == "refuse"):
                prepared.refuse(c.envelope, c.declared, [anomaly("employmentNotFound", "ssin")])
                return
            start, end = date.fromisoformat(fields["startDate"]), date.fromisoformat(fields["endDate"])
            if not employments.cover(own, start, end):
                warnings = [*warnings, anomaly("outsideEmployment", "startDate")]
        elif person is None:
            prepared.refuse(c.envelope, c.declared, [anomaly("trainingNotFound", "reference")])
            return
        assert person is not None
        prepared.accept(c.envelope, *events.training(c.envelope, c.declared, fields, person, warnings))


def _settle_entitlement(c: Checked, person: str | None, own: list[Employment], prepared: Prepared) -> None:
    meant = c.fields.get("employmentId")
    if "employmentReference" in c.fields:
        meant = events.employment_id(c.envelope.sender.organisation, c.fields["employmentReference"])
    if meant:
        own = [employment for employment in own if employment.id == meant]
    in_year = [employment for employment in own if employment.touches(c.fields["year"])]
    if not person or not own:
        prepared.refuse(c.envelope, c.declared, [anomaly("employmentNotFound", "ssin")])
    elif not in_year:
        prepared.refuse(c.envelope, c.declared, [anomaly("yearOutsideEmployment", "year")])
    else:
        employment = max(in_year, key=lambda e: e.start)
        prepared.accept(c.envelope, *events.entitlement(c.envelope, c.declared, c.fields, person, employment.id))


def _check(submissions: Sequence[tuple[Envelope, Sequence[Declared]]], today: str, prepared: Prepared) -> list[Checked]:
    """Each declaration's own fields, and whether its sender may act for its enterprise."""
    checked: list[Checked] = []
    for envelope, declarations in submissions:
        allowed = envelope.sender.enterprises
        for declared in declarations:
            fields, found = validate(declared, today)
            if fields is not None and fields["enterpriseNumber"] not in allowed:
                found = [*found, anomaly("enterpriseNotFound", "enterpriseNumber")]
            if fields is None or any(map(is_error, found)):
                prepared.refuse(envelope, declared, found)
            else:
                checked.append(Checked(envelope, declared, fields, found))
    return checked
