"""Samples of the form that registers a training."""

from services.gateway.web.kit.employee_picker import EmployeeOption, EmployeePicker
from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.trainings.register_training import Double, NewTrainingView
from services.gateway.web.trainings.training_fields import DEFAULTS
from shared.i18n import Language, translate
from tests.pages.people import BAKERY, EMPLOYEES

KEY = "0191f7a0-5a3e-7c11-9d6b-5f3f0a6f2b10"
PROVIDERS = ("Alimento", "Mensura Opleidingen", "Rode Kruis-Vlaanderen", "VDAB")


def picker(shown: int = len(EMPLOYEES), total: int = len(EMPLOYEES), search: str = "") -> EmployeePicker:
    """People to pick from."""
    options = tuple(
        EmployeeOption(f"0191f7a0-0000-7000-8000-0000000001{index:02}", name, f"PC 118 · {1970 + index * 2}")
        for index, name in enumerate(EMPLOYEES[:shown])
    )
    return EmployeePicker(options, total, search)


def blank(_language: Language) -> NewTrainingView:
    """The form as it opens."""
    return NewTrainingView(BAKERY, FormState(KEY, DEFAULTS), picker(), PROVIDERS)


def with_errors(language: Language) -> NewTrainingView:
    """The form as it comes back."""
    values = {
        **DEFAULTS,
        "title": "Hygiëne en HACCP in de bakkerij",
        "startDate": "2024-06-19",
        "endDate": "2024-06-16",
        "durationHours": "7",
        "durationMinutes": "36",
        "kind": "formal",
        "provider.enterpriseNumber": "0400.000.001",
    }
    errors = (
        FieldError("endDate", translate(language, "The last day lies before the first day.")),
        FieldError("employees", translate(language, "Tick at least one employee.")),
        FieldError("provider.enterpriseNumber", translate(language, "This is not a valid enterprise number.")),
    )
    return NewTrainingView(BAKERY, FormState(KEY, values, errors=errors), picker(8, 312), PROVIDERS)


def asking(language: Language) -> NewTrainingView:
    """The form that asks whether to register the same training once more."""
    values = {
        **DEFAULTS,
        "title": "Hygiëne en HACCP in de bakkerij",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "durationHours": "15",
        "kind": "formal",
    }
    people = picker()
    there = [Double(one.value, one.name, "0191f7a0-0000-7000-8000-000000000003") for one in people.options[:2]]
    text = translate(
        language,
        "This is there already for %(names)s. Register it all the same?",
        names=", ".join(one.name for one in there),
    )
    ticked = {"employees": tuple(one.value for one in people.options[:4])}
    form = FormState(KEY, values, ticked, (FieldError("again", text),))
    return NewTrainingView(BAKERY, form, people, PROVIDERS, there, "5d41402abc4b2a76")
