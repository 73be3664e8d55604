"""What `POST /trainings/query` can be asked: as the parameters of `GET /trainings`, and for one person."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.gateway.api.problems import bad_request, issue
from services.gateway.intake.models import Date, EnterpriseNumber, Ssin
from services.gateway.intake.validation import bounds_in, explained
from services.gateway.limits import LARGEST_PAGE, LAST_PAGE, LONGEST_LINE
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly, TrainingKind, TrainingStatus
from shared.i18n import Language
from shared.identifiers import is_valid_ssin
from shared.text_types import OneLine

Sort = Literal["startDate", "-startDate", "recordedAt", "-recordedAt", "title", "-title", "minutes", "-minutes"]


def _without_defaults(schema: dict[str, Any]) -> None:
    """Remove the defaults: what stands in a field that was left out is no value of it, and no null means anything."""
    for described in schema["properties"].values():
        described.pop("default", None)


class TrainingQuery(BaseModel):
    """What trainings to look for; for one person with `ssin`. What is left out is not asked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)

    enterpriseNumber: EnterpriseNumber
    ssin: Ssin = ""
    status: TrainingStatus = "completed"
    kind: TrainingKind = "formal"
    first: Date = Field("", alias="from")
    until: Date = ""
    text: Annotated[str, OneLine(LONGEST_LINE, least=0)] = ""
    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] = 1
    pageSize: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 100
    sort: Sort = "-startDate"


_BOUNDS: Final = dict(bounds_in(TrainingQuery.model_json_schema()))


def checked_query(content: dict[str, Any], language: Language) -> dict[str, Any]:
    """Check a query and fill in its defaults. Raises the problem with every issue."""
    found: list[Anomaly] = []
    asked: dict[str, Any] = {}
    try:
        asked = TrainingQuery.model_validate(content).model_dump(by_alias=True, exclude_unset=True)
    except ValidationError as error:
        found = [explained(one, _BOUNDS) for one in error.errors(include_url=False, include_input=False)]
    else:
        if "ssin" in asked and not is_valid_ssin(asked["ssin"]):
            found.append(anomaly("invalidSsin", "ssin"))
        found += [anomaly("invalidDate", name) for name in ("from", "until") if not _is_day(asked.get(name))]
    if found:
        raise bad_request([issue(one, language, fields=content) for one in found])
    return {"page": 1, "pageSize": 100, "sort": "-startDate"} | asked


def _is_day(text: str | None) -> bool:
    try:
        return text is None or date.fromisoformat(text) is not None
    except ValueError:
        return False
