"""Settings of the simulators."""

from typing import Final

from pydantic import Field, field_validator

from deploy.loopback_server import LoopbackServerSettings, require_loopback

_PORT: Final = 8091


class SimulatorSettings(LoopbackServerSettings):
    """Settings: the address, and `demo_dir`, which holds representatives.json. Anything but loopback is refused."""

    simulators_host: str = Field(default="127.0.0.1", description="Loopback address to listen on.")

    @field_validator("simulators_host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        return require_loopback(host)

    @property
    def host(self) -> str:
        return self.simulators_host

    @property
    def port(self) -> int:
        return _PORT + self.port_offset
