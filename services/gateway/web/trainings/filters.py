"""What the list of trainings is narrowed to: text, year, status, kind."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.gateway.web.kit.search import Searched

_STATUSES = ("planned", "completed", "notFollowed", "cancelled")
_KINDS = ("formal", "informal")


@dataclass(frozen=True)
class TrainingFilters:
    """What the list is narrowed to, as in the address: `q`, `year`, `status`, `kind`. Empty means all."""

    q: str = ""
    year: str = ""
    status: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.year or self.status or self.kind)

    @property
    def days(self) -> tuple[str | None, str | None]:
        """First and last day of the year, as the services are asked; two times None without a year."""
        return (f"{self.year}-01-01", f"{self.year}-12-31") if self.year else (None, None)


def filters_of(q: Searched, year: str = "", status: str = "", kind: str = "") -> TrainingFilters:
    """Read the filters of an address; what is not one of a filter's values counts as not given."""
    return TrainingFilters(
        q,
        year if len(year) == 4 and year.isascii() and year.isdigit() else "",
        status if status in _STATUSES else "",
        kind if kind in _KINDS else "",
    )


Filters = Annotated[TrainingFilters, Depends(filters_of)]
