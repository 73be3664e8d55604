"""Submitting a cancellation of an entitlement or an employment."""

from typing import Any

from fastapi import Request
from starlette.datastructures import FormData

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.forms import typed_text
from services.gateway.web.kit.submit import Result, submit_one
from services.gateway.wiring import gateway_of
from shared.contracts.vocabulary import Anomaly


async def take_back(
    request: Request,
    enterprise: EnterpriseAccess,
    kind: DeclarationKind,
    person: str | None,
    named: dict[str, str],
    form: FormData,
) -> tuple[Result, list[Anomaly]]:
    """Submit the cancellation; what is wrong, if anything."""
    fields: dict[str, Any] = named | {"enterpriseNumber": enterprise.number}
    if reason := typed_text(form, "reason"):
        fields["reason"] = reason
    key = typed_text(form, "submission_key")
    return await submit_one(gateway_of(request), enterprise.sender, Declared(1, kind, fields, person), key)
