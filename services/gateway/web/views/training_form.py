"""Register a training for one or several (`…/trainings/new`), or correct one (`…/trainings/{id}/correct`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from services.gateway.web.views.frame import FormState, Party

CONTENT_FIELDS = (
    "title",
    "startDate",
    "endDate",
    "durationHours",
    "durationMinutes",
    "kind",
    "provider.name",
    "status",
    "context",
    "rightType",
    "chargedDurationHours",
    "chargedDurationMinutes",
    "description",
    "provider.enterpriseNumber",
    "provider.internal",
    "certificate.awarded",
    "certificate.validUntil",
    "result",
    "financing",
    "language",
    "location",
    "modality",
    "theme",
)
"""Names of the form's fields: the API's paths, except that a duration is typed as hours and minutes.

Errors about a duration name the fields `duration` and `chargedDuration`. An empty `status` means: by its dates,
planned while its end lies ahead and completed afterwards. `provider.internal` and `certificate.awarded` are ticked
with the value `true`.
"""

MAIN_FIELDS = frozenset(CONTENT_FIELDS[:7]) | {"duration", "employees"}
DEFAULTS = {"context": "professional", "rightType": "legal"}
"""What a new form holds before anything is typed."""


@dataclass(frozen=True)
class EmployeeOption:
    """Someone who can be picked. `value` is what the form sends; `detail` tells two people of one name apart."""

    value: str
    name: str
    detail: str


@dataclass(frozen=True)
class EmployeePicker:
    """The people a form can be about.

    `options` holds what the search found and always everyone who is already ticked; `total` counts all employees who
    match the search. When all of them are in `options` the browser searches by itself; otherwise typing asks the
    server again: the form is posted with `action=search` and `employeeSearch`, and the answer to htmx is the view's
    `fragment`.
    """

    options: Sequence[EmployeeOption]
    total: int
    search: str = ""


@dataclass(frozen=True)
class Double:
    """Someone for whom the same training is there: which one, and the picker's value."""

    employee: str
    name: str
    training: str


@dataclass(frozen=True)
class NewTrainingView:
    """Fields: `CONTENT_FIELDS`, and the choices `employees` (values of the picker).

    With `doubles` the form asks whether to register it all the same (`again`, ticked with the value `true`); hidden
    beside it `asked`, the employees it asks about, and `askedFor`, which training.
    """

    template: ClassVar[str] = "pages/training_new.html"
    fragment: ClassVar[str] = "fragments/employee_picker.html"
    fields: ClassVar[tuple[str, ...]] = (*CONTENT_FIELDS, "employees", "employeeSearch")
    asking_fields: ClassVar[tuple[str, ...]] = (*fields, "again", "asked", "askedFor")

    enterprise: Party
    form: FormState
    picker: EmployeePicker
    known_providers: Sequence[str] = ()
    doubles: Sequence[Double] = ()
    asked_for: str = ""

    @property
    def more_open(self) -> bool:
        """Whether the less used fields are unfolded: when one of them was filled in or has an error."""
        filled = {name for name, value in self.form.values.items() if value and DEFAULTS.get(name) != value}
        wrong = {error.field for error in self.form.errors if error.field}
        return bool((filled | wrong) - MAIN_FIELDS - {"employeeSearch", "again"})


@dataclass(frozen=True)
class CorrectTrainingView:
    """Fields: `CONTENT_FIELDS`, `reason`, and `expectedVersion` (hidden), which refuses it when someone was first."""

    template: ClassVar[str] = "pages/training_correct.html"
    fields: ClassVar[tuple[str, ...]] = (*CONTENT_FIELDS, "reason", "expectedVersion")

    enterprise: Party
    training: str
    title: str
    employee_name: str
    form: FormState
    known_providers: Sequence[str] = ()
