"""A page of a longer list: how many rows a page has, which page is asked for, in which order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from services.gateway.limits import LAST_PAGE

Item = TypeVar("Item")
PageNumber = Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)]
"""A route parameter of this type is the page asked for, from 1."""
PAGE_SIZE = 25


class Direction(StrEnum):
    """The order of a sorted column, in ARIA's words."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True)
class Sorting:
    """The column a list is sorted by. In an address: `sort=name`, or `sort=-name` for descending."""

    column: str
    direction: Direction = Direction.ASCENDING

    @property
    def parameter(self) -> str:
        """As it stands in the address."""
        return f"-{self.column}" if self.direction is Direction.DESCENDING else self.column

    def next_parameter(self, column: str) -> str:
        """Give what a press on a column's heading asks for: its other direction, or ascending for another column."""
        turned = column == self.column and self.direction is Direction.ASCENDING
        return f"-{column}" if turned else column


def sorting(text: str, allowed: tuple[str, ...]) -> Sorting:
    """Read the order of an address: `name` or `-name`; the first allowed column for anything else."""
    column = text.lstrip("-")
    if column not in allowed:
        return Sorting(allowed[0])
    return Sorting(column, Direction.DESCENDING if text.startswith("-") else Direction.ASCENDING)


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """One page of a list: `page` counts from 1, `total` counts all items that match."""

    items: tuple[Item, ...]
    total: int
    page: int = 1
    page_size: int = 25
    sorting: Sorting | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page_size))

    @property
    def first(self) -> int:
        """The place of this page's first item in the whole list, from 1."""
        return (self.page - 1) * self.page_size + 1

    @property
    def last(self) -> int:
        """The place of this page's last item in the whole list."""
        return self.first + len(self.items) - 1

    def page_links(self) -> tuple[int | None, ...]:
        """List the page numbers to offer, None where some are left out: 1 … 4 5 6 … 20."""
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        shown = [number for number in sorted(near) if 1 <= number <= self.pages]
        links: list[int | None] = []
        for number in shown:
            previous = links[-1] if links else 0
            if previous is not None and number - previous == 2:
                links.append(number - 1)
            elif previous is not None and number - previous > 2:
                links.append(None)
            links.append(number)
        return tuple(links)
