"""The general rule's days by size, as pages for anyone show it."""

from dataclasses import dataclass
from decimal import Decimal

from fastapi import Request

from services.gateway.api.enterprises import PUBLIC
from services.gateway.wiring import gateway_of


@dataclass(frozen=True)
class SizeBand:
    """A line of the general rule: full-time days for enterprises from `lower` to `upper` workers, None: no limit."""

    lower: Decimal
    upper: Decimal | None
    days: Decimal
    lower_included: bool = True
    upper_included: bool = False


async def general_rule(request: Request, on: str | None = None) -> tuple[SizeBand, ...]:
    """Get the bands of the base that is set, on a day or today."""
    found = await gateway_of(request).questions.entitlements.general_rule(PUBLIC, on)
    return tuple(
        SizeBand(
            band.lower,
            band.upper,
            band.days,
            band.lower_included,
            band.upper_included,
        )
        for band in (found.items if found else ())
    )
