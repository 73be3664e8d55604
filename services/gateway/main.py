"""The gateway: the only service that faces the outside. Wiring, and nothing else."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette_compress import CompressMiddleware

from services.gateway.access.access_tokens import AccessTokens
from services.gateway.access.identity_provider import IdentityProvider
from services.gateway.access.oidc import SignIn
from services.gateway.access.oidc_settings import OidcSettings
from services.gateway.api import (
    batches,
    documentation,
    employments,
    enterprise_entitlements,
    enterprises,
    entitlements,
    problems,
    submissions,
    trainings,
)
from services.gateway.api.caller import counted
from services.gateway.api.preferences import only_possible
from services.gateway.api.route_parameters import only_known
from services.gateway.api.tracing import Tracing
from services.gateway.batch.channel import BatchChannel, BatchSettings
from services.gateway.batch.work.simulate import DecidingServices
from services.gateway.edge import Edge
from services.gateway.handlers import HANDLERS
from services.gateway.intake.prepare import Intake
from services.gateway.intake.submission_writer import SubmissionWriter
from services.gateway.questions import HttpTransport, Questions
from services.gateway.rate_limits import Limited, RateLimits
from services.gateway.representation.claim_service import ClaimService
from services.gateway.representation.claims_worker import ClaimsWorker
from services.gateway.representation.revocation import EnterpriseClearing
from services.gateway.settings import PORT, GatewaySettings
from services.gateway.sources.representation import NoSource
from services.gateway.sources.representation_http import HttpRepresentationSource
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import Persons
from services.gateway.web import site
from services.gateway.wiring import Gateway
from shared.access.internal_tokens import InternalTokens
from shared.database.engine import create_engine, driver, transaction
from shared.http.service import create_app, serve
from shared.messaging.producer import Producer
from shared.messaging.runtime import Messaging

API = "/api/v1"
ASKED = ("gateway", "registration", "entitlements", "dashboard")


def build(settings: GatewaySettings) -> FastAPI:
    """The gateway's app with all its parts."""
    engine = create_engine(settings.gateway_database_url.get_secret_value(), settings.database_connections * 2)
    messaging = Messaging("gateway", engine, HANDLERS, settings)
    persons = Persons(Cipher(settings.vault_key.get_secret_value()))
    intake = Intake(persons, settings.unknown_employment, settings.access_days_after_end)
    writer = SubmissionWriter(engine, messaging.relay, intake)
    internal_key = settings.internal_key.get_secret_value()
    addresses = {name: settings.service_url(name) for name in ASKED}
    questions = Questions(HttpTransport(addresses, InternalTokens(internal_key)))
    # Files have a producer of their own: a large one that fails must not hold up single registrations.
    files = Producer(settings.kafka_bootstrap)
    channel = BatchChannel(
        engine,
        files,
        intake,
        DecidingServices(questions),
        BatchSettings(
            folder=settings.batch_dir,
            most_bytes=settings.batch_max_bytes,
            chunk_size=settings.batch_chunk,
            keep=timedelta(days=settings.batch_keep_days),
            exchange=settings.exchange_dir,
            exchange_poll_seconds=settings.exchange_poll_seconds,
            uploads_per_sender=settings.uploads_per_sender,
        ),
    )
    messaging.notes |= channel.notes
    source = _representation_source(settings)
    claim_service = ClaimService(engine, persons, source, writer)
    claims_worker = ClaimsWorker(claim_service, EnterpriseClearing(engine, writer, questions, messaging.relay))
    oidc, http = OidcSettings(), httpx.AsyncClient(timeout=10)
    provider = IdentityProvider(oidc.issuer, http)
    tasks: list[asyncio.Task[Any]] = []

    async def started(app: FastAPI) -> None:
        # A database that is away delays answers and does not keep the service from starting.
        with suppress(OSError, SQLAlchemyError, asyncpg.PostgresError):
            async with transaction(engine) as connection:
                await persons.check_key(driver(connection))
        tasks.append(asyncio.create_task(writer.run()))
        tasks.append(asyncio.create_task(channel.run()))
        tasks.append(asyncio.create_task(claims_worker.run()))

    async def stopping(app: FastAPI) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await files.close()
        await questions.close()
        if isinstance(source, HttpRepresentationSource):
            await source.close()
        await http.aclose()

    app = create_app(
        messaging,
        internal_key=internal_key,
        started=started,
        stopping=stopping,
        openapi_url=documentation.DESCRIPTION,
    )
    app.state.gateway = Gateway(
        settings=settings,
        engine=engine,
        messaging=messaging,
        writer=writer,
        persons=persons,
        tokens=AccessTokens(provider, oidc),
        sign_in=SignIn(oidc, provider, http),
        issuer=oidc.issuer,
        questions=questions,
        batches=channel,
        claim_service=claim_service,
        claims_worker=claims_worker,
        rate_limits=RateLimits(
            {
                Limited.CLIENT: settings.rate_client,
                Limited.PERSON: settings.rate_person,
                Limited.ADDRESS: settings.rate_address,
                Limited.SIGN_IN: settings.rate_sign_in,
            }
        ),
    )
    api = APIRouter(prefix=API, dependencies=[Depends(counted), Depends(only_known), Depends(only_possible)])
    for part in (trainings, employments, entitlements, enterprise_entitlements, enterprises, batches, submissions):
        api.include_router(part.router)
    app.include_router(api)
    documentation.describe(app)
    site.install(app, problems.RESPONDERS)
    app.add_middleware(Tracing)
    app.add_middleware(CompressMiddleware)
    app.add_middleware(Edge)
    return app


def _representation_source(settings: GatewaySettings) -> NoSource | HttpRepresentationSource:
    if not settings.representation_url:
        return NoSource()
    return HttpRepresentationSource(settings.representation_url, settings.representation_key.get_secret_value())


def main() -> None:
    """Run the gateway."""
    settings = GatewaySettings()
    serve(build(settings), settings, PORT)


if __name__ == "__main__":
    main()
