"""`/api/v1/submissions`: what became of what was sent; and `/refData`: the code lists."""

from collections.abc import Iterable
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.gateway.api.answers.submissions import CodeList, Submission
from services.gateway.api.caller import Caller, calling_with_one_of, need_one_of
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.problems import language_of, not_found
from services.gateway.api.submit import described
from services.gateway.intake import submission_outcomes
from services.gateway.intake.declared import AREAS
from services.gateway.wiring import gateway_of
from shared.anomalies import template
from shared.anomaly_texts import CATALOGUE
from shared.contracts import vocabulary
from shared.contracts.employer_submissions import EndReason
from shared.database.engine import driver, transaction

router = APIRouter()


def scopes_of(areas: Iterable[str]) -> tuple[str, ...]:
    """List the scopes of these areas, without `scope:fla:`."""
    return tuple(f"{area}:{way}" for area in areas for way in ("read", "write"))


# Who may read no submission at all is not told which there are.
MayReadSome = Annotated[Caller, Depends(calling_with_one_of(*scopes_of(AREAS)))]

LISTS: dict[str, Any] = {
    "trainingStatuses": vocabulary.TrainingStatus,
    "trainingKinds": vocabulary.TrainingKind,
    "trainingContexts": vocabulary.TrainingContext,
    "rightTypes": vocabulary.RightType,
    "modalities": vocabulary.Modality,
    "endReasons": EndReason,
}


@router.get("/submissions/{submission}", tags=["submissions"],
            **operation("readSubmission", {200: Answer("The submission.", Submission, ("Retry-After",))},
                        scope=scopes_of(AREAS), problems=(404,)))  # fmt: skip
async def read(request: Request, response: Response, caller: MayReadSome, submission: UUID) -> dict[str, Any]:
    """A submission of yours: its counts, and each item that was not plainly accepted.

    It needs a scope, to read or to write, of what was submitted: trainings, employments, …, or batches.
    """
    async with transaction(gateway_of(request).engine) as connection:
        state = await submission_outcomes.find(driver(connection), str(submission))
    if state is None or state.sender != caller.organisation:
        raise not_found("submission")
    need_one_of(caller, scopes_of([state.area] if state.area else AREAS))
    if not state.completed:
        response.headers["Retry-After"] = "1"
    return described(state, language_of(request))


@router.get("/refData/{name}", tags=["refData"],
            **operation("readCodeList", {200: Answer("The code list.", CodeList)}, problems=(404,)))  # fmt: skip
async def code_list(request: Request, name: str) -> dict[str, Any]:
    """A code list: trainingStatuses, trainingKinds, trainingContexts, rightTypes, modalities, endReasons, anomalies."""
    if name == "anomalies":
        language = language_of(request)
        # What an anomaly fills in is not known here: an ellipsis stands for it.
        return {
            "items": [
                {"code": code, "severity": entry.severity.value, "text": template(code, language)}
                for code, entry in CATALOGUE.items()
            ]
        }
    if name not in LISTS:
        raise not_found("code list")
    return {"items": [{"code": code} for code in get_args(LISTS[name])]}
