"""Read arrangements from CSV: the file shipped here, or one of the same form that an operator maintains.

Columns: set, joint_committee (code or `*`), size and validity (ranges as PostgreSQL writes them: `[10,20)`,
`[2023-01-01,)`), amount, unit, average_per_fte (yes/no), min_months_worked, hours_per_day (may be missing), confidence,
note, source.
"""

import csv
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from services.entitlements.domain.arrangements.joint_committees import ANY, parse_joint_committee
from services.entitlements.domain.arrangements.rows import ArrangementRow, ArrangementSet, Confidence, Unit, Validity
from services.entitlements.domain.arrangements.size_bands import SizeBand

SHIPPED = Path(__file__).with_name("arrangements.csv")

_RANGE = re.compile(r"([\[(])([^,]*),([^,]*)([\])])")
_ANSWERS = {"yes": True, "no": False}


def load_arrangements(path: Path = SHIPPED) -> list[ArrangementRow]:
    """Read all rows of a file, in its order. Raises ValueError with the line number for a row that cannot be read."""
    with path.open(newline="", encoding="utf-8") as file:
        return parse_arrangements(csv.DictReader(file))


def parse_arrangements(records: Iterable[dict[str, str]]) -> list[ArrangementRow]:
    """Parse records of the CSV. Raises ValueError naming the line (the header is line 1)."""
    rows = []
    for number, record in enumerate(records, start=2):
        try:
            rows.append(parse_row(record))
        except (ValueError, KeyError, ArithmeticError) as error:
            raise ValueError(f"line {number} of the arrangements: {error}") from error
    return rows


def parse_row(record: dict[str, str]) -> ArrangementRow:
    """Parse one row. Raises ValueError, KeyError (no such column or answer) or ArithmeticError (not a number)."""
    code, months, day = record["joint_committee"], record["min_months_worked"], record.get("hours_per_day", "")
    return ArrangementRow(
        set=ArrangementSet(record["set"]),
        joint_committee=ANY if code == ANY else parse_joint_committee(code),
        size=parse_band(record["size"]),
        validity=parse_validity(record["validity"]),
        amount=Decimal(record["amount"]),
        unit=Unit(record["unit"]),
        source=record["source"],
        confidence=Confidence(record["confidence"]),
        average_per_fte=_ANSWERS[record["average_per_fte"]],
        min_months_worked=int(months) if months else None,
        hours_per_day=Decimal(day) if day else None,
        note=record["note"],
    )


def parse_band(text: str) -> SizeBand:
    """Parse `[10,20)` as a band of sizes; an open lower end starts at 0."""
    opening, lower, upper, closing = _ends(text)
    return SizeBand(
        lower=Fraction(lower or 0),
        upper=Fraction(upper) if upper else None,
        lower_included=opening == "[",
        upper_included=closing == "]",
    )


def parse_validity(text: str) -> Validity:
    """Parse `[2023-01-01,2024-01-01)` as a stretch of days; only this closed-open form."""
    opening, start, until, closing = _ends(text)
    if (opening, closing) != ("[", ")"):
        raise ValueError(f"a validity is written [from,until): {text!r}")
    return Validity(date.fromisoformat(start), date.fromisoformat(until) if until else None)


def _ends(text: str) -> tuple[str, str, str, str]:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a range: {text!r}")
    opening, lower, upper, closing = match.groups()
    return opening, lower.strip(), upper.strip(), closing
