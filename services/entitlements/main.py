"""`python -m services.entitlements.main`: the entitlements service, wired."""

from fastapi import FastAPI

from services.entitlements.background import Background
from services.entitlements.bookkeeping.rules import load_rules
from services.entitlements.handlers import handlers
from services.entitlements.queries import ROUTERS
from services.entitlements.settings import PORT, EntitlementsSettings
from shared.database.engine import create_engine
from shared.http.service import create_app, serve
from shared.messaging.runtime import Messaging


def create(settings: EntitlementsSettings) -> FastAPI:
    """Wire the service's app; its messaging and its background work start with it."""
    rules = load_rules(settings)
    engine = create_engine(settings.entitlements_database_url.get_secret_value(), settings.database_connections)
    messaging = Messaging("entitlements", engine, handlers(rules), settings)
    background = Background(engine, messaging.relay, rules, settings)

    async def started(_: FastAPI) -> None:
        await background.start()

    async def stopping(_: FastAPI) -> None:
        await background.stop()

    app = create_app(
        messaging, internal_key=settings.internal_key.get_secret_value(), started=started, stopping=stopping
    )
    app.state.rules = rules
    for router in ROUTERS:
        app.include_router(router)
    return app


def main() -> None:
    """Run until a signal stops it."""
    settings = EntitlementsSettings()
    serve(create(settings), settings, PORT)


if __name__ == "__main__":
    main()
