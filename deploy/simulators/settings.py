"""Settings of the simulators."""

from pathlib import Path
from typing import ClassVar, Final

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.loopback import is_loopback

ROOT: Final = Path(__file__).resolve().parents[2]
_PORT: Final = 8091


class SimulatorSettings(BaseSettings):
    """Where they listen and what they know. Anything but loopback is refused."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FLA_", env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore"
    )

    simulators_host: str = Field(default="127.0.0.1", description="Loopback address to listen on.")
    port_offset: int = Field(default=0, description="Added to every default port, for a second stack.")
    demo_dir: Path = Field(default=ROOT / "deploy" / "demo", description="Folder with representatives.json.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("simulators_host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if not is_loopback(host):
            raise ValueError(f"they never listen on {host}: loopback only")
        return host

    @property
    def port(self) -> int:
        return _PORT + self.port_offset
