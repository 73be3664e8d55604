"""Anomalies as people read them: days and numbers as in their language, and how to type a value in a form."""

import re
from decimal import Decimal
from typing import Final

from services.gateway.web.kit.formatting import Formatter
from shared.anomalies import sentence
from shared.contracts.vocabulary import Anomaly
from shared.i18n import N_, Language, translate

_ON_FORMS: Final = {
    "invalidDate": N_("This is not an existing date. Write day, month and year: 16/06/2024."),
    "invalidDuration": N_("This is not a duration. Write hours and minutes: 7 h 36, 7:36 or 7.6 hours."),
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR_FIELD: Final = re.compile(r"(^|\.)(year|untilYear)$")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def worded(found: Anomaly, language: Language) -> str:
    """Word an anomaly: days as `16/06/2024`, numbers with the signs of the language; years have no thousands."""
    if "params" not in found:
        return sentence(found, language)
    formatter = Formatter(language)
    of_year = _YEAR_FIELD.search(found.get("field", "")) is not None
    params = {name: text if of_year else _shown(text, formatter) for name, text in found["params"].items()}
    return sentence(found | {"params": params}, language)


def on_form(found: Anomaly, language: Language) -> str:
    """Word an anomaly for who typed the value in a form."""
    text = _ON_FORMS.get(found["code"])
    return worded(found, language) if text is None else translate(language, text)


def _shown(text: str, formatter: Formatter) -> str:
    if _DAY.fullmatch(text):
        return formatter.iso_date(text)
    return formatter.decimal(Decimal(text)) if _NUMBER.fullmatch(text) else text
