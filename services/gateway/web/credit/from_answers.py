"""Make the credit of a page from what the services answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from services.gateway.web.credit.credit import Credit, LedgerLine, UnknownMonths, YearOfCredit
from shared.contracts.answers import entitlements
from shared.contracts.answers import parts as answers
from shared.contracts.answers.entitlements import Ledger
from shared.contracts.ledger_inputs import inputs_from


def credit_of(answered: answers.Credit, *, incomplete: bool) -> Credit:
    """Make the view of the seven figures of a balance."""
    return Credit(
        granted=answered.granted,
        carried_over=answered.carried_over,
        charged=answered.charged,
        reserved=answered.reserved,
        lost=answered.lost,
        balance=answered.balance,
        available=answered.available,
        incomplete=incomplete,
    )


def year_of_credit(ledger: Ledger | None, year: int, titles: Mapping[str, str]) -> YearOfCredit | None:
    """Make the view of a year of an employment's ledger with every line. `titles`: training id -> title."""
    if ledger is None:
        return None
    found = next((entry for entry in ledger.years if entry.year == year), None)
    if found is None:
        return None
    figures = credit_of(found, incomplete=found.incomplete)
    unknown = [
        months
        for entry in ledger.years
        if entry.year <= year
        for months in _unknown_months(entry.year, entry.unknown or ())
    ]
    end = ledger.employment.end_date
    rest = ledger.employment.rest_at_end if end is not None and end.year == year else None
    return YearOfCredit(year, figures, list(_lines(found.lines, titles)), unknown, rest)


def _lines(answered: Sequence[entitlements.LedgerLine], titles: Mapping[str, str]) -> Iterator[LedgerLine]:
    """Yield the lines in their order, each with what those before it had booked about the same thing."""
    booked: dict[tuple[str, str, date], Decimal] = {}
    for line in answered:
        about = (line.figure, line.about or "", line.date)
        yield LedgerLine(
            date=line.date,
            recorded_at=datetime.fromisoformat(line.recorded_at),
            kind=line.kind,
            rule=line.rule,
            rule_version=line.rule_version,
            amount=line.amount,
            inputs=inputs_from(line.rule, line.rule_version, line.inputs),
            training=line.training,
            training_title=titles.get(line.training or ""),
            before=booked.get(about),
        )
        booked[about] = booked.get(about, Decimal(0)) + line.amount


def _unknown_months(year: int, answered: Sequence[entitlements.UnknownMonth]) -> Iterator[UnknownMonths]:
    """Join months that are answered one by one, by a day of each, into stretches with one reason."""
    by_month = {one.day.month: one.reason for one in answered}
    for month, reason in by_month.items():
        if by_month.get(month - 1) == reason:
            continue
        last = month
        while by_month.get(last + 1) == reason:
            last += 1
        yield UnknownMonths(year, month, last, reason)


def why_no_credit(start: date, end: date | None, year: int, today: date) -> str:
    """Say why an employment has no credit of a year, as a label's code."""
    if year < start.year or (end is not None and end.year < year):
        return "notInService"
    return "notBegun" if today < start else "pending"
