"""Employments as they are declared, when they are registered and when they are changed."""

from datetime import date
from decimal import Decimal

import orjson

from services.entitlements.bookkeeping.account import Account, KnownEmployment, employment_of, opt_outs_in
from services.entitlements.domain.amounts import exact_text
from services.entitlements.domain.employments import Employment, together_over_full_time
from services.entitlements.domain.rights.overrides import OptOut, first_overlap
from services.entitlements.domain.working_days import USUAL_WEEK
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EmploymentData, Terms
from shared.contracts.vocabulary import Anomaly


def wrong_with(data: EmploymentData) -> list[Anomaly]:
    """Find what contradicts itself in a declaration. The gateway has looked too."""
    found = []
    end = data.get("endDate")
    if end is not None and end < data["startDate"]:
        found.append(anomaly("endBeforeStart", "endDate"))
    previous = ""
    for index, terms in enumerate(data["terms"]):
        expected = terms["validFrom"] == data["startDate"] if index == 0 else terms["validFrom"] > previous
        if not expected:
            found.append(anomaly("termsOutOfOrder", f"terms[{index}].validFrom"))
        week = Decimal(terms.get("fullTimeWeek", USUAL_WEEK))
        if not 0 <= Decimal(terms.get("weeklyHours", 0)) <= week or week <= 0:
            found.append(anomaly("outOfRange", f"terms[{index}].weeklyHours", minimum=0, maximum=exact_text(week)))
        if not 0 <= Decimal(terms["fraction"]) <= 1:
            found.append(anomaly("outOfRange", f"terms[{index}].workingTime", minimum=0, maximum=1))
        previous = terms["validFrom"]
    if not data["terms"]:
        found.append(anomaly("requiredInput", "terms"))
    if (overlap := first_overlap(opt_outs_in(data.get("optOuts", ())))) is not None:
        found.append(anomaly("optOutsOverlap", f"optOuts[{overlap}].validFrom"))
    return found


def employment_in(data: EmploymentData) -> Employment:
    """Build the employment that is declared."""
    end = data.get("endDate")
    return employment_of(
        data["employment"],
        data["person"],
        data["enterprise"],
        date.fromisoformat(data["startDate"]),
        None if end is None else date.fromisoformat(end),
        data.get("endReason"),
        terms_text(data["terms"]),
        data.get("restAgreed"),
    )


def opt_outs_after(data: EmploymentData, known: KnownEmployment | None) -> tuple[OptOut, ...]:
    """Tell which opt-outs hold after a declaration: what it says, else what was known."""
    if "optOuts" in data:
        return opt_outs_in(data["optOuts"])
    return () if known is None else known.opt_outs


def terms_text(terms: list[Terms]) -> str:
    """Write terms as they are stored."""
    return orjson.dumps(terms).decode()


def noteworthy(account: Account, employment: Employment) -> list[Anomaly]:
    """Find the warnings that this employment gives beside the person's others at this enterprise."""
    others = [
        known.employment for id_, known in account.employments.items() if not known.cancelled and id_ != employment.id
    ]
    found = []
    if any(other.start == employment.start for other in others):
        found.append(anomaly("looksLikeAnother", "startDate"))
    if together_over_full_time(employment, others):
        found.append(anomaly("workingTimeOverFull", "terms[0].workingTime"))
    return found
