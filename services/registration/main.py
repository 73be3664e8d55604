"""`python -m services.registration.main`: the registration service, wired."""

from fastapi import FastAPI

from services.registration.handlers import HANDLERS
from services.registration.queries import ROUTERS
from services.registration.settings import PORT, RegistrationSettings
from shared.database.engine import create_engine
from shared.http.service import create_app, serve
from shared.messaging.runtime import Messaging


def create(settings: RegistrationSettings) -> FastAPI:
    """Get the service's app; its messaging starts with it."""
    engine = create_engine(settings.registration_database_url.get_secret_value(), settings.database_connections)
    messaging = Messaging("registration", engine, HANDLERS, settings)
    app = create_app(messaging, internal_key=settings.internal_key.get_secret_value())
    for router in ROUTERS:
        app.include_router(router)
    return app


def main() -> None:
    """Run until a signal stops it."""
    settings = RegistrationSettings()
    serve(create(settings), settings, PORT)


if __name__ == "__main__":
    main()
