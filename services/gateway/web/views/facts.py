"""What is known of an enterprise, and the form that adds to it: `/enterprises/{number}/facts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from services.gateway.web.views.frame import FormState, Party


@dataclass(frozen=True)
class SizeRow:
    """A size as declared: `stated` workers or `measured` full-time equivalents, open-ended while `until` is None."""

    basis: Literal["stated", "measured"]
    workers: Decimal
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class InForce:
    """The arrangement that applies now to one joint committee; `days` is None where it is unknown."""

    joint_committee: str
    days: Decimal | None


@dataclass(frozen=True)
class FactsView:
    """Fields: `name`, `jointCommittees` (codes with commas) and, optionally, a new size. `doubted` is asked about."""

    template: ClassVar[str] = "pages/enterprise_facts.html"
    fields: ClassVar[tuple[str, ...]] = ("name", "jointCommittees", "sizes.workers", "sizes.basis", "sizes.validFrom")

    enterprise: Party
    in_force: Sequence[InForce]
    sizes: Sequence[SizeRow]
    form: FormState
    doubted: str = ""
