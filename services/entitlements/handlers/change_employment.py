"""Change an employment: its dates, its end, its terms. Every year it touches is calculated anew."""

from dataclasses import replace
from typing import Any

from services.entitlements.bookkeeping.account import KnownEmployment
from services.entitlements.handlers.decision_batch import UNCHANGED, DecisionBatch, Verdict, accepted, refused
from services.entitlements.handlers.declared_employment import (
    employment_in,
    noteworthy,
    opt_outs_after,
    terms_text,
    wrong_with,
)
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EmploymentData
from shared.contracts.vocabulary import Anomaly


def change_employment(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on a change of an employment, which must be known as this person's at this enterprise."""
    data: EmploymentData = event["data"]
    if wrong := wrong_with(data):
        return refused(*wrong)
    account, employment = batch.account(dict(data)), employment_in(data)
    known = account.employments.get(employment.id)
    if known is None:
        return refused(anomaly("employmentNotFound", "reference" if "reference" in data else "employmentId"))
    if conflict := _conflict(known, data):
        return refused(conflict)
    opt_outs = opt_outs_after(data, known)
    if (known.employment, known.opt_outs) == (employment, opt_outs) and not data.get("nameChanged"):
        return UNCHANGED
    changed = replace(
        known,
        employment=employment,
        version=known.version + 1,
        terms=terms_text(data["terms"]),
        opt_outs=opt_outs,
    )
    batch.employ(event, changed, list(data["terms"]), "changed")
    return accepted(noteworthy(account, employment))


def _conflict(known: KnownEmployment, data: EmploymentData) -> Anomaly | None:
    if known.cancelled:
        return anomaly("employmentCancelled")
    expected = data.get("expectedVersion")
    if expected is not None and expected != known.version:
        return anomaly("versionConflict", "expectedVersion", current=known.version)
    return None
