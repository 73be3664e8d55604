"""As known on an earlier day: what the FLA knew at the end of it, in Brussels."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request

from services.gateway.api.problems import bad_request, issue, language_of
from services.gateway.limits import FIRST_YEAR
from shared.anomalies import anomaly
from shared.clock import brussels_today

FIRST_DAY = date(FIRST_YEAR, 1, 1)
"""Nothing is known of earlier: the ledger begins then."""


async def _known_day(
    request: Request,
    as_known_on: Annotated[
        date | None,
        Query(
            alias="asKnownOn",
            description="As the FLA knew it at the end of this day in Brussels, whatever became known later.",
        ),
    ] = None,
) -> date | None:
    today = brussels_today()
    if as_known_on is not None and not FIRST_DAY <= as_known_on <= today:
        wrong = anomaly("dateTooFar", "asKnownOn", minimum=FIRST_DAY.isoformat(), maximum=today.isoformat())
        raise bad_request([issue(wrong, language_of(request), where="query")])
    return as_known_on


AsKnownOn = Annotated[date | None, Depends(_known_day)]
"""A route parameter of this type is the query parameter `asKnownOn`, or None for today."""
