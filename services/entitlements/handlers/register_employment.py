"""Register an employment: its right is granted, and trainings that came earlier are charged."""

from dataclasses import replace
from typing import Any

from services.entitlements.bookkeeping.account import KnownEmployment
from services.entitlements.handlers.decision_batch import ACCEPTED, UNCHANGED, DecisionBatch, Verdict, accepted, refused
from services.entitlements.handlers.declared_employment import (
    employment_in,
    noteworthy,
    opt_outs_after,
    terms_text,
    wrong_with,
)
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EmploymentData


def register_employment(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on a registration. The same again is unchanged; a cancelled employment's reference is not used again."""
    data: EmploymentData = event["data"]
    if wrong := wrong_with(data):
        return refused(*wrong)
    account, employment = batch.account(dict(data)), employment_in(data)
    known = account.employments.get(employment.id)
    if known is not None and known.cancelled:
        return refused(anomaly("employmentCancelled", "reference" if "reference" in data else "startDate"))
    if known is not None:
        if known.employment != employment or known.opt_outs != opt_outs_after(data, known):
            return _used_before(data)
        return _named_anew(batch, event, known) if data.get("nameChanged") else UNCHANGED
    if batch.owners.get(employment.id, account.pair) != account.pair:
        return _used_before(data)
    warnings = noteworthy(account, employment)
    registered = KnownEmployment(
        employment,
        1,
        data["sender"],
        data.get("reference"),
        terms_text(data["terms"]),
        opt_outs=opt_outs_after(data, None),
    )
    batch.employ(event, registered, list(data["terms"]), "registered")
    return accepted(warnings)


def _named_anew(batch: DecisionBatch, event: Any, known: KnownEmployment) -> Verdict:
    """Add a version for somebody whose name changed: it shows that something changed."""
    data: EmploymentData = event["data"]
    batch.employ(event, replace(known, version=known.version + 1), list(data["terms"]), "changed")
    return ACCEPTED


def _used_before(data: EmploymentData) -> Verdict:
    reference = data.get("reference")
    if reference is None:
        return refused(anomaly("employmentOverlaps", "startDate"))
    return refused(anomaly("referenceAlreadyUsed", "reference", reference=reference))
