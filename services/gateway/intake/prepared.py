"""What becomes of declarations in intake: events that go out, refused declarations, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from services.gateway.intake import events
from services.gateway.intake.declared import (
    FOR_ALL,
    DeclarationKind,
    Declared,
    RefusedDeclaration,
    SubmissionEnvelope,
)
from services.gateway.intake.events import EventAbout
from services.gateway.intake.reference_text import shown_reference
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly
from shared.messaging.records import Outgoing


@dataclass(slots=True)
class Prepared:
    """Events that go out, and refused declarations. `subjects`: per submission the id of its first accepted item."""

    outgoing: list[Outgoing] = field(default_factory=list)
    refused: dict[str, list[RefusedDeclaration]] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    def refuse(self, envelope: SubmissionEnvelope, declared: Declared, anomalies: list[Anomaly]) -> None:
        """Add a declaration that is refused."""
        refused = RefusedDeclaration(declared.line, shown_reference(declared.fields.get("reference")), anomalies)
        self.refused.setdefault(envelope.submission, []).append(refused)

    def accept(self, envelope: SubmissionEnvelope, outgoing: Outgoing, subject: str) -> None:
        """Add an event that goes out."""
        self.outgoing.append(outgoing)
        self.accepted[envelope.submission] = self.accepted.get(envelope.submission, 0) + 1
        self.subjects.setdefault(envelope.submission, subject)


class CheckedDeclaration(NamedTuple):
    """A declaration whose own fields are right. `alone`: nothing else was sent with it.

    `person`: the id of whom it is about, once it is known; empty for an enterprise's own.
    """

    envelope: SubmissionEnvelope
    declared: Declared
    fields: dict[str, Any]
    warnings: list[Anomaly]
    alone: bool
    person: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """The enterprise and the person that it is about."""
        return self.fields["enterpriseNumber"], self.person

    @property
    def kind(self) -> DeclarationKind:
        """The kind of declaration."""
        return self.declared.kind

    @property
    def organisation(self) -> str:
        """The organisation that sends, whose references these are."""
        return self.envelope.sender.organisation


class NotTaken(NamedTuple):
    """A declaration that is not taken.

    `leans_on`: the id of what it missed, or MISSED_EMPLOYMENT; it may have been refused just before, in the same file.
    """

    anomalies: Sequence[Anomaly]
    leans_on: str | None = None


def subject_of(c: CheckedDeclaration) -> str | None:
    """Derive the id of the training or override that a declaration names by its reference; None without one."""
    reference = c.fields.get("reference")
    if reference is None:
        return None
    if c.kind in (DeclarationKind.ENTITLEMENT_REGISTRATION, DeclarationKind.ENTITLEMENT_CANCELLATION):
        return events.override_id(c.organisation, reference)
    if c.kind in FOR_ALL:
        return events.enterprise_override_id(c.organisation, reference)
    return events.training_id(c.organisation, reference)


def used_before(c: CheckedDeclaration) -> NotTaken:
    """Refuse a declaration whose reference names something else already."""
    return NotTaken([anomaly("referenceAlreadyUsed", "reference", reference=c.fields.get("reference", ""))])


MISSED_EMPLOYMENT: Final = "employment"
"""In the place of an id: an employment of this person here, whichever."""


Examined = tuple[CheckedDeclaration, EventAbout | NotTaken]
"""A declaration and what became of it on the way in, as far as is known yet."""
