"""Joint committees in forms: chosen by name, and asked about where nobody knows the code."""

from collections.abc import Iterable
from datetime import date

from starlette.datastructures import FormData

from services.gateway.web.kit.forms import CONFIRMED_COMMITTEES, FieldError, FormState, typed_text
from services.gateway.web.kit.wording import worded
from shared.anomalies import anomaly
from shared.i18n import Language
from shared.reference.joint_committees import dotted, is_known, joint_committees

Choice = tuple[str, str]
"""A code and its name, which is empty where none is known."""


def choices(first: Iterable[str], language: Language, today: date) -> tuple[Choice, ...]:
    """List the committees to choose from while typing: these codes first, then every one in being today."""
    known = joint_committees()
    codes = dict.fromkeys([*first, *(code for code, one in known.items() if one.exists_on(today))])
    return tuple((code, known[code].name(language) if code in known else "") for code in codes)


def doubtful(form: FormData, codes: Iterable[str], sure: Iterable[str]) -> list[str]:
    """Find the typed codes that nobody knows, and that the form does not confirm.

    `sure`: codes of arrangements, and those that are registered here already.
    """
    confirmed = typed_text(form, CONFIRMED_COMMITTEES).split(", ")
    certain = {*map(dotted, confirmed), *sure}
    return [code for code in dict.fromkeys(map(dotted, codes)) if not is_known(code) and code not in certain]


def question(language: Language) -> tuple[FieldError, ...]:
    """Make the error that asks to confirm a code."""
    return (FieldError(CONFIRMED_COMMITTEES, worded(anomaly("unknownJointCommittee"), language)),)


def asked_about(form: FormState, codes: Iterable[str], sure: Iterable[str]) -> str:
    """List the codes that a form shown again asks about, with commas; empty where it has no question."""
    if not (form.error(CONFIRMED_COMMITTEES) or form.value(CONFIRMED_COMMITTEES)):
        return ""
    certain = set(sure)
    return ", ".join(c for c in dict.fromkeys(map(dotted, codes)) if c and not is_known(c) and c not in certain)
