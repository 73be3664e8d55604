"""A server of the demo, which asks for no password and is therefore open to this machine only: settings and start."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

import uvicorn
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.types import ASGIApp

from deploy.checkout import ROOT
from deploy.loopback import is_loopback
from shared.http.protocol import Protocol


class LoopbackServerSettings(BaseSettings):
    """Settings that every such server reads from `FLA_...` variables or lines of `.env`."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FLA_", env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore"
    )

    port_offset: int = Field(default=0, description="Added to every default port, for a second stack.")
    demo_dir: Path = Field(default=ROOT / "deploy" / "demo", description="Folder with the demo's files.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @property
    def host(self) -> str:
        """Give the loopback address to listen on."""
        raise NotImplementedError

    @property
    def port(self) -> int:
        raise NotImplementedError


Settings = TypeVar("Settings", bound=LoopbackServerSettings)


def require_loopback(host: str) -> str:
    """Check the address to listen on. Raises ValueError for any that others can reach."""
    if not is_loopback(host):
        raise ValueError(f"it never listens on {host}: loopback only")
    return host


def serve(name: str, settings_class: type[Settings], create_app: Callable[[Settings], ASGIApp]) -> int:
    """Run a server until it gets a signal to stop. Exit code 2: the settings would open it to others; not started."""
    try:
        settings = settings_class()
    except ValidationError as error:
        for problem in error.errors():
            print(f"{name} did not start: {problem['msg']}", file=sys.stderr)
        return 2
    uvicorn.run(
        create_app(settings),
        http=Protocol,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    return 0
