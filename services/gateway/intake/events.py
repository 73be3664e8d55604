"""The events that accepted declarations become, with identifiers that any retry derives alike."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from services.gateway.intake.declared import DeclarationKind, Declared, SubmissionEnvelope
from services.gateway.intake.rules import USUAL_WEEK, minutes
from shared.contracts import employer_submissions, training_submissions
from shared.contracts.envelope import encode, event
from shared.contracts.vocabulary import Anomaly
from shared.identifiers import derived_id
from shared.messaging.records import Outgoing
from shared.reference.joint_committees import dotted

Kind = DeclarationKind
EventAbout = tuple[Outgoing, str]
"""The event on its way out, and the id of what it is about."""

_SOURCE = "urn:fla:gateway"
_NOT_CONTENT = frozenset(
    {
        "reference", "ssin", "enterpriseNumber", "duration", "chargedDuration", "reason", "trainingId",
        "expectedVersion", "distinct",
    }
)  # fmt: skip
_FRACTION_DECIMALS = 8
_COUNTS = frozenset({"fullTimeEquivalents", "heads"})
_DEFAULTS = {"kind": "formal", "context": "professional", "rightType": "legal"}

_TYPES = {
    Kind.TRAINING_REGISTRATION: "be.fla.training.registration-submitted.v1",
    Kind.TRAINING_CORRECTION: "be.fla.training.correction-submitted.v1",
    Kind.TRAINING_CANCELLATION: "be.fla.training.cancellation-submitted.v1",
    Kind.EMPLOYMENT_REGISTRATION: "be.fla.employment.registration-submitted.v1",
    Kind.EMPLOYMENT_CHANGE: "be.fla.employment.change-submitted.v1",
    Kind.EMPLOYMENT_CANCELLATION: "be.fla.employment.cancellation-submitted.v1",
    Kind.ENTITLEMENT_REGISTRATION: "be.fla.entitlement.registration-submitted.v1",
    Kind.ENTITLEMENT_CANCELLATION: "be.fla.entitlement.cancellation-submitted.v1",
    Kind.ENTERPRISE_REGISTRATION: "be.fla.enterprise.registration-submitted.v1",
    Kind.ENTERPRISE_ENTITLEMENT_REGISTRATION: "be.fla.enterprise-entitlement.registration-submitted.v1",
    Kind.ENTERPRISE_ENTITLEMENT_CANCELLATION: "be.fla.enterprise-entitlement.cancellation-submitted.v1",
}


def training_id(organisation: str, reference: str) -> str:
    """Derive the id of the training that this organisation calls by this reference."""
    return derived_id("training", organisation, reference)


def employment_id(organisation: str, reference: str) -> str:
    """Derive the id of the employment that this organisation calls by this reference."""
    return derived_id("employment", organisation, reference)


def override_id(organisation: str, reference: str) -> str:
    """Derive the id of the override that this organisation calls by this reference."""
    return derived_id("entitlement", organisation, reference)


def enterprise_override_id(organisation: str, reference: str) -> str:
    """Derive the id of the override for everybody that this organisation calls by this reference."""
    return derived_id("enterprise-entitlement", organisation, reference)


def unnamed_employment_id(
    enterprise_number: str, person: str, start: str, committee: str | None = None, number: int = 0
) -> str:
    """Derive the id of an employment without a reference: of a person, here, from a day, under a joint committee.

    `number`: how many before it were cancelled. Without a committee: as ids were made before it took part.
    """
    parts = () if committee is None else (committee,) if number == 0 else (committee, number)
    return derived_id("employment", enterprise_number, person, start, *parts)


def training(
    envelope: SubmissionEnvelope, declared: Declared, fields: dict[str, Any], person: str, warnings: list[Anomaly]
) -> EventAbout:
    """Make the event of a training's registration, correction or cancellation."""
    item = _item(envelope, declared)
    organisation = envelope.sender.organisation
    reference = fields.get("reference")
    subject = fields.get("trainingId") or (
        training_id(organisation, reference) if reference else derived_id("training", item["id"])
    )
    data: dict[str, Any] = {
        "item": item,
        "training": subject,
        "person": person,
        "enterprise": fields["enterpriseNumber"],
        "sender": organisation,
        "receivedAt": envelope.received_at,
    }
    if declared.kind is not Kind.TRAINING_CANCELLATION:
        data["content"] = _content(fields)
        if "status" not in declared.fields:
            data["defaulted"] = ["status"]
    if declared.kind is Kind.TRAINING_REGISTRATION:
        data["registeredBy"] = envelope.sender.acts_as(fields["enterpriseNumber"])
        if reference:
            data["reference"] = reference
        if fields.get("distinct"):
            data["distinct"] = True
    if warnings:
        data["warnings"] = [warning["code"] for warning in warnings]
    _copy(fields, data, "reason", "expectedVersion")
    return _outgoing(envelope, declared, data, training_submissions.TOPIC, person, subject), subject


def _content(fields: dict[str, Any]) -> dict[str, Any]:
    """Write what is declared in one notation: every default filled in, and left out where leaving out says the same.

    What depends on the day is filled in before (`rules`), and named in the event as `defaulted`.
    """
    content = _DEFAULTS | {name: value for name, value in fields.items() if name not in _NOT_CONTENT}
    content["minutes"] = minutes(fields["duration"])
    if "chargedDuration" in fields:
        charged = minutes(fields["chargedDuration"])
        if charged != content["minutes"]:
            content["chargedMinutes"] = charged
    if (provider := content.get("provider")) and provider.get("internal") is False:
        content["provider"] = {name: value for name, value in provider.items() if name != "internal"}
    return content


def employment(
    envelope: SubmissionEnvelope,
    declared: Declared,
    fields: dict[str, Any],
    person: str,
    subject: str,
    warnings: list[Anomaly],
    *,
    name_changed: bool,
) -> EventAbout:
    """Make the event of an employment, new or changed. `subject`: its id. Of a name only whether it changed travels."""
    data: dict[str, Any] = {
        "item": _item(envelope, declared),
        "employment": subject,
        "person": person,
        "enterprise": fields["enterpriseNumber"],
        "sender": envelope.sender.organisation,
        "receivedAt": envelope.received_at,
        "startDate": fields["startDate"],
        "terms": [_terms(terms) for terms in fields["terms"]],
    }
    if name_changed:
        data["nameChanged"] = True
    if warnings:
        data["warnings"] = warnings
    _copy(fields, data, "reference", "endDate", "endReason", "restAgreed", "optOuts", "reason", "expectedVersion")
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, person, subject), subject


def _terms(fields: dict[str, Any]) -> dict[str, str]:
    """Write terms in one notation: the usual week is left out; hours a week come with the fraction that they are."""
    terms = {"validFrom": fields["validFrom"], "jointCommittee": dotted(fields["jointCommittee"])}
    week, hours = fields.get("fullTimeWeek", USUAL_WEEK), fields.get("weeklyHours")
    if hours is None:
        terms["fraction"] = str(fields["workingTime"])
    else:
        terms |= {"fraction": plain(round(hours / Decimal(week), _FRACTION_DECIMALS)), "weeklyHours": plain(hours)}
    if week != USUAL_WEEK:
        terms["fullTimeWeek"] = plain(week)
    return terms


def plain(number: Decimal) -> str:
    """Write a number without an exponent and without zeros at its end."""
    return format(number.normalize(), "f")


def employment_cancellation(
    envelope: SubmissionEnvelope, declared: Declared, fields: dict[str, Any], person: str, subject: str
) -> EventAbout:
    """Make the event that cancels an employment. `subject`: its id."""
    data = {
        "item": _item(envelope, declared),
        "employment": subject,
        "person": person,
        "enterprise": fields["enterpriseNumber"],
        "sender": envelope.sender.organisation,
        "receivedAt": envelope.received_at,
    }
    _copy(fields, data, "reason")
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, person, subject), subject


def override(
    envelope: SubmissionEnvelope,
    declared: Declared,
    fields: dict[str, Any],
    person: str,
    employment_: str,
    warnings: list[Anomaly],
) -> EventAbout:
    """Make the event of an override: the employer's own figure for a person's year."""
    item = _item(envelope, declared)
    reference = fields.get("reference")
    organisation = envelope.sender.organisation
    subject = override_id(organisation, reference) if reference else derived_id("entitlement", item["id"])
    data: dict[str, Any] = {
        "item": item,
        "entitlement": subject,
        "employment": employment_,
        "person": person,
        "enterprise": fields["enterpriseNumber"],
        "sender": organisation,
        "receivedAt": envelope.received_at,
        "year": fields["year"],
        **_own_figure(fields),
    }
    if warnings:
        data["warnings"] = warnings
    _copy(fields, data, "reference", "untilYear", "validFrom", "validUntil", "collectiveAgreement")
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, person, subject), subject


def _own_figure(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "basis": fields.get("basis", "resultingDays"),
        "days": str(fields["days"]),
        "rightType": fields.get("rightType", "legal"),
        "reason": fields["reason"],
    }


def enterprise_override(
    envelope: SubmissionEnvelope, declared: Declared, fields: dict[str, Any], _: list[Anomaly]
) -> EventAbout:
    """Make the event of an override for everybody at an enterprise."""
    item, reference = _item(envelope, declared), fields.get("reference")
    organisation, number, year = envelope.sender.organisation, fields["enterpriseNumber"], fields["year"]
    subject = (
        enterprise_override_id(organisation, reference)
        if reference
        else derived_id("enterprise-entitlement", item["id"])
    )
    data: dict[str, Any] = {
        "item": item,
        "entitlement": subject,
        "enterprise": number,
        "sender": organisation,
        "receivedAt": envelope.received_at,
        **_own_figure(fields),
        "validFrom": fields.get("validFrom", f"{year}-01-01"),
        "validUntil": fields.get("validUntil", f"{fields.get('untilYear', year)}-12-31"),
    }
    _copy(fields, data, "reference", "collectiveAgreement")
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, number, subject), subject


def enterprise_override_cancellation(
    envelope: SubmissionEnvelope, declared: Declared, fields: dict[str, Any], _: list[Anomaly]
) -> EventAbout:
    """Make the event that cancels an override for everybody."""
    organisation, number = envelope.sender.organisation, fields["enterpriseNumber"]
    subject = fields.get("entitlementId") or enterprise_override_id(organisation, fields["reference"])
    data = {
        "item": _item(envelope, declared),
        "entitlement": subject,
        "enterprise": number,
        "sender": organisation,
        "receivedAt": envelope.received_at,
    }
    _copy(fields, data, "reason")
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, number, subject), subject


def override_cancellation(
    envelope: SubmissionEnvelope, declared: Declared, fields: dict[str, Any], person: str
) -> EventAbout:
    """Make the event that cancels an override."""
    organisation = envelope.sender.organisation
    subject = fields.get("entitlementId") or override_id(organisation, fields["reference"])
    data = {
        "item": _item(envelope, declared),
        "entitlement": subject,
        "person": person,
        "enterprise": fields["enterpriseNumber"],
        "sender": organisation,
        "receivedAt": envelope.received_at,
    }
    _copy(fields, data, "reason")
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, person, subject), subject


def enterprise(
    envelope: SubmissionEnvelope, declared: Declared, fields: dict[str, Any], warnings: list[Anomaly]
) -> EventAbout:
    """Make the event of an enterprise, new or changed."""
    number = fields["enterpriseNumber"]
    data: dict[str, Any] = {
        "item": _item(envelope, declared),
        "enterprise": number,
        "sender": envelope.sender.organisation,
        "receivedAt": envelope.received_at,
        "name": fields["name"],
        "jointCommittees": [dotted(code) for code in fields["jointCommittees"]],
        "sizes": [
            {"basis": size.get("basis", "stated"), "workers": str(size["workers"]), "validFrom": size["validFrom"]}
            | ({"validUntil": size["validUntil"]} if "validUntil" in size else {})
            for size in fields.get("sizes", ())
        ],
    }
    if "quarters" in fields:
        data["quarters"] = [_quarter(one) for one in fields["quarters"]]
    if warnings:
        data["warnings"] = warnings
    _copy(fields, data, "optOuts")
    subject = derived_id("enterprise", number)
    return _outgoing(envelope, declared, data, employer_submissions.TOPIC, number, subject), subject


def _quarter(fields: dict[str, Any]) -> dict[str, Any]:
    """Write a quarter in one notation: decimals as text, no agency workers left out."""
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in fields.items()
        if value or name in _COUNTS
    }


def subjects_of_trainings(submission: str, lines: int) -> list[str]:
    """List the ids that trainings without a reference get, by the lines of a submission from 1 on."""
    return [derived_id("training", _item_id(submission, line)) for line in range(1, lines + 1)]


def _item_id(submission: str, line: int) -> str:
    return derived_id("item", submission, line)


def _item(envelope: SubmissionEnvelope, declared: Declared) -> dict[str, Any]:
    return {
        "id": _item_id(envelope.submission, declared.line),
        "submission": envelope.submission,
        "line": declared.line,
    }


def _copy(fields: dict[str, Any], data: dict[str, Any], *names: str) -> None:
    for name in names:
        if name in fields:
            data[name] = fields[name]


def _outgoing(
    envelope: SubmissionEnvelope, declared: Declared, data: dict[str, Any], topic: str, key: str, subject: str
) -> Outgoing:
    made = event(
        _TYPES[declared.kind],
        data,
        id_=data["item"]["id"],
        source=_SOURCE,
        subject=subject,
        actor=envelope.sender.actor,
        party=envelope.sender.organisation,
        time=envelope.received_at,
        submission=envelope.submission,
        traceparent=envelope.traceparent,
    )
    return Outgoing(topic, key.encode(), encode(made))


ABOUT_ENTERPRISE: Mapping[Kind, Callable[[SubmissionEnvelope, Declared, dict[str, Any], list[Anomaly]], EventAbout]] = {
    Kind.ENTERPRISE_REGISTRATION: enterprise,
    Kind.ENTERPRISE_ENTITLEMENT_REGISTRATION: enterprise_override,
    Kind.ENTERPRISE_ENTITLEMENT_CANCELLATION: enterprise_override_cancellation,
}
"""How the events of what is about an enterprise and no person are made."""
