import pytest

from services.entitlements.domain.arrangements.joint_committees import from_most_specific, parse_joint_committee


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("305", "305"),
        ("22501", "225.01"),
        ("225.01", "225.01"),
        ("3050209", "305.02.09"),
        ("305.02.09", "305.02.09"),
        (" 305.02.09 ", "305.02.09"),
    ],
)
def test_a_committee_is_found_however_its_code_is_written(written: str, canonical: str) -> None:
    assert parse_joint_committee(written) == canonical


@pytest.mark.parametrize("written", ["", "3", "30", "3050", "305.2", "305-02", "30502090", "305.02.", "*", "٣٠٥"])
def test_a_wrong_code_is_refused_and_never_taken_for_another_sector(written: str) -> None:
    with pytest.raises(ValueError, match="joint committee"):
        parse_joint_committee(written)


def test_the_most_specific_code_goes_first_and_the_base_last() -> None:
    assert from_most_specific("305.02.09") == ("305.02.09", "305.02", "305", "*")
    assert from_most_specific("305") == ("305", "*")
