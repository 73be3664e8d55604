"""Settings of the local stack, its ports and its parts: environment variables `FLA_...` or lines of `.env`."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, field_validator

from deploy.checkout import ROOT
from deploy.setup.settings import SetupSettings

HOST = "127.0.0.1"


class StackPart(StrEnum):
    """A part of the stack that can be started by itself (`fla up --only kafka,postgres`)."""

    KAFKA = "kafka"
    POSTGRES = "postgres"
    IDENTITY_PROVIDER = "identity-provider"
    SIMULATORS = "simulators"
    SERVICES = "services"


SERVERS = frozenset({StackPart.KAFKA, StackPart.POSTGRES})
EVERYTHING = frozenset(StackPart)


@dataclass(frozen=True)
class Ports:
    """The TCP ports of one stack, all on 127.0.0.1; `offset` moves them together."""

    offset: int = 0

    @property
    def gateway(self) -> int:
        return 8080 + self.offset

    @property
    def registration(self) -> int:
        return 8081 + self.offset

    @property
    def entitlements(self) -> int:
        return 8082 + self.offset

    @property
    def dashboard(self) -> int:
        return 8083 + self.offset

    @property
    def identity_provider(self) -> int:
        return 8090 + self.offset

    @property
    def simulators(self) -> int:
        return 8091 + self.offset

    @property
    def kafka(self) -> int:
        return 9092 + self.offset

    @property
    def kafka_controller(self) -> int:
        return 9093 + self.offset

    @property
    def postgres(self) -> int:
        return 5442 + self.offset


class LocalSettings(SetupSettings):
    """Settings of the local stack; every field is an environment variable with the prefix `FLA_`."""

    port_offset: int = Field(0, ge=0, le=50000, description="Added to every port, so that several stacks fit.")
    cache_dir: Path = Field(Path("~/.cache/fla"), description="Downloads, shared by all checkouts.")
    oidc_issuer: str | None = Field(None, description="Existing OpenID Connect provider, used instead of the demo's.")
    representation_url: str | None = Field(
        None, description="Existing source of who represents which enterprise, used instead of the simulator."
    )
    kafka_heap_mb: int = Field(512, ge=256, description="Memory for the local Kafka's heap, in MiB.")
    start_timeout_seconds: int = Field(120, ge=5, description="How long each part may take to come up.")
    owner_pid: int | None = Field(None, description="Stop the whole stack when this process is gone (test runs).")
    demo_data: bool = Field(True, description="Load the fictional enterprises and people at the first start.")
    yes: bool = Field(False, description="Erase without asking (`make reset`).")

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, issuer: str | None) -> str | None:
        if issuer and (urlsplit(issuer).scheme not in ("http", "https") or not urlsplit(issuer).hostname):
            raise ValueError("it is the address of an OpenID Connect provider, https://…")
        return issuer

    @property
    def ports(self) -> Ports:
        return Ports(self.port_offset)

    @property
    def bootstrap(self) -> str:
        """Name the brokers in use: the existing ones that were named, else the local one."""
        return self.kafka_bootstrap or f"{HOST}:{self.ports.kafka}"

    @property
    def issuer(self) -> str:
        """Name the OpenID Connect issuer in use."""
        return self.oidc_issuer or f"http://{HOST}:{self.ports.identity_provider}"

    @property
    def local_parts(self) -> frozenset[StackPart]:
        """List what this stack runs itself: everything that no existing server was named for."""
        named = {
            StackPart.KAFKA: self.kafka_bootstrap,
            StackPart.POSTGRES: self.database_url,
            StackPart.IDENTITY_PROVIDER: self.oidc_issuer,
            StackPart.SIMULATORS: self.representation_url,
        }
        return frozenset(part for part in StackPart if not named.get(part))


def passed_on() -> dict[str, str]:
    """Collect all `FLA_...` settings of this environment and of `.env`, to be passed on to the services as they are."""
    from_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
    merged = from_file | {name: value for name, value in os.environ.items() if value}
    return {name: value for name, value in merged.items() if name.startswith("FLA_")}
