"""What leans on what in a file: a declaration whose employment, training or override was refused is refused for that.

Only files are remembered (`refused_in_file`): over the other channels nothing leans on what came with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import asyncpg

from services.gateway.intake import events, refused_in_file
from services.gateway.intake.decision_order import LAST_RANK, RANKS
from services.gateway.intake.declared import DeclarationKind, Declared, SubmissionEnvelope
from services.gateway.intake.events import EventAbout
from services.gateway.intake.prepared import CheckedDeclaration, Examined, NotTaken, subject_of
from services.gateway.intake.reference_text import shown_reference
from services.gateway.intake.refused_in_file import Key, RefusedHere
from services.gateway.vault.persons import Persons
from shared.anomalies import is_error
from shared.contracts.vocabulary import Anomaly
from shared.identifiers import derived_id
from shared.numbers import plain_number

_ID_BY_REFERENCE: Final = {
    DeclarationKind.EMPLOYMENT_REGISTRATION: events.employment_id,
    DeclarationKind.TRAINING_REGISTRATION: events.training_id,
    DeclarationKind.ENTITLEMENT_REGISTRATION: events.override_id,
    DeclarationKind.ENTERPRISE_ENTITLEMENT_REGISTRATION: events.enterprise_override_id,
}


def employment_here(persons: Persons, fields: Mapping[str, object]) -> str | None:
    """Derive the id under which a file remembers that an employment of this number here was refused.

    None without a number: files name people by nothing else.
    """
    ssin, enterprise = fields.get("ssin"), fields.get("enterpriseNumber")
    if not isinstance(ssin, str) or not isinstance(enterprise, str):
        return None
    return derived_id("employed", plain_number(enterprise), persons.hidden(plain_number(ssin)).hex())


def leans_on(c: CheckedDeclaration, result: EventAbout | NotTaken) -> str | None:
    """Find the id of what a declaration needs, where a refusal in the same file may be why it is not there."""
    if c.envelope.channel != "batch":
        return None
    if isinstance(result, NotTaken):
        return result.leans_on
    return subject_of(c) if RANKS[c.kind] == LAST_RANK else None


async def reasons_of(connection: asyncpg.Connection, examined: Sequence[Examined]) -> dict[Key, Anomaly]:
    """Find the reasons of those that lean on something that was refused in their own file. All are of one rank."""
    amends = examined and RANKS[examined[0][0].kind] == LAST_RANK
    leaning = {
        (c.envelope.submission, subject)
        for c, result in examined
        if (amends or isinstance(result, NotTaken)) and (subject := leans_on(c, result)) is not None
    }
    return await refused_in_file.find(connection, leaning)


def remembered(
    persons: Persons,
    envelope: SubmissionEnvelope,
    declared: Declared,
    fields: Mapping[str, object],
    anomalies: Sequence[Anomaly],
) -> Iterator[RefusedHere]:
    """List what others in the same file may lean on, of a declaration of it that is refused."""
    if envelope.channel != "batch" or declared.kind not in _ID_BY_REFERENCE:
        return
    code = next((found["code"] for found in anomalies if is_error(found)), anomalies[0]["code"])
    reference = shown_reference(fields.get("reference"))
    if reference is not None:
        subject = _ID_BY_REFERENCE[declared.kind](envelope.sender.organisation, reference)
        yield RefusedHere(envelope.submission, subject, declared.line, code)
    if declared.kind is DeclarationKind.EMPLOYMENT_REGISTRATION:
        employment = employment_here(persons, fields)
        if employment is not None:
            yield RefusedHere(envelope.submission, employment, declared.line, code)
