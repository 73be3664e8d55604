"""Overrides (an enterprise's own figure for a person's year) on the way in: which employment they are about. Pure."""

from typing import Final

from services.gateway.intake import events
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.events import EventAbout
from services.gateway.intake.known_employments import KnownEmployments
from services.gateway.intake.prepared import MISSED_EMPLOYMENT, CheckedDeclaration, NotTaken
from shared.anomalies import anomaly

_MOST_NAMED: Final = 5
"""Employments that are named where it could be about several."""


def prepare_override(c: CheckedDeclaration, known: KnownEmployments) -> EventAbout | NotTaken:
    """Prepare a registration for the one employment it can be about, or a cancellation; none is guessed of several."""
    if c.kind is DeclarationKind.ENTITLEMENT_CANCELLATION:
        return events.override_cancellation(c.envelope, c.declared, c.fields, c.person)
    employments = known.of(c.pair)
    field, meant = "ssin", c.fields.get("employmentId")
    if meant:
        field = "employmentId"
    if "employmentReference" in c.fields:
        field, meant = "employmentReference", events.employment_id(c.organisation, c.fields["employmentReference"])
    if meant:
        employments = [employment for employment in employments if employment.id == meant]
    in_year = [employment for employment in employments if employment.touches(c.fields["year"])]
    if not employments:
        return NotTaken([anomaly("employmentNotFound", field)], MISSED_EMPLOYMENT)
    if not in_year:
        return NotTaken([anomaly("yearOutsideEmployment", "year")])
    if len(in_year) > 1:
        ordered = sorted(in_year, key=lambda e: (e.start, e.id))[:_MOST_NAMED]
        names = ", ".join(employment.reference or employment.id for employment in ordered)
        return NotTaken([anomaly("ambiguousEmployment", "employmentReference", employments=names)])
    return events.override(c.envelope, c.declared, c.fields, c.person, in_year[0].id, c.warnings)
