"""Which arrangement applies: `/arrangements`, for anyone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urlsplit

from services.gateway.web.views.frame import FormState


@dataclass(frozen=True)
class ArrangementAnswer:
    """What the entitlements service answers. `days` and `hours` are None where the right is unknown.

    `reason` and `parameters` are `Applicable.reason` untouched: the page has a sentence for each code. `set` is
    `brochure`, `law` or `sector`. `source` is where the row was read, an address or a title.
    """

    reason: str
    parameters: Mapping[str, str]
    days: Decimal | None = None
    hours: Decimal | None = None
    hours_per_day: Decimal | None = None
    set: str | None = None
    source: str | None = None
    confidence: str = "high"
    average_per_fte: bool = False
    min_months_worked: int | None = None
    note: str = ""

    @property
    def source_host(self) -> str:
        """Who published the source, where it is an address."""
        return urlsplit(self.source or "").hostname or ""


@dataclass(frozen=True)
class SizeBand:
    """A line of the general rule: full-time days for enterprises from `lower` to `upper` workers, None: no limit."""

    lower: Decimal
    upper: Decimal | None
    days: Decimal
    lower_included: bool = True
    upper_included: bool = False


@dataclass(frozen=True)
class ArrangementsView:
    """The form is sent by GET: `jointCommittee`, `size`, `date`. `answer` is None until all three are there and valid.

    `committees` holds codes with their names, to choose from while typing.
    `general_rule`: the base that is set, the brochure's or the law's.
    """

    template: ClassVar[str] = "pages/arrangements.html"
    fields: ClassVar[tuple[str, ...]] = ("jointCommittee", "size", "date")

    form: FormState
    answer: ArrangementAnswer | None = None
    committees: Sequence[tuple[str, str]] = ()
    general_rule: Sequence[SizeBand] = ()
