"""Trainings and own figures on the way in: whose they are, and which employment they are about. Pure."""

from collections.abc import Sequence
from datetime import date

from services.gateway.intake import events, known_employments
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.events import Made
from services.gateway.intake.known_employments import Employment, KnownEmployments
from services.gateway.intake.prepared import MISSED_EMPLOYMENT, Checked, Turned
from shared.anomalies import anomaly

Kind = DeclarationKind
MOST_NAMED = 5


def register_training(c: Checked, own: Sequence[Employment], *, unknown_employment: str) -> Made | Turned:
    """A training of somebody employed here."""
    warnings = c.warnings
    # The same answer whether the person is unknown, or known elsewhere: a national number opens nothing.
    if not own and unknown_employment == "refuse":
        return Turned([anomaly("employmentNotFound", "ssin")], MISSED_EMPLOYMENT)
    start, end = date.fromisoformat(c.fields["startDate"]), date.fromisoformat(c.fields["endDate"])
    if not known_employments.cover(own, start, end):
        warnings = [*warnings, anomaly("outsideEmployment", "startDate")]
    return events.training(c.envelope, c.declared, c.fields, c.person, warnings)


def amend_training(c: Checked) -> Made:
    """A correction or cancellation; registration knows the training."""
    return events.training(c.envelope, c.declared, c.fields, c.person, c.warnings)


def register_entitlement(c: Checked, own: Sequence[Employment]) -> Made | Turned:
    """An own figure for the one employment it can be about. None is guessed where it could be several."""
    field, meant = "ssin", c.fields.get("employmentId")
    if meant:
        field = "employmentId"
    if "employmentReference" in c.fields:
        field, meant = "employmentReference", events.employment_id(c.organisation, c.fields["employmentReference"])
    if meant:
        own = [employment for employment in own if employment.id == meant]
    in_year = [employment for employment in own if employment.touches(c.fields["year"])]
    if not own:
        return Turned([anomaly("employmentNotFound", field)], MISSED_EMPLOYMENT)
    if not in_year:
        return Turned([anomaly("yearOutsideEmployment", "year")])
    if len(in_year) > 1:
        ordered = sorted(in_year, key=lambda e: (e.start, e.id))[:MOST_NAMED]
        names = ", ".join(employment.reference or employment.id for employment in ordered)
        return Turned([anomaly("ambiguousEmployment", "employmentReference", employments=names)])
    return events.entitlement(c.envelope, c.declared, c.fields, c.person, in_year[0].id, c.warnings)


def cancel_entitlement(c: Checked) -> Made:
    """An own figure taken back; entitlements knows the figure."""
    return events.entitlement_cancellation(c.envelope, c.declared, c.fields, c.person)


def subject_of(c: Checked) -> str | None:
    """The id of the training or own figure that a declaration names by its reference."""
    reference = c.fields.get("reference")
    if reference is None:
        return None
    if c.kind in (Kind.ENTITLEMENT_REGISTRATION, Kind.ENTITLEMENT_CANCELLATION):
        return events.entitlement_id(c.organisation, reference)
    return events.training_id(c.organisation, reference)


def look(c: Checked, known: KnownEmployments, *, unknown_employment: str) -> Made | Turned:
    """What becomes of one declaration about a training or an own figure."""
    own = known.of(c.pair)
    if c.kind is Kind.TRAINING_REGISTRATION:
        return register_training(c, own, unknown_employment=unknown_employment)
    if c.kind is Kind.ENTITLEMENT_REGISTRATION:
        return register_entitlement(c, own)
    if c.kind is Kind.ENTITLEMENT_CANCELLATION:
        return cancel_entitlement(c)
    return amend_training(c)
