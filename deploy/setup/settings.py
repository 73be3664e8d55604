"""Settings of the setup, the servers and the state folder: environment variables `FLA_...` or lines of `.env`."""

from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.checkout import ROOT, absolute
from deploy.setup.topics import PARTITIONS


class SetupSettings(BaseSettings):
    """Settings of the setup; every field is an environment variable with the prefix `FLA_`."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FLA_", env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore"
    )

    state_dir: Path = Field(Path(".local"), description="Data, logs and secrets of this stack.")
    kafka_bootstrap: str | None = Field(None, description="Brokers of an existing Kafka, used instead of a local one.")
    database_url: str | None = Field(None, description="Administrator's URL of an existing PostgreSQL, used instead.")
    topic_partitions: int = Field(PARTITIONS, ge=1, le=1000, description="Partitions of each topic when it is created.")

    @field_validator("state_dir", "cache_dir", check_fields=False)
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return absolute(path)

    @field_validator("kafka_bootstrap")
    @classmethod
    def _brokers(cls, bootstrap: str | None) -> str | None:
        for address in bootstrap.split(",") if bootstrap else ():
            host, _, port = address.strip().rpartition(":")
            if not host or not port.isdecimal():
                raise ValueError("it names brokers as host:port, separated by commas")
        return bootstrap

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, url: str | None) -> str | None:
        """Check the URL; the error does not repeat it, as it holds a password."""
        form = "it has the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        try:
            right = not url or (urlsplit(url).scheme in ("postgresql", "postgres") and urlsplit(url).port != 0)
        except ValueError as error:
            raise ValueError(form) from error
        if not right:
            raise ValueError(form)
        return url

    @property
    def logs(self) -> Path:
        return self.state_dir / "logs"
