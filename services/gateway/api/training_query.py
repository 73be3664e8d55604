"""What `POST /trainings/query` can be asked: as the parameters of `GET /trainings`, and for one person."""

from typing import Annotated, Any, Literal

from pydantic import Field

from services.gateway.api.problems import bad_request, issue
from services.gateway.intake.asked_body import AskedBody, checked_body
from services.gateway.intake.models import Date, EnterpriseNumber, Ssin
from services.gateway.limits import LARGEST_PAGE, LAST_PAGE, LONGEST_LINE
from shared.anomalies import anomaly
from shared.contracts.vocabulary import TrainingKind, TrainingStatus
from shared.i18n import Language
from shared.identifiers import is_valid_ssin
from shared.text_types import OneLine

Sort = Literal["startDate", "-startDate", "recordedAt", "-recordedAt", "title", "-title", "minutes", "-minutes"]


class TrainingQuery(AskedBody):
    """What trainings to look for; for one person with `ssin`. What is left out is not asked for."""

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


def checked_query(content: dict[str, Any], language: Language) -> dict[str, Any]:
    """Check a query and fill in its defaults. Raises the problem with every issue."""
    asked, found = checked_body(TrainingQuery, content, ("from", "until"))
    if "ssin" in asked and not is_valid_ssin(asked["ssin"]):
        found.insert(0, anomaly("invalidSsin", "ssin"))
    if found:
        raise bad_request([issue(one, language, fields=content) for one in found])
    return {"page": 1, "pageSize": 100, "sort": "-startDate"} | asked
