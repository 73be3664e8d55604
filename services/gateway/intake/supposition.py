"""What can be supposed of an employment: the same over the API and on the page."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.gateway.intake.asked_body import AskedBody, checked_body
from services.gateway.intake.models import WORD, Date, JointCommittee, OwnDays
from services.gateway.limits import EARLIEST_DAY, LATEST_YEARS_AHEAD
from shared.anomalies import anomaly
from shared.contracts.answers.entitlements import Employment
from shared.contracts.employer_submissions import EndReason
from shared.contracts.vocabulary import Anomaly
from shared.value_types import typed_number

_DAYS = ("startDate", "endDate", "validFrom", "asOf")


class Supposition(AskedBody):
    """What to suppose of an employment; what is left out stays as it is. Nothing of it is recorded.

    `jointCommittee` and `workingTime` hold from `validFrom` on, or all along. `size`: workers of the enterprise, all
    along. `fullTimeDays`: days a year of a full-timer, in the place of the arrangement's. `asOf`: the day at whose end
    the years are shown; today if absent.
    """

    startDate: Date = ""
    endDate: Date = ""
    endReason: Annotated[EndReason, WORD] = "other"
    jointCommittee: JointCommittee = ""
    workingTime: Annotated[Decimal, Field(ge=0, le=1, decimal_places=8), BeforeValidator(typed_number)] = Decimal(1)
    validFrom: Date = ""
    size: Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=4), BeforeValidator(typed_number)] = Decimal(0)
    fullTimeDays: OwnDays = Decimal(0)
    asOf: Date = ""


def checked_supposition(
    content: dict[str, Any], employment: Employment, today: date
) -> tuple[dict[str, Any], list[Anomaly]]:
    """Check a supposition: as it is asked on, and all that is wrong with it."""
    asked, found = checked_body(Supposition, content, _DAYS)
    found += _impossible({} if found else asked, employment, today)
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asked.items()}, found


def _impossible(asked: dict[str, Any], employment: Employment, today: date) -> list[Anomaly]:
    """List what cannot be supposed, though each value is one."""
    latest = f"{today.year + LATEST_YEARS_AHEAD}-12-31"
    found = [
        anomaly("dateTooFar", name, minimum=EARLIEST_DAY, maximum=latest)
        for name in _DAYS
        if name in asked and not EARLIEST_DAY <= asked[name] <= latest
    ]
    start = asked.get("startDate") or employment.start_date.isoformat()
    known_end = None if employment.end_date is None else employment.end_date.isoformat()
    end = asked.get("endDate") or known_end
    if end is not None and end < start:
        found.append(anomaly("endBeforeStart", "endDate" if "endDate" in asked else "startDate"))
    if end is None and "endReason" in asked:
        found.append(anomaly("endReasonWithoutEnd", "endReason"))
    return found
