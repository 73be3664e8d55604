"""Who goes through a long list must reach every page and never see an item twice."""

import pytest

from services.gateway.web.kit.list_pages import Direction, Listing, Sorting


@pytest.mark.parametrize(
    ("total", "page", "expected"),
    [
        (0, 1, (1,)),
        (25, 1, (1,)),
        (26, 1, (1, 2)),
        (100, 2, (1, 2, 3, 4)),
        (250, 5, (1, None, 4, 5, 6, None, 10)),
        (125, 4, (1, 2, 3, 4, 5)),
        (250, 10, (1, None, 9, 10)),
    ],
)
def test_page_links_leave_out_the_middle_but_never_a_single_page(
    total: int, page: int, expected: tuple[int | None, ...]
) -> None:
    assert Listing[int]((), total, page).page_links() == expected


def test_places_count_from_one() -> None:
    listing = Listing(tuple(range(7)), 32, 2, 25)
    assert (listing.first, listing.last, listing.pages) == (26, 32, 2)


def test_a_heading_turns_the_order_around() -> None:
    assert Sorting("name").next_parameter("name") == "-name"
    assert Sorting("name", Direction.DESCENDING).next_parameter("name") == "name"
    assert Sorting("name", Direction.DESCENDING).next_parameter("start") == "start"
    assert Sorting("name", Direction.DESCENDING).parameter == "-name"
