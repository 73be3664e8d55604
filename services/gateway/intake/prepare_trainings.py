"""Trainings on the way in: of whom, and whether they are employed here. Pure."""

from datetime import date

from services.gateway.intake import events, known_employments
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.events import EventAbout
from services.gateway.intake.known_employments import KnownEmployments
from services.gateway.intake.prepared import MISSED_EMPLOYMENT, CheckedDeclaration, NotTaken
from shared.anomalies import anomaly


def prepare_training(
    c: CheckedDeclaration, known: KnownEmployments, *, unknown_employment: str
) -> EventAbout | NotTaken:
    """Prepare a registration, correction or cancellation; whether a corrected training exists, registration knows."""
    if c.kind is not DeclarationKind.TRAINING_REGISTRATION:
        return events.training(c.envelope, c.declared, c.fields, c.person, c.warnings)
    employments = known.of(c.pair)
    # The same answer whether the person is unknown, or known elsewhere: a national number opens nothing.
    if not employments and unknown_employment == "refuse":
        return NotTaken([anomaly("employmentNotFound", "ssin")], MISSED_EMPLOYMENT)
    warnings = c.warnings
    start, end = date.fromisoformat(c.fields["startDate"]), date.fromisoformat(c.fields["endDate"])
    if not known_employments.cover(employments, start, end):
        warnings = [*warnings, anomaly("outsideEmployment", "startDate")]
    return events.training(c.envelope, c.declared, c.fields, c.person, warnings)
