"""Days, durations and numbers as people type them, in the form that the API has; what is not understood stays as it is,
to be refused where it is checked."""

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from starlette.datastructures import FormData

from services.gateway.web.kit.forms import typed_text
from shared.i18n import Language
from shared.text import is_refused
from shared.value_types import compact

_DAY: Final = re.compile(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_MONTHS: Final = 12
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOURS: Final = r"(?:h|u|uur|uren|heures?|hours?|std\.?|stunden?)"
_MINUTES: Final = r"(?:m|min\.?|minuten|minutes?)"
_HOURS_AND_MINUTES: Final = re.compile(
    rf"(\d{{1,5}})\s*(?::|{_HOURS})\s*(?:([0-5]?\d)\s*{_MINUTES}?)?", re.ASCII | re.IGNORECASE
)
_DECIMAL_HOURS: Final = re.compile(rf"(\d{{1,5}}(?:[.,]\d{{1,4}})?)\s*{_HOURS}?", re.ASCII | re.IGNORECASE)
_ONLY_MINUTES: Final = re.compile(rf"(\d{{1,5}})\s*{_MINUTES}", re.ASCII | re.IGNORECASE)
_GROUPED_BY_COMMAS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_GROUPED_BY_POINTS: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", re.ASCII)


def day_typed(text: str) -> str:
    """Read a day: `16/06/2024`, `16.6.2024`, `16062024` or ISO -> `2024-06-16`. The day always comes first."""
    found = None if is_refused(text) else _DAY.fullmatch(text)
    if found is None:
        return text
    day, month, year = (part for part in found.groups() if part is not None)
    if found[4] and int(month) > _MONTHS:
        # Eight digits with the year in front.
        return text
    return f"{year}-{month:0>2}-{day:0>2}"


def typed_day(form: FormData, name: str) -> str:
    """Get the day that was typed in a field, ISO; empty when nothing was."""
    return day_typed(typed_text(form, name))


def iso_day(text: str) -> date | None:
    """Get the day of an ISO text; None for anything else that may stand in a field."""
    try:
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def typed_decimal(form: FormData, name: str, language: Language) -> str:
    """Get the number that was typed in a field, with a decimal point: `1.250,5`, `6,5`, `6.5`; empty when nothing was.

    Three digits behind the sign that groups thousands in this language are thousands.
    """
    typed = typed_text(form, name)
    # A control character is refused, not taken for a blank.
    text = typed if is_refused(typed) else compact(typed)
    if language is Language.ENGLISH:
        grouped, group, point = _GROUPED_BY_COMMAS, ",", "."
    else:
        grouped, group, point = _GROUPED_BY_POINTS, ".", ","
    if grouped.fullmatch(text):
        return text.replace(group, "").replace(point, ".")
    return text.replace(",", ".")


def typed_duration(form: FormData, name: str) -> str:
    """Get a duration as ISO 8601, typed as `nameHours` and `nameMinutes` or whole in the first; empty when nothing was.

    Whole in the first: `7`, `7,6`, `7:36`, `7u36`, `7 h 36`, `7 h 36 min`, `456 min`.
    """
    hours, minutes = typed_text(form, f"{name}Hours"), typed_text(form, f"{name}Minutes")
    if minutes:
        return f"PT{hours or 0}H{minutes}M"
    return hours if is_refused(hours) else _duration(" ".join(hours.split()))


def _duration(text: str) -> str:
    if not text:
        return ""
    if found := _DECIMAL_HOURS.fullmatch(text):
        whole = (Decimal(found[1].replace(",", ".")) * 60).quantize(Decimal(1), ROUND_HALF_EVEN)
        return f"PT{whole // 60}H{whole % 60}M"
    if found := _HOURS_AND_MINUTES.fullmatch(text):
        return f"PT{found[1]}H{found[2] or 0}M"
    if found := _ONLY_MINUTES.fullmatch(text):
        return f"PT{found[1]}M"
    return text
