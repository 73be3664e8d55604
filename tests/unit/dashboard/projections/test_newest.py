"""If these failed, a late or repeated event would undo what came after it."""

from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.projections.newest import newest
from tests.integration.dashboard import examples


@given(st.permutations([1, 1, 2, 3, 3]))
def test_the_highest_version_is_kept_in_whatever_order_versions_come(order: list[int]) -> None:
    versions = [examples.training("t", examples.identifier("p"), version=v, minutes=v)["data"] for v in order]

    kept = newest((state["training"], state["version"], state) for state in versions)

    assert [state["version"] for state in kept.values()] == [3]
