"""An operator's reason is kept as evidence for years: it must be readable, and name nobody."""

import pytest

from shared.reasons import LONGEST_REASON, ReasonRefusedError, checked_reason
from tests.support.text_cases import NATIONAL_NUMBER


def test_a_reason_is_kept_as_it_reads() -> None:
    assert checked_reason("  Testrecord\r\nvan de leverancie\u0301r ") == "Testrecord\nvan de leveranciér"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " a ",
        "\u200b\u200b\u200b",
        "x" * (LONGEST_REASON + 1),
        "a\x86bc",
        f"van {NATIONAL_NUMBER}",
        "85.07.30-033.28",
    ],
)
def test_what_is_no_reason_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ReasonRefusedError) as refused:
        checked_reason(text)
    assert str(refused.value) == ""
