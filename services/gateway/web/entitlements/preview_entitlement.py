"""What an employer's own figure would change, shown before it counts: who gets how much, and who cannot have it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.employee_picker import Employee
from services.gateway.web.kit.forms import FormState
from services.gateway.web.kit.frame import Party
from services.gateway.web.kit.wording import on_form
from services.gateway.wiring import Gateway
from shared.anomalies import is_error
from shared.contracts.answers.entitlements import OverrideEffect, OverrideInForce
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language


@dataclass(frozen=True)
class Change:
    """One employee: the year's right now and then; `existing` own figures; `warnings` or, where refused, `refusals`."""

    name: str
    now: Decimal
    then: Decimal
    existing: Sequence[OverrideInForce]
    refusals: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class PreviewView:
    """The page that asks to confirm. `form` is sent on as it is; `employees` are those for whom it can count.

    `everybody`: how many are employed then, where it is for all of them; `changes` may show some only. `confirmed`: the
    fingerprint that makes the form count when it is sent with it.
    """

    template: ClassVar[str] = "entitlements/preview_entitlement.html"

    enterprise: Party
    form: FormState
    changes: Sequence[Change]
    employees: Sequence[str]
    confirmed: str
    everybody: int | None = None


def fingerprint(fields: Mapping[str, Any], employments: Sequence[str]) -> str:
    """Make the fingerprint of what was shown: another figure or other people are shown anew."""
    return hashlib.sha256(repr((sorted(fields.items()), sorted(employments))).encode()).hexdigest()[:32]


async def preview(
    gateway: Gateway,
    enterprise: EnterpriseAccess,
    fields: Mapping[str, Any],
    employees: Sequence[Employee],
    *,
    everybody: bool = False,
) -> list[OverrideEffect]:
    """Ask what it would change for these employees, in their order, as their own figure or as one for everybody."""
    if not employees:
        return []
    supposed = {name: value for name, value in fields.items() if name != "enterpriseNumber"}
    answer = await gateway.questions.entitlements.override_effects(
        enterprise.scope,
        supposed
        | {
            "enterprise": enterprise.number,
            "employments": [employee.employment for employee in employees],
            "year": int(fields["year"]),
            "basis": fields.get("basis", "resultingDays"),
            "everybody": everybody,
        }
        | ({"untilYear": int(fields["untilYear"])} if "untilYear" in fields else {}),
    )
    return answer.items if answer else []


def view_of(
    party: Party,
    form: FormState,
    fields: Mapping[str, Any],
    employees: Sequence[Employee],
    effects: Sequence[OverrideEffect],
    language: Language,
    *,
    everybody: int | None = None,
) -> PreviewView:
    """Turn the answer into what the page shows."""
    names = {employee.employment: employee.name for employee in employees}
    possible = [one.employment for one in effects if not any(map(is_error, one.anomalies))]
    return PreviewView(
        enterprise=party,
        form=form,
        changes=[_change(names[one.employment], one, language) for one in effects],
        employees=possible,
        confirmed=fingerprint(fields, possible if everybody is None else [party.number]),
        everybody=everybody,
    )


def _change(name: str, effect: OverrideEffect, language: Language) -> Change:
    def said(found: Sequence[Anomaly], errors: bool) -> list[str]:
        return [on_form(one, language) for one in found if is_error(one) is errors]

    return Change(
        name=name,
        now=effect.now,
        then=effect.then,
        existing=effect.existing,
        refusals=said(effect.anomalies, errors=True),
        warnings=said(effect.anomalies, errors=False),
    )
