"""`python -m services.dashboard.main`: the dashboard, wired: messaging, questions and live changes."""

import asyncio
from contextlib import suppress

from fastapi import FastAPI

from services.dashboard.live.hub import Hub
from services.dashboard.live.listener import Listener
from services.dashboard.projections import HANDLERS
from services.dashboard.queries import ROUTERS
from services.dashboard.queries.asking import QuestionConnections
from services.dashboard.settings import NAME, PORT, DashboardSettings
from shared.database.engine import create_engine
from shared.http.service import create_app, serve
from shared.messaging.runtime import Messaging


def create(settings: DashboardSettings) -> FastAPI:
    """Get the dashboard as an app; nothing is connected until it starts."""
    url = settings.dashboard_database_url.get_secret_value()
    messaging = Messaging(NAME, create_engine(url, settings.database_connections), HANDLERS, settings)
    questions = QuestionConnections.of(
        url, connections=settings.dashboard_query_connections, seconds=settings.dashboard_query_seconds
    )
    hub = Hub()
    listening: list[asyncio.Task[None]] = []

    async def started(_: FastAPI) -> None:
        listening.append(asyncio.create_task(Listener(url, hub).run()))

    async def stopping(_: FastAPI) -> None:
        for task in listening:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await questions.engine.dispose()

    app = create_app(
        messaging, internal_key=settings.internal_key.get_secret_value(), started=started, stopping=stopping
    )
    app.state.settings = settings
    app.state.questions = questions
    app.state.hub = hub
    for router in ROUTERS:
        app.include_router(router)
    return app


def main() -> None:
    """Run the dashboard until a signal stops it."""
    settings = DashboardSettings()
    serve(create(settings), settings, PORT)


if __name__ == "__main__":
    main()
