"""From what the services answer to what pages show."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.gateway.web.views.credit import Credit, LedgerLine, UnknownMonths, YearOfCredit
from services.gateway.web.views.taking_back import OwnFigure
from services.gateway.web.views.trainings import TrainingRow


def credit(figures: Mapping[str, Any], *, incomplete: bool) -> Credit:
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


def day(text: str | None) -> date | None:
    """A local date, or none."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """A moment in UTC, or none."""
    return datetime.fromisoformat(text) if text else None


def why_no_right(start: date, end: date | None, year: int, today: date) -> str:
    """Why an employment has no credit of a year, as a label's code."""
    if year < start.year or (end is not None and end.year < year):
        return "notInService"
    return "notBegun" if today < start else "pending"


def training_row(item: Mapping[str, Any], employee_name: str = "", enterprise_name: str = "") -> TrainingRow:
    """A training in a list."""
    return TrainingRow(
        training=item["training"],
        title=item["title"],
        employee_name=employee_name,
        start_date=date.fromisoformat(item["startDate"]),
        end_date=date.fromisoformat(item["endDate"]),
        minutes=item["minutes"],
        kind=item["kind"],
        status=item["status"],
        provider=(item.get("provider") or {}).get("name", ""),
        enterprise_name=enterprise_name,
        same_as=item.get("sameAs"),
    )


def year_of_credit(ledger: Mapping[str, Any] | None, year: int, titles: Mapping[str, str]) -> YearOfCredit | None:
    """A year of an employment's ledger with every line. `titles`: training id -> title."""
    found = next((entry for entry in (ledger or {}).get("years", ()) if entry["year"] == year), None)
    if found is None:
        return None
    figures = credit(found, incomplete=found.get("incomplete", False))
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
            inputs=line["inputs"],
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


def own_figure(item: Mapping[str, Any]) -> OwnFigure:
    """An employer's own figure; its period only where it is not the whole year."""
    since, until = date.fromisoformat(item["validFrom"]), date.fromisoformat(item["validUntil"])
    year = item["year"]
    whole = (since, until) == (date(year, 1, 1), date(year, 12, 31))
    return OwnFigure(
        entitlement=item["entitlement"],
        year=year,
        basis=item["basis"],
        days=Decimal(item["days"]),
        since=None if whole else since,
        until=None if whole else until,
        reason=item.get("reason", ""),
        collective_agreement=item.get("collectiveAgreement"),
        cancelled=item["cancelled"],
    )
