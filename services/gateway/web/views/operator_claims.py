"""Claims to represent an enterprise, as the operator sees them: `/operator/representation`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.gateway.web.views.frame import FormState, Party


@dataclass(frozen=True)
class WaitingClaim:
    """A claim that waits. `said` is the label's code of what the source said, at `said_at`; `registered`: the
    enterprise is registered here already. `own`: the operator's own claim, on which somebody else decides."""

    id: str
    asker: str
    party: Party
    asked_at: datetime
    said: str
    said_at: datetime | None
    registered: bool
    own: bool = False


@dataclass(frozen=True)
class GrantedClaim:
    """A claim that was granted. While it is `revoking`, `taken_back` counts what is void by now by kind of record,
    `left` the employments that still stand, and `failed` what was refused and needs a person. `proof`: what the
    operator who granted it saw."""

    id: str
    asker: str
    party: Party
    state: str
    decided_at: datetime | None
    by_source: bool
    said: str
    revoke_reason: str | None = None
    taken_back: int = 0
    left: int = 0
    failed: int = 0
    proof: str | None = None


@dataclass(frozen=True)
class WaitingContest:
    """An employee says not to work at an enterprise; `text` is for the operator alone."""

    employment: str
    person: str
    party: Party
    start_date: date
    contested_at: datetime
    text: str


@dataclass(frozen=True)
class OperatorClaimsView:
    """The queue, the contests and the granted claims. A decision posts `reason` to the claim's own addresses."""

    template: ClassVar[str] = "pages/operator_claims.html"

    waiting: Sequence[WaitingClaim]
    waiting_total: int
    contests: Sequence[WaitingContest]
    contests_total: int
    granted: Sequence[GrantedClaim]
    granted_total: int


@dataclass(frozen=True)
class RevokeView:
    """`/operator/representation/{id}/revoke`: what would be lost, before it is. `everything`: nobody else represents
    the enterprise; `others`: somebody does, and only rights go."""

    template: ClassVar[str] = "pages/operator_revoke.html"
    fields: ClassVar[tuple[str, ...]] = ("reason",)

    claim: GrantedClaim
    everything: bool
    others: bool
    rights: int
    employments: int
    form: FormState
