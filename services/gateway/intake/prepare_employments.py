"""Employments on the way in: which one is meant, whether its reference is free, and what may lean on it from now on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import asyncpg

from services.gateway.intake import events, known_employments
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.declared_names import NamesTold
from services.gateway.intake.events import Made
from services.gateway.intake.known_employments import Employment, Key, KnownEmployments, Submitted
from services.gateway.intake.prepared import Checked, Looked, Turned, used_before
from shared.anomalies import anomaly
from shared.reference.joint_committees import dotted

_CANCELLED = Turned([anomaly("employmentCancelled", "reference")])


def named(checked: Iterable[Checked]) -> set[str]:
    """The ids of the employments that these declarations name by reference or id."""
    return {id_ for c in checked for id_ in (c.fields.get("employmentId"), _by_reference(c)) if id_}


def _by_reference(c: Checked) -> str | None:
    reference = c.fields.get("reference")
    return events.employment_id(c.organisation, reference) if reference else None


async def register(
    connection: asyncpg.Connection,
    group: Sequence[Checked],
    known: KnownEmployments,
    told: NamesTold,
    overtaken: Collection[int] = (),
) -> list[Looked]:
    """Registrations in their order: the first under a reference counts, whoever else sends one in the same moment.

    `overtaken`: lines known to come after another one of their reference.
    """
    looked: list[Looked] = []
    rows: list[Submitted] = []
    for c in group:
        pair = c.pair
        subject = _by_reference(c) or _unnamed(c, pair, known)
        is_behind = c.declared.line in overtaken and subject not in known.owners
        turned = used_before(c) if is_behind else _taken(c, subject, pair, known)
        employed = bool(known.all_of(pair))
        if turned is not None:
            looked.append((c, turned))
            continue
        end = c.fields.get("endDate")
        employment = Employment(
            subject,
            date.fromisoformat(c.fields["startDate"]),
            date.fromisoformat(end) if end else None,
            c.fields.get("reference"),
        )
        if subject not in known.owners:
            known.put(pair, employment)
            rows.append(
                Submitted(
                    subject, c.person, pair[0], employment.start, employment.end, c.envelope.submission,
                    c.declared.line, employment.reference,
                )
            )  # fmt: skip
        looked.append((c, _employment(c, subject, told, employed=employed)))
    faster = await known_employments.submit(connection, rows)
    return _without_overtaken(looked, faster, known) if faster else looked


def _employment(c: Checked, subject: str, told: NamesTold, *, employed: bool) -> Made:
    naming = told.take(c.envelope, c.declared, c.fields, c.person, employed=employed)
    warnings = [*c.warnings, *naming.warnings]
    return events.employment(c.envelope, c.declared, c.fields, c.person, subject, warnings, name_changed=naming.changed)


def _unnamed(c: Checked, pair: Key, known: KnownEmployments) -> str:
    """An employment without a reference: the same enterprise, person, first day and committee mean the same contract.

    Where that one was cancelled, the next one in line: without a reference nobody could give it another.
    """
    start, committee = c.fields["startDate"], dotted(c.fields["terms"][0]["jointCommittee"])
    there = known.all_of(pair)
    # Before contracts from the same day were told apart, the committee was no part of it.
    earlier = events.unnamed_employment_id(*pair, start)
    if earlier in there and not there[earlier].cancelled:
        return earlier
    number = 0
    while True:
        subject = events.unnamed_employment_id(*pair, start, committee, number)
        if subject not in there or not there[subject].cancelled:
            return subject
        number += 1


def _taken(c: Checked, subject: str, pair: Key, known: KnownEmployments) -> Turned | None:
    owner = known.owners.get(subject)
    if owner is None:
        return None
    if known.all_of(owner)[subject].cancelled:
        return _CANCELLED
    return None if owner == pair else used_before(c)


def _without_overtaken(looked: Sequence[Looked], faster: Mapping[str, Key], known: KnownEmployments) -> list[Looked]:
    """The same with those refused whose reference another request gave to somebody else a moment before."""
    result: list[Looked] = []
    for c, made in looked:
        subject = None if isinstance(made, Turned) else made[1]
        if subject is not None and faster.get(subject, c.pair) != c.pair:
            known.forget(c.pair, subject)
            result.append((c, used_before(c)))
        else:
            result.append((c, made))
    return result


async def amend(
    connection: asyncpg.Connection,
    group: Sequence[Checked],
    known: KnownEmployments,
    told: NamesTold,
) -> list[Looked]:
    """Changes and cancellations of employments that are known as this person's at this enterprise."""
    looked: list[Looked] = []
    cancelled: list[tuple[str, str, int]] = []
    for c in group:
        subject = c.fields.get("employmentId") or _by_reference(c)
        there = known.all_of(c.pair)
        if subject is None or subject not in there:
            field = "reference" if "reference" in c.fields else "employmentId"
            looked.append((c, Turned([anomaly("employmentNotFound", field)], _by_reference(c))))
        elif c.kind is DeclarationKind.EMPLOYMENT_CHANGE:
            if there[subject].cancelled:
                looked.append((c, _CANCELLED))
            else:
                looked.append((c, _employment(c, subject, told, employed=True)))
        else:
            looked.append((c, events.employment_cancellation(c.envelope, c.declared, c.fields, c.person, subject)))
            if not there[subject].cancelled:
                cancelled.append((subject, c.envelope.submission, c.declared.line))
                known.cancel(c.pair, subject)
    await known_employments.cancelling(connection, cancelled)
    return looked
