"""The ASGI application of the demo identity provider."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from deploy.identity_provider.pages import STATIC
from deploy.identity_provider.provider import DemoIdentityProvider
from deploy.identity_provider.routes import authorize, discovery, end_session, token, userinfo
from deploy.loopback import LoopbackOnly


def create_app(provider: DemoIdentityProvider, home: str) -> FastAPI:
    """Create the application. `home`: where someone who opens the bare address is sent, the gateway's pages."""
    app = FastAPI(title="Demo identity provider", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(LoopbackOnly)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for part in (discovery, authorize, token, userinfo, end_session):
        app.include_router(part.routes(provider))

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "UP"}

    @app.get("/")
    async def to_the_gateway() -> RedirectResponse:
        return RedirectResponse(home, status_code=303)

    return app
