"""What many answers have in common: people, pages and numbers."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Ssin = Annotated[str, Field(description="National or BIS number, 11 digits.")]
Address = Annotated[str, Field(description="Path on this host.", examples=["/api/v1/trainings?page=2"])]
Count = Annotated[int, Field(ge=0)]
Minutes = Annotated[int, Field(ge=0, description="A length of time in whole minutes.")]
Year = Annotated[int, Field(ge=1900, le=2200)]
Language = Annotated[str, Field(description="In the language of `Accept-Language`.")]


class OfPerson(TypedDict):
    """About a person, as far as the person is known here."""

    ssin: NotRequired[Ssin]
    givenName: NotRequired[str]
    familyName: NotRequired[str]


class Page(TypedDict):
    """A page of a collection. `total` counts all items; `next` leads on, and is absent on the last page."""

    self: Address
    page: Annotated[int, Field(ge=1)]
    pageSize: Annotated[int, Field(ge=1)]
    total: Count
    next: NotRequired[Address]


class TrainingCount(TypedDict):
    """How many trainings, and their minutes."""

    trainings: Count
    minutes: Minutes
