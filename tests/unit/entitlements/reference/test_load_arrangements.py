"""An operator maintains the arrangements by hand: a mistake must be found with its line, before it grants anything."""

from pathlib import Path

import pytest

from services.entitlements.domain.arrangements.rows import Unit
from services.entitlements.reference.load_arrangements import SHIPPED, load_arrangements

HEADER = SHIPPED.read_text(encoding="utf-8").splitlines()[0]
GOOD = 'sector,3050209,"[10,20]","[2024-01-01,2025-01-01)",16,hours,yes,6,8,medium,a note,https://example.org'


def written(directory: Path, *lines: str, header: str = HEADER) -> Path:
    path = directory / "arrangements.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_row_is_read_as_it_is_written(tmp_path: Path) -> None:
    [row] = load_arrangements(written(tmp_path, GOOD))
    assert row.id == "sector/305.02.09/[10,20]/[2024-01-01,2025-01-01)"
    assert (row.amount, row.unit, row.hours_per_day) == (16, Unit.HOURS, 8)
    assert (row.average_per_fte, row.min_months_worked, row.note) == (True, 6, "a note")


def test_the_column_with_an_arrangements_own_day_may_be_missing(tmp_path: Path) -> None:
    header = HEADER.replace("hours_per_day,", "")
    [row] = load_arrangements(written(tmp_path, GOOD.replace(",6,8,", ",6,"), header=header))
    assert row.hours_per_day is None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("sector", "company"),
        ("3050209", "3050"),
        ("[10,20]", "10-20"),
        ("[10,20]", "[ten,20]"),
        ("[2024-01-01,2025-01-01)", "[2024-01-01,2025-01-01]"),
        ("[2024-01-01,", "[2024-13-01,"),
        (",16,", ",sixteen,"),
        (",16,", ",-16,"),
        ("hours", "weeks"),
        ("yes", "perhaps"),
        ("medium", "certain"),
    ],
)
def test_a_faulty_row_is_refused_with_its_line(tmp_path: Path, right: str, wrong: str) -> None:
    with pytest.raises(ValueError, match="line 3 of the arrangements"):
        load_arrangements(written(tmp_path, GOOD, GOOD.replace(right, wrong, 1)))
