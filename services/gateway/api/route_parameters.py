"""Path and query parameters that several routes share. Whatever goes on to another service is checked here first."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request

from services.gateway.api.problems import bad_request, issue, language_of, query_parameters
from services.gateway.intake import models
from services.gateway.intake.validation import path_of
from services.gateway.limits import LONGEST_LINE
from shared.anomalies import anomaly
from shared.text_types import OneLine

Id = Annotated[UUID, Path(description="The id the FLA gave.")]
EnterpriseNumber = Annotated[models.EnterpriseNumber, Path(alias="number", description="Enterprise number, 10 digits.")]
"""The enterprise that an address is about."""
QueriedEnterpriseNumber = Annotated[
    models.EnterpriseNumber, Query(alias="enterpriseNumber", description="Enterprise number, 10 digits.")
]
"""The enterprise that a list is about."""
Text = Annotated[str, OneLine(LONGEST_LINE, least=0), Query(description="In title, provider or reference.")]


async def only_known(request: Request) -> None:
    """Refuse a query parameter that the route does not have, or that is there twice. A dependency.

    `?form=2024-01-01` for `from` would else answer with everything, as if it had been asked for.
    """
    if not request.url.query:
        return
    sent, known = request.query_params, query_parameters(request)
    wrong = [("unknownInput", name) for name in sorted(set(sent) - known.keys())]
    wrong += [("saidTwice", name) for name in sorted(set(sent) & known.keys()) if len(sent.getlist(name)) > 1]
    if wrong:
        language = language_of(request)
        raise bad_request([issue(anomaly(code, path_of((name,))), language, where="query") for code, name in wrong])
