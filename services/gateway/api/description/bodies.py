"""What is sent that is more than one declaration: many at once, and a file in a form."""

from typing import Annotated

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from services.gateway.intake.models import EmploymentRegistration, EntitlementRegistration, TrainingRegistration
from services.gateway.limits import MOST_ITEMS

_Many = Field(min_length=1, max_length=MOST_ITEMS)


class TrainingRegistrations(TypedDict):
    """Trainings to register at once. Each has its own outcome."""

    items: Annotated[list[TrainingRegistration], _Many]


class EmploymentRegistrations(TypedDict):
    """Employments to register at once. Each has its own outcome."""

    items: Annotated[list[EmploymentRegistration], _Many]


class EntitlementRegistrations(TypedDict):
    """Own figures to register at once. Each has its own outcome."""

    items: Annotated[list[EntitlementRegistration], _Many]


File = Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]


class BatchForm(TypedDict):
    """An XML file, plain or gzip, in a form."""

    file: File
