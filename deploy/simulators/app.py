"""The ASGI application of the simulators."""

from pathlib import Path

from fastapi import FastAPI

from deploy.loopback import LoopbackOnly
from deploy.simulators import representation


def create_app(folder: Path) -> FastAPI:
    """Create the application with the demo files of this folder."""
    app = FastAPI(title="Simulators of the authentic sources", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(LoopbackOnly)
    app.include_router(representation.routes(folder / "representatives.json"))

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "UP"}

    return app
