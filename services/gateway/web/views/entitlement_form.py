"""Register or modify the entitlement of one or several: `…/entitlements/new`."""

from dataclasses import dataclass
from typing import ClassVar

from services.gateway.web.views.frame import FormState, Party
from services.gateway.web.views.training_form import EmployeePicker


@dataclass(frozen=True)
class NewEntitlementView:
    """`basis` is `fullTimeDays` or `resultingDays`; `days` a decimal number as typed in the reader's language."""

    template: ClassVar[str] = "pages/entitlement_new.html"
    fragment: ClassVar[str] = "fragments/employee_picker.html"
    fields: ClassVar[tuple[str, ...]] = (
        "year",
        "basis",
        "days",
        "reason",
        "rightType",
        "collectiveAgreement",
        "validFrom",
        "validUntil",
        "employees",
        "employeeSearch",
    )

    enterprise: Party
    form: FormState
    picker: EmployeePicker
    years: tuple[int, ...]

    def year_options(self) -> list[tuple[str, str]]:
        """The years a right can be registered for."""
        return [(str(year), str(year)) for year in self.years]

    @property
    def more_open(self) -> bool:
        """Whether the less used fields are unfolded: when one was filled in or has an error."""
        return any(self.form.value(name) or self.form.error(name) for name in ("validFrom", "validUntil"))
