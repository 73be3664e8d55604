"""The words that several contracts share."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

Uuid = Annotated[str, Field(min_length=36, max_length=36), WithJsonSchema({"type": "string", "format": "uuid"})]
LocalDate = Annotated[str, Field(min_length=10, max_length=10), WithJsonSchema({"type": "string", "format": "date"})]
"""A day in Europe/Brussels, ISO 8601."""
Moment = Annotated[str, Field(min_length=20), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment in UTC, ISO 8601 with `Z` or `+00:00`."""
EnterpriseNumber = Annotated[str, Field(min_length=10, max_length=10)]
JointCommittee = Annotated[str, Field(min_length=3, max_length=9)]
"""Dotted: `305`, `225.01`, `305.02.09`."""
Days = Annotated[str, WithJsonSchema({"type": "string", "format": "decimal"})]
"""A decimal number of days as text, so that nobody makes a float of it."""
Hours = Annotated[str, WithJsonSchema({"type": "string", "format": "decimal"})]
"""A decimal number of hours as text."""

TrainingStatus = Literal["planned", "completed", "notFollowed", "cancelled"]
TrainingKind = Literal["formal", "informal"]
TrainingContext = Literal["professional", "nonProfessional", "flemishTrainingLeave", "paidEducationalLeave"]
"""Why the training was followed. Only `professional` counts for the right."""
RightType = Literal["legal", "sectoral", "company"]
Modality = Literal["onSite", "online", "hybrid"]
RegisteredBy = Literal["employer", "mandatary", "provider", "sectorFund", "authenticSource"]
Channel = Literal["web", "api", "batch"]


class SubmissionItem(TypedDict):
    """Where a declaration came from: the submission and its place in it. `id` is derived from both."""

    id: Uuid
    submission: Uuid
    line: int


class Anomaly(TypedDict):
    """One thing that is wrong or noteworthy, as a code: the reader's language is chosen where it is read.

    `code` is an entry of `shared.anomalies.CATALOGUE`; `field` is the path of the field in API spelling;
    `params` fill the text's placeholders and never hold a national number.
    """

    code: str
    field: NotRequired[str]
    params: NotRequired[dict[str, str]]
