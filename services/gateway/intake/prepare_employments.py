"""Employments on the way in: which one is meant, whether its reference is free, and what may lean on it from now on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import asyncpg

from services.gateway.intake import events, known_employments
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.declared_names import DeclaredNames
from services.gateway.intake.events import EventAbout
from services.gateway.intake.known_employments import DeclaredEmployment, Key, KnownEmployments, SubmittedEmployment
from services.gateway.intake.prepared import CheckedDeclaration, Examined, NotTaken, used_before
from shared.anomalies import anomaly
from shared.reference.joint_committees import dotted

_CANCELLED = NotTaken([anomaly("employmentCancelled", "reference")])


def named(checked: Iterable[CheckedDeclaration]) -> set[str]:
    """Collect the ids of the employments that these declarations name by reference or id."""
    return {id_ for c in checked for id_ in (c.fields.get("employmentId"), _by_reference(c)) if id_}


def _by_reference(c: CheckedDeclaration) -> str | None:
    reference = c.fields.get("reference")
    return events.employment_id(c.organisation, reference) if reference else None


async def register(
    connection: asyncpg.Connection,
    group: Sequence[CheckedDeclaration],
    known: KnownEmployments,
    names: DeclaredNames,
    overtaken: Collection[int] = (),
) -> list[Examined]:
    """Prepare registrations in their order: the first under a reference counts, also against requests at the same time.

    `overtaken`: lines known to come after another one of their reference.
    """
    examined: list[Examined] = []
    rows: list[SubmittedEmployment] = []
    for c in group:
        pair = c.pair
        subject = _by_reference(c) or _unnamed(c, pair, known)
        is_behind = c.declared.line in overtaken and subject not in known.owners
        refusal = used_before(c) if is_behind else _taken(c, subject, pair, known)
        employed = bool(known.all_of(pair))
        if refusal is not None:
            examined.append((c, refusal))
            continue
        end = c.fields.get("endDate")
        employment = DeclaredEmployment(
            subject,
            date.fromisoformat(c.fields["startDate"]),
            date.fromisoformat(end) if end else None,
            c.fields.get("reference"),
        )
        if subject not in known.owners:
            known.put(pair, employment)
            rows.append(
                SubmittedEmployment(
                    subject, c.person, pair[0], employment.start, employment.end, c.envelope.submission,
                    c.declared.line, employment.reference,
                )
            )  # fmt: skip
        examined.append((c, _employment(c, subject, names, employed=employed)))
    faster = await known_employments.submit(connection, rows)
    return _without_overtaken(examined, faster, known) if faster else examined


def _employment(c: CheckedDeclaration, subject: str, names: DeclaredNames, *, employed: bool) -> EventAbout:
    effect = names.take(c.envelope, c.declared, c.fields, c.person, employed=employed)
    warnings = [*c.warnings, *effect.warnings]
    return events.employment(c.envelope, c.declared, c.fields, c.person, subject, warnings, name_changed=effect.changed)


def _unnamed(c: CheckedDeclaration, pair: Key, known: KnownEmployments) -> str:
    """Find the id of an employment without a reference: by enterprise, person, first day and joint committee.

    Where that one was cancelled, the next one in line: without a reference nobody could give it another.
    """
    start, committee = c.fields["startDate"], dotted(c.fields["terms"][0]["jointCommittee"])
    there = known.all_of(pair)
    # Before contracts from the same day were names apart, the committee was no part of it.
    earlier = events.unnamed_employment_id(*pair, start)
    if earlier in there and not there[earlier].cancelled:
        return earlier
    number = 0
    while True:
        subject = events.unnamed_employment_id(*pair, start, committee, number)
        if subject not in there or not there[subject].cancelled:
            return subject
        number += 1


def _taken(c: CheckedDeclaration, subject: str, pair: Key, known: KnownEmployments) -> NotTaken | None:
    owner = known.owners.get(subject)
    if owner is None:
        return None
    if known.all_of(owner)[subject].cancelled:
        return _CANCELLED
    return None if owner == pair else used_before(c)


def _without_overtaken(
    examined: Sequence[Examined], faster: Mapping[str, Key], known: KnownEmployments
) -> list[Examined]:
    """Refuse those whose reference another request gave to somebody else a moment before."""
    result: list[Examined] = []
    for c, made in examined:
        subject = None if isinstance(made, NotTaken) else made[1]
        if subject is not None and faster.get(subject, c.pair) != c.pair:
            known.forget(c.pair, subject)
            result.append((c, used_before(c)))
        else:
            result.append((c, made))
    return result


async def amend(
    connection: asyncpg.Connection,
    group: Sequence[CheckedDeclaration],
    known: KnownEmployments,
    names: DeclaredNames,
) -> list[Examined]:
    """Prepare changes and cancellations of employments that are known as this person's at this enterprise."""
    examined: list[Examined] = []
    cancelled: list[tuple[str, str, int]] = []
    for c in group:
        subject = c.fields.get("employmentId") or _by_reference(c)
        there = known.all_of(c.pair)
        if subject is None or subject not in there:
            field = "reference" if "reference" in c.fields else "employmentId"
            examined.append((c, NotTaken([anomaly("employmentNotFound", field)], _by_reference(c))))
        elif c.kind is DeclarationKind.EMPLOYMENT_CHANGE:
            if there[subject].cancelled:
                examined.append((c, _CANCELLED))
            else:
                examined.append((c, _employment(c, subject, names, employed=True)))
        else:
            examined.append((c, events.employment_cancellation(c.envelope, c.declared, c.fields, c.person, subject)))
            if not there[subject].cancelled:
                cancelled.append((subject, c.envelope.submission, c.declared.line))
                known.cancel(c.pair, subject)
    await known_employments.cancelling(connection, cancelled)
    return examined
