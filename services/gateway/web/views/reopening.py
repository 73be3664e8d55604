"""The operator's page about access that has ended: `/operator/access`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.gateway.web.views.frame import FormState


@dataclass(frozen=True)
class ReopenedRow:
    """A person opened again: `state` is `open`, `over` or `withdrawn`; the person shows by half the number."""

    id: str
    enterprise: str
    masked_national_number: str
    until: date
    reason: str
    opened_by: str
    opened_at: datetime
    state: str


@dataclass(frozen=True)
class ReopeningView:
    """The form posts to `/operator/access`, a row is withdrawn at `/operator/access/{id}/withdraw`."""

    template: ClassVar[str] = "pages/reopened_access.html"
    fields: ClassVar[tuple[str, ...]] = ("enterpriseNumber", "ssin", "until", "reason")

    form: FormState
    rows: Sequence[ReopenedRow]
    days_after_end: int
    longest_days: int
