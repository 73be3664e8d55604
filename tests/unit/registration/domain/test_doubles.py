"""Without this a file in which many follow one training is compared each with each, and never ends."""

from services.registration.domain.doubles import key_of
from shared.identifiers import derived_id, new_id
from tests.support.declarations import content


def test_the_same_training_of_many_people_has_as_many_keys() -> None:
    """People whom the vault met within one second, as in a file, and people of the demonstration."""
    people = [new_id() for _ in range(5_000)] + [derived_id("somebody", number) for number in range(5_000)]
    keys = {key_of(who, content()) for who in people}
    # Two of them may meet by chance: one in a hundred times.
    assert len(keys) >= len(people) - 2
    assert all(-(2**63) <= key < 2**63 for key in keys)
