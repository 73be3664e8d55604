"""Names in the exchange folder."""

import pytest

from services.gateway.batch.exchange_folder.file_names import (
    ExchangeName,
    Part,
    acknowledgement_name,
    notification_name,
)
from services.gateway.batch.state import Mode


def test_a_name_says_what_it_is_for() -> None:
    name = ExchangeName.parse("FI.FLAT.1999010345.20260131.A-1_b.T.1.1")
    assert name == ExchangeName(Part.FILE, "1999010345", "1999010345.20260131.A-1_b.T.1.1", Mode.SIMULATION)
    assert name.sibling(Part.START) == "GO.FLAT.1999010345.20260131.A-1_b.T.1.1"
    assert acknowledgement_name(name.common) == "FO.ACRF.1999010345.20260131.A-1_b.T.1.1"
    assert notification_name(name.common) == "FO.NOTI.1999010345.20260131.A-1_b.T.1.1"


@pytest.mark.parametrize(
    "name",
    [
        "FI.FLAT.1999010345.20260131.A1.X.1.1", "FI.FLAT.1999010345.20260231.A1.R.1.1",
        "FI.FLAT.199901034.20260131.A1.R.1.1", "FI.FLAT.1999010345.20260131..R.1.1",
        "FI.FLAT.1999010345.20260131.A/../1.R.1.1", "XX.FLAT.1999010345.20260131.A1.R.1.1",
        "FI.FLAT.1999010345.20260131.A1.R.1.2", "FI.FLAT.1999010345.20260131.A1.R.1.1.filepart",
        "FI.FLAT.1999010345.20260131.A1.R.1.1\n", "readme.txt", "",
        # A national number never stands in the name of a file.
        "FI.FLAT.1999010345.20260131.85073003328.R.1.1", "FI.FLAT.1999010345.20260131.A-850730-033-28.T.1.1",
    ],
)  # fmt: skip
def test_other_names_are_not_ours(name: str) -> None:
    assert ExchangeName.parse(name) is None
