"""What each client sends: the bodies of the REST API, one file per employer."""

from typing import Any, Final

from deploy.demo.generator.cast import BAKERY, ENTERPRISES, LOGISTICS
from deploy.demo.generator.sessions import Participation, participations
from deploy.demo.generator.sizes import EMPLOYERS, Employer
from deploy.demo.generator.staff import DemoEmployment, employments

_BY_KEY: Final = {enterprise.key: enterprise for enterprise in ENTERPRISES}


def submissions() -> dict[str, dict[str, Any]]:
    """Make the bodies to send (dict[key of the employer, client, enterprise, employments, entitlements, trainings])."""
    staff = employments()
    followed = participations(staff)
    return {employer.enterprise.key: _of_employer(employer, staff, followed) for employer in EMPLOYERS}


def _of_employer(employer: Employer, staff: list[DemoEmployment], followed: list[Participation]) -> dict[str, Any]:
    own = employer.enterprise
    return {
        "client": employer.client,
        "enterprise": {
            "enterpriseNumber": own.number,
            "name": own.name,
            "jointCommittees": list(employer.committees),
            "sizes": employer.sizes(),
        },
        "employments": [_employment(line) for line in staff if line.enterprise is own],
        "entitlements": [_entitlement(line) for line in staff if line.enterprise is own and line.reference in _GRANTED],
        "trainings": [_training(line) for line in followed if line.employment.enterprise is own],
    }


_GRANTED: Final = {
    # The bakery is too small for a right and grants one voluntarily.
    "BM-002": {"year": 2026, "basis": "resultingDays", "days": "2", "rightType": "company"},
    # A new planner gets more than the arrangement gives.
    "NZ-003": {"year": 2026, "basis": "fullTimeDays", "days": "8", "rightType": "company"},
}
_REASONS: Final = {
    BAKERY.key: "Freiwillig gewährt für die Meisterausbildung.",
    LOGISTICS.key: "Extra dagen bij de nieuwe functie van planner.",
}


def _entitlement(line: DemoEmployment) -> dict[str, Any]:
    return {
        "reference": f"{line.reference}-2026",
        "ssin": line.person.ssin,
        "enterpriseNumber": line.enterprise.number,
        "employmentReference": line.reference,
        "reason": _REASONS[line.enterprise.key],
    } | _GRANTED[line.reference]


def _employment(line: DemoEmployment) -> dict[str, Any]:
    body: dict[str, Any] = {
        "reference": line.reference,
        "ssin": line.person.ssin,
        "givenName": line.person.given_name,
        "familyName": line.person.family_name,
        "enterpriseNumber": line.enterprise.number,
        "startDate": line.start.isoformat(),
        "terms": [
            {
                "validFrom": terms.valid_from.isoformat(),
                "jointCommittee": terms.joint_committee,
                "workingTime": terms.working_time,
            }
            for terms in line.terms
        ],
    }
    if line.end is not None:
        body |= {"endDate": line.end.isoformat(), "endReason": line.end_reason}
    return body


def _training(line: Participation) -> dict[str, Any]:
    """Build a training, without a status wherever possible: what has ended is completed, what lies ahead is planned."""
    course = line.course
    body: dict[str, Any] = {
        "reference": line.reference,
        "ssin": line.employment.person.ssin,
        "enterpriseNumber": line.employment.enterprise.number,
        "title": course.title,
        "startDate": line.start.isoformat(),
        "endDate": line.end.isoformat(),
        "duration": _duration(course.minutes),
        "kind": course.kind,
        "context": course.context,
        "rightType": course.right_type,
        "provider": _provider(line),
        "language": _language(line),
        "modality": course.modality,
        "theme": course.theme,
    }
    if line.missed:
        body["status"] = "notFollowed"
    elif course.certificate_years is not None:
        until = line.end.replace(year=line.end.year + course.certificate_years, day=min(line.end.day, 28))
        body["certificate"] = {"awarded": True, "validUntil": until.isoformat()}
    return body


def _provider(line: Participation) -> dict[str, Any]:
    key = line.course.provider
    if key is None:
        own = line.employment.enterprise
        return {"name": own.name, "enterpriseNumber": own.number, "internal": True}
    known = _BY_KEY.get(key)
    if known is None:
        return {"name": key, "internal": False}
    return {"name": known.name, "enterpriseNumber": known.number, "internal": False}


_LANGUAGES: Final = {"Frans ": "fr", "Französisch ": "fr", "Néerlandais ": "nl", "Engels ": "en"}


def _language(line: Participation) -> str:
    """Choose the language it was given in: that of the enterprise, except for language courses."""
    of_course = next((code for word, code in _LANGUAGES.items() if line.course.title.startswith(word)), None)
    return of_course or {"morgenrot": "de", "beauregard": "fr"}.get(line.employment.enterprise.key, "nl")


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
