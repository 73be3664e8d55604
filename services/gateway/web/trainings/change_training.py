"""What correcting and cancelling a training share: finding it, submitting the change, where to go afterwards."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.forms import typed_text
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.submit import Result, submit_one
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.web.trainings import addresses
from services.gateway.wiring import gateway_of
from shared.contracts.answers.registration import TrainingHistory, TrainingVersion
from shared.contracts.vocabulary import Anomaly


async def training_of(request: Request, enterprise: EnterpriseAccess, training: UUID) -> TrainingHistory:
    """Ask for a training with its versions. ForbiddenError where it is not this enterprise's."""
    found = await gateway_of(request).questions.registration.training(enterprise.scope, training)
    if found is None:
        raise ForbiddenError
    return found


async def submit_change(
    request: Request,
    enterprise: EnterpriseAccess,
    current: TrainingVersion,
    kind: DeclarationKind,
    fields: dict[str, Any],
    form: FormData,
) -> tuple[Result, list[Anomaly]]:
    """Submit a correction or cancellation; what is wrong, if anything."""
    fields = fields | {
        "trainingId": current.training,
        "enterpriseNumber": enterprise.number,
        "expectedVersion": typed_text(form, "expectedVersion") or current.version,
    }
    if reason := typed_text(form, "reason"):
        fields["reason"] = reason
    key = typed_text(form, "submission_key")
    return await submit_one(gateway_of(request), enterprise.sender, Declared(1, kind, fields, current.person), key)


def address_after(number: str, training: UUID, result: Result, done: str) -> str:
    codes = {found["code"] for found in result.anomalies.get(1, ())}
    notice = "pending" if result.pending else "unchanged" if "unchanged" in codes else done
    return with_notice(addresses.training(number, str(training)), notice)
