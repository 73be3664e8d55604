"""What must hold between the fields of one declaration, beyond each field's own form.

A field that has no right form is not there: what is wrong with it is said already, and the rest is checked without it.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from services.gateway.intake.declared import DeclarationKind
from services.gateway.limits import EARLIEST_DAY, LATEST_YEARS_AHEAD, LONGEST_TRAINING_DAYS
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly
from shared.identifiers import is_valid_enterprise_number, is_valid_ssin
from shared.reference.joint_committees import is_known

MINUTES_A_DAY = 24 * 60

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?")

Fields = dict[str, Any]

# What stands in for a field that is not there, so that nothing is said of it.
_RIGHT_NUMBER = "0403019261"
_RIGHT_COMMITTEE = "200"

USUAL_WEEK = 38
"""Hours a week of a full-timer where nothing else is said."""
_LEFT_TO_AGREEMENT = frozenset({"mutualAgreement", "endOfTerm", "retirement", "other"})
"""Reasons of the end that leave open what becomes of the rest of the credit."""
_NO_END = "9999-12-31"


@lru_cache(maxsize=4096)
def minutes(duration: str) -> int:
    """Read an ISO 8601 duration in minutes: `PT7H36M` -> 456. Cached: a file has few different ones."""
    match = _DURATION.fullmatch(duration)
    assert match is not None
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def _day(fields: Fields, name: str, found: list[Anomaly], path: str | None = None) -> date | None:
    """Read a field as a day; adds an anomaly to `found` where the calendar has no such day."""
    text = fields.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        found.append(anomaly("invalidDate", path or name))
        return None


def _identity(fields: Fields, found: list[Anomaly]) -> None:
    # A person whom the gateway knows has no number here.
    if "ssin" in fields and not is_valid_ssin(fields["ssin"]):
        found.append(anomaly("invalidSsin", "ssin"))
    if not is_valid_enterprise_number(fields.get("enterpriseNumber", _RIGHT_NUMBER)):
        found.append(anomaly("invalidEnterpriseNumber", "enterpriseNumber"))


def _period(fields: Fields, first: str, last: str, today: str, found: list[Anomaly]) -> tuple[date | None, date | None]:
    start, end = _day(fields, first, found), _day(fields, last, found)
    latest = _latest(today)
    far = [n for n, day in ((first, start), (last, end)) if day is not None and not EARLIEST_DAY <= fields[n] <= latest]
    if far:
        found += [anomaly("dateTooFar", name, minimum=EARLIEST_DAY, maximum=latest) for name in far]
        return None, None
    if start and end and end < start:
        found.append(anomaly("endBeforeStart", last))
        return None, None
    return start, end


def _latest(today: str) -> str:
    return f"{int(today[:4]) + LATEST_YEARS_AHEAD}-12-31"


def training(fields: Fields, today: str) -> list[Anomaly]:
    """Check a registered or corrected training."""
    found: list[Anomaly] = []
    _identity(fields, found)
    start, end = _period(fields, "startDate", "endDate", today, found)
    lasted = minutes(fields["duration"]) if "duration" in fields else None
    if lasted == 0:
        found.append(anomaly("durationTooShort", "duration"))
    if start and end:
        days = (end - start).days + 1
        if days > LONGEST_TRAINING_DAYS:
            found.append(anomaly("periodTooLong", "endDate", maximum=LONGEST_TRAINING_DAYS))
        if lasted is not None and lasted > days * MINUTES_A_DAY:
            found.append(anomaly("durationExceedsPeriod", "duration"))
        _status(fields, today, found)
    charged = fields.get("chargedDuration")
    if charged is not None and lasted is not None and minutes(charged) > lasted:
        found.append(anomaly("chargedMoreThanDuration", "chargedDuration"))
    provider = fields.get("provider")
    if provider and "enterpriseNumber" in provider and not is_valid_enterprise_number(provider["enterpriseNumber"]):
        found.append(anomaly("invalidEnterpriseNumber", "provider.enterpriseNumber"))
    certificate = fields.get("certificate")
    if certificate:
        _day(certificate, "validUntil", found, "certificate.validUntil")
    return found


def _status(fields: Fields, today: str, found: list[Anomaly]) -> None:
    """Check a status against the calendar; where there is none: completed once it has ended, else planned."""
    status = fields.get("status")
    if status is None:
        fields["status"] = "completed" if fields["endDate"] <= today else "planned"
    elif status == "completed" and fields["endDate"] > today:
        found.append(anomaly("completedInFuture", "status"))
    elif status == "planned" and fields["endDate"] < today:
        found.append(anomaly("plannedInPast", "status"))


def training_change(fields: Fields, today: str) -> list[Anomaly]:
    """Check a correction: a training, and which one."""
    return _names_one(fields, "trainingId") + training(fields, today)


def cancellation(identifier: str) -> Callable[[Fields, str], list[Anomaly]]:
    """Make the check of a cancellation: who, where, and which one (`identifier`: the field of its id)."""

    def check(fields: Fields, _: str) -> list[Anomaly]:
        found = _names_one(fields, identifier)
        _identity(fields, found)
        return found

    return check


def _names_one(fields: Fields, identifier: str) -> list[Anomaly]:
    return [] if "reference" in fields or identifier in fields else [anomaly("requiredInput", "reference")]


def employment(fields: Fields, today: str) -> list[Anomaly]:
    """Check an employment with its dated terms."""
    found: list[Anomaly] = []
    _identity(fields, found)
    _, end = _period(fields, "startDate", "endDate", today, found)
    if "endReason" in fields and "endDate" not in fields:
        found.append(anomaly("endReasonWithoutEnd", "endReason"))
    if "restAgreed" in fields and fields.get("endReason") not in _LEFT_TO_AGREEMENT:
        found.append(anomaly("restNotLeftToAgreement", "restAgreed"))
    # Terms are not compared with a day that is none.
    hired = "" if anomaly("invalidDate", "startDate") in found else fields.get("startDate", "")
    previous = ""
    for index, terms in enumerate(fields.get("terms", ())):
        path, first = f"terms[{index}].", terms.get("validFrom", "")
        if _day(terms, "validFrom", found, path + "validFrom"):
            if hired if index == 0 else previous:
                in_order = first == hired if index == 0 else first > previous
                if not in_order:
                    found.append(anomaly("termsOutOfOrder", path + "validFrom"))
                elif end is not None and first > fields["endDate"]:
                    found.append(anomaly("termsAfterEnd", path + "validFrom"))
            previous = first
        if not is_known(terms.get("jointCommittee", _RIGHT_COMMITTEE)):
            found.append(anomaly("unknownJointCommittee", path + "jointCommittee"))
        found += _working_time(terms, path)
    found += _opt_outs(fields, today)
    return found


def _working_time(terms: Fields, path: str) -> list[Anomaly]:
    """Check that working time is said once: as a fraction, or as hours a week of no more than a full-timer's."""
    hours, fraction, week = terms.get("weeklyHours"), terms.get("workingTime"), terms.get("fullTimeWeek", USUAL_WEEK)
    if hours is None:
        return [] if fraction is not None else [anomaly("requiredInput", path + "workingTime")]
    if fraction is not None:
        return [anomaly("workingTimeTwice", path + "weeklyHours")]
    return [anomaly("outOfRange", path + "weeklyHours", minimum=0, maximum=week)] if hours > week else []


def _opt_outs(fields: Fields, today: str) -> list[Anomaly]:
    """Check opt-outs: periods that do not overlap, in whatever order they are given."""
    found: list[Anomaly] = []
    latest = _latest(today)
    periods: list[tuple[str, str, int]] = []
    for index, one in enumerate(fields.get("optOuts", ())):
        path = f"optOuts[{index}]."
        start, end = (
            _day(one, "validFrom", found, path + "validFrom"),
            _day(one, "validUntil", found, path + "validUntil"),
        )
        far = [
            n for n, day in (("validFrom", start), ("validUntil", end)) if day and not EARLIEST_DAY <= one[n] <= latest
        ]
        found += [anomaly("dateTooFar", path + name, minimum=EARLIEST_DAY, maximum=latest) for name in far]
        if start and end and end < start:
            found.append(anomaly("endBeforeStart", path + "validUntil"))
        elif start:
            periods.append((one["validFrom"], one.get("validUntil", _NO_END), index))
    for (_, earlier_end, _), (later_start, _, index) in pairwise(sorted(periods)):
        if later_start <= earlier_end:
            found.append(anomaly("optOutsOverlap", f"optOuts[{index}].validFrom"))
    return found


def employment_change(fields: Fields, today: str) -> list[Anomaly]:
    """Check a change: an employment, and which one."""
    return _names_one(fields, "employmentId") + employment(fields, today)


def entitlement(fields: Fields, _: str) -> list[Anomaly]:
    """Check an override of a year or several, of a person or of everybody."""
    found: list[Anomaly] = []
    _identity(fields, found)
    start, end = _day(fields, "validFrom", found), _day(fields, "validUntil", found)
    if start and end and end < start:
        found.append(anomaly("endBeforeStart", "validUntil"))
    year = fields.get("year")
    last = fields.get("untilYear", year)
    if year is None:
        return found
    if last < year:
        found.append(anomaly("untilYearBeforeYear", "untilYear"))
        return found
    for name, day, its_year in (("validFrom", start, year), ("validUntil", end, last)):
        if day and day.year != its_year:
            found.append(anomaly("dateTooFar", name, minimum=f"{its_year}-01-01", maximum=f"{its_year}-12-31"))
    return found


def enterprise(fields: Fields, today: str) -> list[Anomaly]:
    """Check an enterprise with its joint committees and dated sizes."""
    found: list[Anomaly] = []
    if not is_valid_enterprise_number(fields.get("enterpriseNumber", _RIGHT_NUMBER)):
        found.append(anomaly("invalidEnterpriseNumber", "enterpriseNumber"))
    found += [
        anomaly("unknownJointCommittee", f"jointCommittees[{index}]")
        for index, code in enumerate(fields.get("jointCommittees", ()))
        if not is_known(code)
    ]
    for index, size in enumerate(fields.get("sizes", ())):
        path = f"sizes[{index}]."
        start = _day(size, "validFrom", found, path + "validFrom")
        end = _day(size, "validUntil", found, path + "validUntil")
        for name, day in (("validFrom", start), ("validUntil", end)):
            if day and not EARLIEST_DAY <= size[name] <= _latest(today):
                found.append(anomaly("dateTooFar", path + name, minimum=EARLIEST_DAY, maximum=_latest(today)))
        if start and end and end < start:
            found.append(anomaly("endBeforeStart", path + "validUntil"))
    return found + _quarters(fields, today) + _opt_outs(fields, today)


def _quarters(fields: Fields, today: str) -> list[Anomaly]:
    """Check declared quarters: each once, and over."""
    found: list[Anomaly] = []
    named: set[tuple[int, int]] = set()
    for index, one in enumerate(fields.get("quarters", ())):
        year, quarter = one.get("year"), one.get("quarter")
        if year is None or quarter is None:
            continue
        if (year, quarter) in named:
            found.append(anomaly("quarterTwice", f"quarters[{index}].quarter"))
        named.add((year, quarter))
        # The last day of a quarter is the 30th or the 31st of its third month.
        if f"{year}-{quarter * 3:02}-31" > today:
            found.append(anomaly("quarterNotOver", f"quarters[{index}].quarter"))
    return found


RULES: dict[DeclarationKind, Callable[[Fields, str], list[Anomaly]]] = {
    DeclarationKind.TRAINING_REGISTRATION: training,
    DeclarationKind.TRAINING_CORRECTION: training_change,
    DeclarationKind.TRAINING_CANCELLATION: cancellation("trainingId"),
    DeclarationKind.EMPLOYMENT_REGISTRATION: employment,
    DeclarationKind.EMPLOYMENT_CHANGE: employment_change,
    DeclarationKind.EMPLOYMENT_CANCELLATION: cancellation("employmentId"),
    DeclarationKind.ENTITLEMENT_REGISTRATION: entitlement,
    DeclarationKind.ENTITLEMENT_CANCELLATION: cancellation("entitlementId"),
    DeclarationKind.ENTERPRISE_REGISTRATION: enterprise,
    DeclarationKind.ENTERPRISE_ENTITLEMENT_REGISTRATION: entitlement,
    DeclarationKind.ENTERPRISE_ENTITLEMENT_CANCELLATION: cancellation("entitlementId"),
}
