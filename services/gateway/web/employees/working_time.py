"""Working time as a form has it, in percent of full time or in hours a week, and as it is declared."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from starlette.datastructures import FormData

from services.gateway.intake.rules import USUAL_WEEK
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import CONFIRMED_WORKING_TIME, FieldError, typed_text
from services.gateway.web.kit.typed_values import typed_decimal
from shared.contracts.employer_submissions import Terms
from shared.contracts.vocabulary import Anomaly
from shared.i18n import N_, Language, translate


class Unit(StrEnum):
    """What working time is typed in."""

    PERCENT = "percent"
    HOURS = "hours"


_IN_PERCENT: Final = {"outOfRange": {"minimum": "0", "maximum": "100"}, "tooManyDecimals": {"maximum": "6"}}


def percentage_typed(form: FormData, language: Language) -> str:
    """Get the percentage as it was typed, with a decimal point; `80 %` is 80."""
    return typed_decimal(form, "workingTime", language).removesuffix("%")


def working_time_typed(form: FormData, language: Language) -> dict[str, str]:
    """Read working time and the full-timer's week as they are declared; without what is empty."""
    if in_hours(form):
        typed = {"weeklyHours": typed_decimal(form, "workingTime", language)}
    else:
        typed = {"workingTime": fraction_typed(form, language)}
    typed["fullTimeWeek"] = typed_decimal(form, "fullTimeWeek", language)
    return {name: value for name, value in typed.items() if value}


def in_hours(form: FormData) -> bool:
    """Tell whether working time was typed in hours a week."""
    return typed_text(form, "workingTimeUnit") == Unit.HOURS


def values_of(terms: Terms) -> dict[str, str]:
    """Fill in the fields of a form with the working time of known terms."""
    hours = terms.get("weeklyHours")
    return {
        "workingTime": hours or _percentage(terms["fraction"]),
        "workingTimeUnit": Unit.HOURS if hours else Unit.PERCENT,
        "fullTimeWeek": terms.get("fullTimeWeek", str(USUAL_WEEK)),
    }


def declared_terms(terms: Terms) -> dict[str, str]:
    """Write known terms as they were declared."""
    hours = terms.get("weeklyHours")
    time = {"workingTime": terms["fraction"]} if hours is None else {"weeklyHours": hours}
    week = {"fullTimeWeek": terms["fullTimeWeek"]} if "fullTimeWeek" in terms else {}
    return {"validFrom": terms["validFrom"], "jointCommittee": terms["jointCommittee"], **time, **week}


def _percentage(fraction: str) -> str:
    return format((Decimal(fraction) * 100).normalize(), "f")


def fraction_typed(form: FormData, language: Language) -> str:
    """Convert the percentage to a fraction of full time; what is not a number stays, to be refused as such."""
    text = percentage_typed(form, language)
    try:
        return format((Decimal(text) / 100).normalize(), "f")
    except InvalidOperation:
        return text


def in_percent(anomalies: Iterable[Anomaly]) -> list[Anomaly]:
    """Give the bounds of working time in the unit of the form."""
    return [_in_percent(one) if one.get("field", "").endswith("workingTime") else one for one in anomalies]


def _in_percent(found: Anomaly) -> Anomaly:
    params = _IN_PERCENT.get(found["code"])
    return found if params is None else found | {"params": params}


def looks_like_fraction(form: FormData, language: Language) -> tuple[FieldError, ...]:
    """Ask about a percentage that looks like a fraction (`0,8`), unless the form confirms it; else nothing."""
    if in_hours(form):
        return ()
    text = percentage_typed(form, language)
    try:
        percentage = Decimal(text)
        doubtful = 0 < percentage <= 1
    except InvalidOperation:
        return ()
    if not doubtful or typed_text(form, CONFIRMED_WORKING_TIME) == typed_text(form, "workingTime"):
        return ()
    formatter = Formatter(language)
    question = translate(
        language,
        N_("Is %(typed)s of full time meant? For %(meant)s write %(number)s."),
        typed=formatter.percent(percentage / 100),
        meant=formatter.percent(percentage),
        number=formatter.decimal(percentage * 100),
    )
    return (FieldError(CONFIRMED_WORKING_TIME, question),)
