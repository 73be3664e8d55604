"""Taking something back that should not have been registered: an employer's own figure, an employment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from services.gateway.web.views.frame import FormState, Party


@dataclass(frozen=True)
class OwnFigure:
    """An own figure of an employer for one year; `until` and `since` only where it is not the whole year's."""

    entitlement: str
    year: int
    basis: str
    days: Decimal
    since: date | None
    until: date | None
    reason: str
    collective_agreement: str | None
    cancelled: bool


@dataclass(frozen=True)
class CancelEntitlementView:
    """`…/entitlements/{entitlement}/cancel`."""

    template: ClassVar[str] = "pages/entitlement_cancel.html"
    fields: ClassVar[tuple[str, ...]] = ("reason",)

    enterprise: Party
    employment: str
    employee_name: str
    figure: OwnFigure
    form: FormState


@dataclass(frozen=True)
class CancelEmploymentView:
    """`…/employees/{employment}/cancel`."""

    template: ClassVar[str] = "pages/employment_cancel.html"
    fields: ClassVar[tuple[str, ...]] = ("reason",)

    enterprise: Party
    employment: str
    employee_name: str
    start_date: date
    end_date: date | None
    form: FormState
