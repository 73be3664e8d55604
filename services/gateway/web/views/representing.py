"""Representing an enterprise, as its asker sees it; and a new employer, as its employee sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.gateway.web.views.frame import FormState, Party


@dataclass(frozen=True)
class OwnClaim:
    """A claim of the reader. `state` and `said` are labels' codes; `reason` is the operator's."""

    id: str
    party: Party
    state: str
    asked_at: datetime
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Offer:
    """An enterprise that the authentic source says the reader represents. `registered`: only the right is missing."""

    party: Party
    registered: bool


@dataclass(frozen=True)
class ClaimView:
    """`/claims/{id}`: how one's own claim stands. `withdraw` and `close` are posted below it."""

    template: ClassVar[str] = "pages/claim.html"

    claim: OwnClaim


@dataclass(frozen=True)
class Announced:
    """What is told of an employer: new, contested by the reader, or dealt with (`resolution`)."""

    employment: str
    party: Party
    start_date: date
    contested_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None


@dataclass(frozen=True)
class ContestView:
    """`/me/employers/{employment}/contest`: the reader says not to work there, with a message if wanted."""

    template: ClassVar[str] = "pages/employer_contest.html"
    fields: ClassVar[tuple[str, ...]] = ("text",)

    employment: str
    party: Party
    start_date: date
    form: FormState
