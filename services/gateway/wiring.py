"""The gateway's parts, put together once and handed to every route."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection, Request

from services.gateway.access.access_tokens import AccessTokens
from services.gateway.access.oidc import SignIn
from services.gateway.batch.channel import BatchChannel
from services.gateway.intake.submission_writer import SubmissionWriter
from services.gateway.questions import Questions
from services.gateway.rate_limits import Limited, RateLimits, address_of
from services.gateway.representation.claim_service import ClaimService
from services.gateway.representation.claims_worker import ClaimsWorker
from services.gateway.settings import GatewaySettings
from services.gateway.vault.persons import Persons
from shared.messaging.runtime import Messaging


@dataclass(frozen=True, slots=True)
class Gateway:
    """What routes work with."""

    settings: GatewaySettings
    engine: AsyncEngine
    messaging: Messaging
    writer: SubmissionWriter
    persons: Persons
    tokens: AccessTokens
    sign_in: SignIn
    issuer: str
    questions: Questions
    batches: BatchChannel
    claim_service: ClaimService
    claims_worker: ClaimsWorker
    rate_limits: RateLimits


def gateway_of(connection: HTTPConnection) -> Gateway:
    """The gateway that serves this request."""
    gateway: Gateway = connection.app.state.gateway
    return gateway


def count_request(request: Request, limited: Limited, who: str | None = None) -> None:
    """Count a request of somebody, of its address unless named; what is left goes into the answer's headers.

    Raises TooManyRequestsError.
    """
    request.state.quota = gateway_of(request).rate_limits.take(limited, address_of(request) if who is None else who)
