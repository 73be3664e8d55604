"""Events as registration and entitlements tell them, with what a test does not care about filled in."""

import uuid
from decimal import Decimal
from typing import Any

from shared.contracts.envelope import event

ENTERPRISE = "0200000037"
MOMENT = "2026-03-02T09:00:00.000000+00:00"


def identifier(*parts: object) -> str:
    """The same id for the same parts, in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(parts)))


def _event(type_: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    return event(
        type_,
        data,
        id_=identifier(type_, subject, data["version"]),
        source="urn:fla:test",
        subject=subject,
        actor="service:test",
        party=data["enterprise"],
        time=data["recordedAt"],
    )


def training(
    name: object,
    person: str,
    *,
    enterprise: str = ENTERPRISE,
    version: int = 1,
    start: str = "2026-03-16",
    end: str | None = None,
    minutes: int = 456,
    status: str = "completed",
    kind: str = "formal",
    title: str = "Veiligheid op de werkvloer",
    recorded: str = MOMENT,
    same_as: object = None,
    **content: Any,
) -> dict[str, Any]:
    """A training's state as an event of the type that leads to it; `content` holds further optional fields.

    `same_as`: the name of the training that counts in its place.
    """
    what = "cancelled" if status == "cancelled" else "registered" if version == 1 else "corrected"
    data = {
        "training": identifier("training", name),
        "version": version,
        "person": person,
        "enterprise": enterprise,
        "sender": enterprise,
        "reference": f"R-{name}",
        "registeredBy": "employer",
        "receivedAt": recorded,
        "recordedAt": recorded,
        "content": {
            "title": title,
            "startDate": start,
            "endDate": end or start,
            "minutes": minutes,
            "status": status,
            "kind": kind,
            "context": "professional",
            "rightType": "legal",
            **content,
        },
    }
    if same_as is not None:
        data["sameAs"] = identifier("training", same_as)
    return _event(f"be.fla.training.{what}.v1", data["training"], data)


def employment(
    name: object,
    person: str,
    *,
    enterprise: str = ENTERPRISE,
    version: int = 1,
    start: str = "2024-01-01",
    end: str | None = None,
    cancelled: bool = False,
) -> dict[str, Any]:
    """An employment's state as an event."""
    what = "cancelled" if cancelled else "registered" if version == 1 else "changed"
    data = {
        "employment": identifier("employment", name),
        "version": version,
        "person": person,
        "enterprise": enterprise,
        "startDate": start,
        "terms": [{"validFrom": start, "jointCommittee": "200", "fraction": "1"}],
        "cancelled": cancelled,
        "recordedAt": MOMENT,
    }
    if end:
        data["endDate"] = end
    return _event(f"be.fla.employment.{what}.v1", str(data["employment"]), data)


def enterprise(
    number: str = ENTERPRISE,
    *,
    version: int = 1,
    name: str = "Bakkerij Peeters",
    committees: tuple[str, ...] = ("200",),
    withdrawn: bool = False,
) -> dict[str, Any]:
    """An enterprise's state as an event; a withdrawn one is empty."""
    data = {
        "enterprise": number,
        "version": version,
        "name": name,
        "jointCommittees": list(committees),
        "sizes": [{"basis": "stated", "workers": "25", "validFrom": "2024-01-01"}],
        "recordedAt": MOMENT,
    }
    if withdrawn:
        data |= {"name": "", "jointCommittees": [], "sizes": []}
    return _event("be.fla.enterprise.registered.v1", number, data)


def year(number: int, **figures: str) -> dict[str, Any]:
    """One year's figures: what is not named is zero, and the sums are right."""
    known = {
        name: Decimal(figures.get(name, "0")) for name in ("granted", "carriedOver", "charged", "reserved", "lost")
    }
    left = known["granted"] + known["carriedOver"] - known["charged"] - known["lost"]
    return {
        "year": number,
        **{name: format(value, "f") for name, value in known.items()},
        "balance": format(left, "f"),
        "available": format(left - known["reserved"], "f"),
        "incomplete": figures.get("incomplete") == "yes",
    }


def balances(
    name: object, person: str, *years: dict[str, Any], enterprise: str = ENTERPRISE, version: int = 1
) -> dict[str, Any]:
    """An employment's balances as an event that changed these years."""
    data = {
        "employment": identifier("employment", name),
        "version": version,
        "person": person,
        "enterprise": enterprise,
        "years": list(years),
        "recordedAt": MOMENT,
    }
    return _event("be.fla.entitlement.balance-changed.v1", str(data["employment"]), data)
