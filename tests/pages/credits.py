"""Samples of credit, with the ledger lines that explain it, as the entitlements service tells them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.gateway.web.credit.credit import Credit, LedgerLine, YearOfCredit
from shared.contracts.ledger_inputs import inputs_from

_RECORDED = datetime(2024, 1, 1, 0, 5, tzinfo=UTC)


def _credit(granted: str, carried: str, charged: str, reserved: str) -> Credit:
    """A credit whose balance and available days follow from the other figures."""
    balance = Decimal(granted) + Decimal(carried) - Decimal(charged)
    return Credit(
        granted=Decimal(granted),
        carried_over=Decimal(carried),
        charged=Decimal(charged),
        reserved=Decimal(reserved),
        lost=Decimal(0),
        balance=balance,
        available=balance - Decimal(reserved),
        incomplete=False,
    )


def _stretch(first: int, last: int, fraction: str) -> dict[str, Any]:
    return {
        "from": first,
        "to": last,
        "count": last - first + 1,
        "jointCommittee": "118",
        "fraction": fraction,
        "size": "24",
        "sizeOrigin": "stated",
        "arrangement": "brochure/*/(20,)/[2023-01-01,)",
        "amount": "5",
        "unit": "days",
        "why": "base",
        "source": "brochure-nl.txt",
    }


def _line(day: str, kind: str, rule: str, amount: str, inputs: dict[str, Any], title: str = "") -> LedgerLine:
    return LedgerLine(
        date=date.fromisoformat(day),
        recorded_at=_RECORDED,
        kind=kind,
        rule=rule,
        rule_version=1,
        amount=Decimal(amount),
        inputs=inputs_from(rule, 1, inputs),
        training="0191f7a0-0000-7000-8000-000000000003" if title else None,
        training_title=title or None,
    )


def explained() -> YearOfCredit:
    """A year with a line of almost every kind; the lines add up to what is free."""
    months = {"unit": "days", "months": [_stretch(1, 6, "1"), _stretch(7, 12, "0.8")]}
    charge = {"minutes": 1824, "days": 4, "ofDays": 4, "hoursPerDay": "7.6", "trainingVersion": 2}
    part = {"minutes": 456, "days": 1, "ofDays": 2, "hoursPerDay": "7.6", "trainingVersion": 1}
    agreed = {"unit": "days", "months": [], "days": "1", "reason": "Bedrijfsakkoord van 4 maart", "scope": "employment"}
    lines = (
        _line("2024-01-01", "carryOver", "carryOver.atYearEnd", "1.25", {"rests": {"2023": "1.250000"}}),
        _line("2024-01-01", "grant", "grant.byMonths", "5", {**months, "months": [_stretch(1, 12, "1")]}),
        replace(_line("2024-01-01", "recalculation", "grant.byMonths", "-0.5", months), before=Decimal(5)),
        _line("2024-01-01", "override", "override.resultingDays", "1", agreed | {"agreement": "181682/CO/200"}),
        _line("2024-06-19", "charge", "charge.ofTraining", "-4", charge, "Excel voor gevorderden"),
        _line("2024-08-31", "giveBack", "charge.ofTraining", "0.5", {"withdrawn": "noLongerApplies"}, "EHBO"),
        _line("2024-10-03", "reserve", "reserve.forTraining", "-0.5", part, "Heftruck: opfrissing"),
    )
    return YearOfCredit(2024, _credit("5.5", "1.25", "3.5", "0.5"), lines)
