"""What a person is called: telling a part more, and telling another name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.vault.name import Name, differing, is_said_by, merged

parts = st.none() | st.sampled_from(["Jan", "JAN", "Jàn", "Piet", "Peeters", "De Witte", "D’Hooge"])
names = st.builds(Name, parts, parts)


@given(names, names)
def test_what_is_not_told_stays(before: Name, told: Name) -> None:
    """Lost: a given name, to a later declaration that does not repeat it."""
    after = merged(before, told)
    assert after == Name(told.given or before.given, told.family or before.family)
    assert is_said_by(after, told)
    assert merged(after, told) == after


@given(names, names)
def test_what_comes_late_only_fills_gaps(before: Name, told: Name) -> None:
    assert merged(before, told, late=True) == Name(before.given or told.given, before.family or told.family)


@pytest.mark.parametrize(
    ("before", "told", "field"),
    [
        (None, Name("Jan", "Peeters"), None),
        (Name("Jan", "Peeters"), Name("Jan", "Peeters"), None),
        (Name("Jan", "Peeters"), Name("JAN", "pee-ters"), None),
        (Name("Jan", "Peeters"), Name("Peeters", "Jan"), None),
        (Name(None, "Peeters"), Name("Jan", "Peeters"), None),
        (Name(None, "Peeters"), Name("Jan"), None),
        (Name("Jan", "Peeters"), Name(None, "Peeters"), None),
        (Name("Jan", "Peeters"), Name("Jan", "Claes"), "familyName"),
        (Name("Jan", "Peeters"), Name("Piet", "Claes"), "familyName"),
        (Name("Jan", "Peeters"), Name("Piet"), "givenName"),
        (Name("Jan", "Peeters"), Name("Piet", "PEETERS"), "givenName"),
    ],
)
def test_only_another_name_differs(before: Name | None, told: Name, field: str | None) -> None:
    """Lost: the warning, to those who get it for an accent or for a part that was not known before."""
    assert differing(before, told) == field


@pytest.mark.parametrize(
    ("name", "shown"),
    [(Name("Jan", "Peeters"), "Jan Peeters"), (Name(None, "Madonna"), "Madonna"), (Name("Teller"), "Teller"),
     (Name(), "—")],
)  # fmt: skip
def test_one_name_alone_is_a_name(name: Name, shown: str) -> None:
    assert name.full == shown
