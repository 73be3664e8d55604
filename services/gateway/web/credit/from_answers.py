"""Make the credit of a page from what the services answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.gateway.web.credit.credit import Credit, LedgerLine, UnknownMonths, YearOfCredit
from shared.contracts.ledger_inputs import inputs_from


def credit_of(figures: Mapping[str, Any], *, incomplete: bool) -> Credit:
    """The seven figures of a balance."""
    return Credit(
        granted=Decimal(figures["granted"]),
        carried_over=Decimal(figures["carriedOver"]),
        charged=Decimal(figures["charged"]),
        reserved=Decimal(figures["reserved"]),
        lost=Decimal(figures["lost"]),
        balance=Decimal(figures["balance"]),
        available=Decimal(figures["available"]),
        incomplete=incomplete,
    )


def year_of_credit(ledger: Mapping[str, Any] | None, year: int, titles: Mapping[str, str]) -> YearOfCredit | None:
    """A year of an employment's ledger with every line. `titles`: training id -> title."""
    found = next((entry for entry in (ledger or {}).get("years", ()) if entry["year"] == year), None)
    if found is None:
        return None
    figures = credit_of(found, incomplete=found.get("incomplete", False))
    unknown = [
        months
        for entry in (ledger or {}).get("years", ())
        if entry["year"] <= year
        for months in _unknown_months(entry["year"], entry.get("unknown", ()))
    ]
    employment = (ledger or {}).get("employment", {})
    rest = employment.get("restAtEnd") if employment.get("endDate", "").startswith(f"{year}-") else None
    return YearOfCredit(year, figures, list(_lines(found["lines"], titles)), unknown, rest)


def _lines(told: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Iterator[LedgerLine]:
    """The lines as told, in their order, each with what those before it had booked about the same thing."""
    booked: dict[tuple[str, str, str], Decimal] = {}
    for line in told:
        about = (line["figure"], line.get("about", ""), line["date"])
        amount = Decimal(line["amount"])
        yield LedgerLine(
            date=date.fromisoformat(line["date"]),
            recorded_at=datetime.fromisoformat(line["recordedAt"]),
            kind=line["kind"],
            rule=line["rule"],
            rule_version=line["ruleVersion"],
            amount=amount,
            inputs=inputs_from(line["rule"], line["ruleVersion"], line["inputs"]),
            training=line.get("training"),
            training_title=titles.get(line.get("training", "")),
            before=booked.get(about),
        )
        booked[about] = booked.get(about, Decimal(0)) + amount


def _unknown_months(year: int, told: Sequence[Mapping[str, str]]) -> Iterator[UnknownMonths]:
    """Months told one by one, by a day of each, as stretches with one reason."""
    by_month = {date.fromisoformat(one["day"]).month: one["reason"] for one in told}
    for month, reason in by_month.items():
        if by_month.get(month - 1) == reason:
            continue
        last = month
        while by_month.get(last + 1) == reason:
            last += 1
        yield UnknownMonths(year, month, last, reason)


def why_no_credit(start: date, end: date | None, year: int, today: date) -> str:
    """Why an employment has no credit of a year, as a label's code."""
    if year < start.year or (end is not None and end.year < year):
        return "notInService"
    return "notBegun" if today < start else "pending"
