"""The day as of whose end a page shows what was known; none for what is known today."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query

from services.gateway.limits import FIRST_YEAR
from services.gateway.web.kit.typed_values import day_typed, iso_day
from services.gateway.web.kit.wording import on_form
from shared.anomalies import anomaly
from shared.clock import brussels_today
from shared.i18n import Language
from shared.numbers import without_national_numbers

TypedDay = Annotated[str, Query(max_length=40)]
_FIRST_DAY = date(FIRST_YEAR, 1, 1)
"""Nothing is known of earlier: the ledger begins then."""


@dataclass(frozen=True)
class KnownThen:
    """The day, what was typed for it, and what is wrong with that."""

    day: date | None = None
    typed: str = ""
    error: str | None = None


NOW = KnownThen()


def known_then(typed: str, language: Language) -> KnownThen:
    """Read the day that was typed: today or earlier; nothing typed is no day."""
    text = typed.strip()
    if not text:
        return NOW
    day, today = iso_day(day_typed(text)), brussels_today()
    if day is None:
        return KnownThen(None, without_national_numbers(text), on_form(anomaly("invalidDate"), language))
    if not _FIRST_DAY <= day <= today:
        wrong = anomaly("dateTooFar", minimum=_FIRST_DAY.isoformat(), maximum=today.isoformat())
        return KnownThen(None, text, on_form(wrong, language))
    return KnownThen(None if day == today else day, text)
