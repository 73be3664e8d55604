"""Asking before the same training is registered twice: who has it already, and what the form answered to that.

The form comes back with the question; sent again, it says for whom it was asked (`asked`), about which training
(`askedFor`), and whether to register it all the same (`again`). An answer about another training counts for nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.datastructures import FormData

from services.gateway.intake.rules import minutes
from services.gateway.questions import UnavailableError
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.employee_picker import Employee
from services.gateway.web.kit.forms import typed_text
from services.gateway.wiring import Gateway
from shared.text import folded

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a form says about its question: the employments it was asked for, and whether to register all the same."""

    asked: frozenset[str]
    again: bool

    def skips(self, employee: Employee) -> bool:
        """Check whether it is not registered for this one: asked, and not confirmed."""
        return not self.again and employee.employment in self.asked

    def confirms(self, employee: Employee) -> bool:
        """Check whether it is another training for this one, though the same is there."""
        return self.again and employee.employment in self.asked


NOT_ASKED = Answered(frozenset(), again=False)


def answered(form: FormData, fields: Mapping[str, Any]) -> Answered:
    """Read the form's answer, as far as it is about this training."""
    if typed_text(form, "askedFor") != fingerprint(fields):
        return NOT_ASKED
    return Answered(frozenset(str(value) for value in form.getlist("asked")), typed_text(form, "again") == "true")


def fingerprint(fields: Mapping[str, Any]) -> str:
    """Hash what makes a training that training. The fields are checked."""
    days = (fields["startDate"], fields["endDate"], minutes(fields["duration"]), folded(fields["title"]))
    return hashlib.sha256(repr(days).encode()).hexdigest()[:16]


async def already_there(
    gateway: Gateway,
    enterprise: EnterpriseAccess,
    employees: Sequence[Employee],
    fields: Mapping[str, Any],
    reference: str = "",
) -> dict[str, str]:
    """Find for whom the training is there already: dict[employment id, id of that training].

    What has the form's own reference is the same declaration, sent again. Nobody is asked when registration does not
    answer: it will find the double itself, and charge it once.
    """
    try:
        found = await gateway.questions.registration.doubles(
            enterprise.scope,
            enterprise=enterprise.number,
            persons=[employee.person for employee in employees],
            title=fields["title"],
            start_date=fields["startDate"],
            end_date=fields["endDate"],
            minutes=minutes(fields["duration"]),
        )
    except UnavailableError:
        log.warning("registration does not say who has the training already")
        return {}
    trainings = {
        one.person: one.training
        for one in (found.items if found else ())
        if not (reference and _is_named(one.reference or "", reference))
    }
    return {e.employment: trainings[e.person] for e in employees if e.person in trainings}


def _is_named(own: str, reference: str) -> bool:
    """Check whether a training has the reference of this form, with a number behind it where it was for several."""
    return own == reference or own.startswith(f"{reference}/")
